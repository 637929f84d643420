"""Rows in files that people open: CSV or xlsx, written whole or not at all.

What is written never runs as a formula: a text that a spreadsheet would take for one gets an
apostrophe in front, which reading takes off again.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from onething import disk
from onething.errors import InvalidInput

FILE_BYTES = 20 * 1024 * 1024
"""The largest file that is read."""
_UNPACKED_BYTES = 200 * 1024 * 1024
"""The most that an xlsx file may unfold to."""
_MOST_ROWS = 100_000
_MOST_CELLS = 300
_MOST_CHARS = 32_000
"""A cell of a spreadsheet holds no more."""
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
SUFFIXES = (".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: texts by column, and what is wrong with cells already."""

    cells: dict[str, str]
    fault: str = ""


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows into a new file, atomically: it is there whole, on disk, or not at all.

    Raises:
        OSError: The disk is full, or the folder is gone.
    """
    table = [header, *rows]
    content = _xlsx(table) if path.suffix == ".xlsx" else _csv(table)
    disk.write(path, content)


def read(path: Path) -> tuple[list[str], list[Row]]:
    """Return the header and the rows of a file, empty rows left out.

    Raises:
        InvalidInput: It is no such file, or larger than allowed.
    """
    if path.stat().st_size > FILE_BYTES:
        raise InvalidInput(f"The file is larger than {FILE_BYTES} bytes")
    rows = _rows_of_xlsx(path) if path.suffix.lower() == ".xlsx" else _rows_of_csv(path)
    header = [text.strip() for text in next(rows, Row({})).cells.values()]
    while header and not header[-1]:
        header.pop()
    if not header or len(set(header)) < len(header):
        raise InvalidInput("The first row names no columns, or one twice")
    found = []
    for row in rows:
        if any(row.cells.values()):
            found.append(_named(header, row))
        if len(found) > _MOST_ROWS:
            raise InvalidInput(f"The file has more than {_MOST_ROWS} rows")
    return header, found


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; numbers stay as they are."""
    clean = _CONTROL.sub(" ", text)[:_MOST_CHARS]
    is_formula = _FORMULA.match(clean) or (clean[:1] == "'" and _FORMULA.match(clean, 1))
    return f"'{clean}" if is_formula and not _NUMBER.fullmatch(clean) else clean


def plain(text: str) -> str:
    """Return the text that `neutral` was given."""
    is_marked = text[:1] == "'" and neutral(text[1:]) == text
    return text[1:] if is_marked else text


def _csv(table: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([neutral(cell) for cell in row] for row in table)
    return b"\xef\xbb\xbf" + text.getvalue().encode()  # without the mark Excel reads another code


def _xlsx(table: Iterable[Sequence[str]]) -> bytes:
    # Loaded here: every process would wait for it, and few ever need it.
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("onething")
    for row in table:
        sheet.append([neutral(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _named(header: Sequence[str], row: Row) -> Row:
    cells = list(row.cells.values())
    texts = cells + [""] * (len(header) - len(cells))
    too_many = "there are more cells than columns" if any(cells[len(header) :]) else ""
    return Row(dict(zip(header, texts, strict=False)), row.fault or too_many)


def _numbered(texts: Iterable[str], fault: str = "") -> Row:
    return Row({str(at): text for at, text in enumerate(texts)}, fault)


def _rows_of_csv(path: Path) -> Iterator[Row]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _chinese(content)
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            if len(row) > _MOST_CELLS:
                raise InvalidInput(f"A row has more than {_MOST_CELLS} cells")
            yield _numbered(row)
    except csv.Error as error:
        raise InvalidInput(f"The file is no CSV: {error}") from None


def _chinese(content: bytes) -> str:
    """Decode as a Chinese spreadsheet saves CSV."""
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        raise InvalidInput("The file is neither UTF-8 nor GB 18030") from None


def _rows_of_xlsx(path: Path) -> Iterator[Row]:
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        _require_small(path)
        book = load_workbook(path, read_only=True)
        try:
            for row in book.worksheets[0].iter_rows(max_col=_MOST_CELLS):
                fault = "; ".join(sorted({_fault(cell) for cell in row} - {""}))
                yield _numbered([_text(cell.value) for cell in row], fault)
        finally:
            book.close()
    except (InvalidInput, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - the reader raises whatever broken XML makes it
        raise InvalidInput(f"The file is no xlsx: {type(error).__name__}") from None


def _require_small(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        if sum(one.file_size for one in packed.infolist()) > _UNPACKED_BYTES:
            raise InvalidInput("The file unfolds to more than is allowed")


def _fault(cell: Any) -> str:  # noqa: ANN401 - a cell of openpyxl
    kinds = {"f": "a formula stands in a cell", "e": "an error stands in a cell"}
    return kinds.get(cell.data_type, "")


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
