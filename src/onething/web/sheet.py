"""One table as a workbook."""

from collections.abc import Collection, Iterable, Sequence
from io import BytesIO

from flask import Response

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | int | float | None
_PERCENT = "0.0%"
_WIDTH = 22


def workbook(
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    percents: Collection[int] = (),
) -> bytes:
    """Return an .xlsx file with one sheet.

    Args:
        title: The sheet's name.
        heads: The columns' names.
        rows: Values by column. A text is never read as a formula.
        percents: Numbers of the columns, from 1, whose values are shares.
    """
    # Loaded here: every other page, and every start, would wait for it.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append(list(heads))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(list(row))
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(sheet.max_row, column)
            if isinstance(value, str):
                cell.data_type = "s"
            if column in percents:
                cell.number_format = _PERCENT
    for column in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    sheet.freeze_panes = "A2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def download(data: bytes, name: str) -> Response:
    """Return a workbook as an answer that the browser saves."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype=TYPE, headers=headers)
