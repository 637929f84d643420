"""File drop: calls go out as rows of files, answers come back as rows of files.

The folder of a department has ``out`` (calls for it), ``in`` (its answers), ``done`` and
``errors``. A call is kept as a file of its own until the next batch takes it along; a batch
that a crash interrupted is written again under the same name, with the same keys.
"""

import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn

from onething import disk
from onething.connectors import sheets
from onething.connectors.contracts import Operation, Schema, operations
from onething.connectors.departments_file import Folder
from onething.connectors.http import checked_inputs
from onething.connectors.sheets import Row
from onething.errors import AnswerPending, DepartmentUnavailable, InvalidInput
from onething.feel.json import canonical, parse

PARTS = ("out", "in", "done", "errors")
_OWN = ("key", "operation", "case_no", "purpose")
_TOLD = ("result", "message")
_DAY_S = 86_400
_TRUTHS = {"true": True, "是": True, "1": True, "false": False, "否": False, "0": False}


@dataclass(frozen=True, slots=True)
class Told:
    """What one row of answers says."""

    key: str
    operation: str
    reason: str
    """NO_RECORD, CONFLICT or REVOKED; empty where the call was answered."""
    message: str
    answer: dict[str, Any]


class Drop:
    """The exchange folder of one department.

    ``monotonic`` measures how long files have lain; tests give their own.
    """

    def __init__(
        self, department: str, terms: Folder, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.department = department
        self.terms = terms
        self._monotonic = monotonic
        self._next_batch = monotonic()
        self._seen: dict[str, tuple[tuple[int, int], float]] = {}

    def call(
        self,
        operation: Operation,
        inputs: Mapping[str, Any],
        idempotency_key: str,
        case_no: str,
        purpose: str = "",
    ) -> NoReturn:
        """Keep a call for the next batch; under the same key it is kept once.

        Raises:
            InvalidInput: The inputs do not follow the contract.
            DepartmentUnavailable: The folder is missing or full.
            AnswerPending: It is kept, and its answer comes by a file.
        """
        kept = {
            "key": idempotency_key,
            "operation": operation.id,
            "case_no": case_no,
            "purpose": purpose or operation.purpose,
            "inputs": checked_inputs(operation, inputs),
        }
        name = hashlib.sha256(idempotency_key.encode()).hexdigest()
        try:
            self._keep(self._part("out") / ".waiting", f"{name}.json", canonical(kept))
        except OSError as error:
            told = f"{self.terms.folder}: {error.strerror}"
            raise DepartmentUnavailable(told, may_have_acted=False) from error
        raise AnswerPending(self.terms.answer_within)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the folder for one worker; gives False where another one has it.

        Raises:
            OSError: The folder is missing.
        """
        with (self._part("out") / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def send(self, now: datetime) -> int:
        """Write the files of calls that are due; return how many files that were."""
        out = self._part("out")
        begun = sorted(out.glob(".batch-*"))
        waiting = out / ".waiting"
        if self._monotonic() >= self._next_batch and waiting.is_dir():
            self._next_batch = self._monotonic() + self.terms.batch_s
            begun += self._begin(out, sorted(waiting.glob("*.json")), now)
        return sum(self._finish(batch) for batch in begun)

    def arrived(self) -> list[Path]:
        """Return the files of answers that lie still; half-written ones are left alone."""
        now, found, seen = self._monotonic(), [], {}
        for entry in os.scandir(self._part("in")):
            is_draft = entry.name.startswith((".", "~")) or not entry.is_file(follow_symlinks=False)
            if is_draft or not entry.name.lower().endswith(sheets.SUFFIXES):
                continue
            stat = entry.stat()
            mark = (stat.st_size, stat.st_mtime_ns)
            known, since = self._seen.get(entry.name, (None, now))
            seen[entry.name] = (mark, since if mark == known else now)
            if now - seen[entry.name][1] >= self.terms.settle_s:
                found.append(Path(entry.path))
        self._seen = seen
        return sorted(found)

    def read(self, row: Row) -> Told:
        """Return what a row of answers says; raise InvalidInput for one that says nothing."""
        if row.fault:
            raise InvalidInput(row.fault)
        contract = operations().get(row.cells.get("operation", "").strip())
        if contract is None or contract.department != self.department:
            raise InvalidInput(f"operation names none of {self.department}")
        result = row.cells.get("result", "").strip().upper()
        if not result:
            raise InvalidInput("result is empty: OK, NO_RECORD, CONFLICT or REVOKED")
        is_answer = result == "OK"
        return Told(
            key=sheets.plain(row.cells.get("key", "").strip()),
            operation=contract.id,
            reason="" if is_answer else result,
            message=sheets.plain(row.cells.get("message", "")),
            answer=_answer(row, contract.answer) if is_answer else {},
        )

    def put_away(
        self, file: Path, header: Sequence[str], wrong: Sequence[tuple[Row, str]], now: datetime
    ) -> None:
        """Give wrong rows back in `errors`, in their own layout; move the file to `done`."""
        if wrong:
            columns = [name for name in header if name != "error"]
            rows = [[*(row.cells.get(name, "") for name in columns), told] for row, told in wrong]
            name = f"{now:%Y%m%dT%H%M%S}-{file.stem}{file.suffix.lower()}"
            sheets.write(self._part("errors") / name, [*columns, "error"], rows)
        self._move(file, "done", now)

    def refuse(self, file: Path, told: str, now: datetime) -> None:
        """Move a file that cannot be read to `errors`, with the reason beside it."""
        moved = self._move(file, "errors", now)
        self._keep(moved.parent, f"{moved.name}.txt", f"{told}\n".encode())

    def forget(self, now: datetime) -> int:
        """Delete files that are done with and older than they are kept; return how many."""
        limit = now.timestamp() - self.terms.keep_days * _DAY_S
        drafts = self._part("out").glob(f".*{disk.DRAFT}")
        kept = [*self._part("done").iterdir(), *drafts]
        old = [one for one in kept if one.stat().st_mtime < limit]
        for one in old:
            one.unlink(missing_ok=True)
        return len(old)

    def _begin(self, out: Path, waiting: Sequence[Path], now: datetime) -> list[Path]:
        """Sort calls that wait into one folder a file: what a crash leaves is found there."""
        begun: list[Path] = []
        by_operation: dict[str, list[Path]] = {}
        for one in waiting:
            by_operation.setdefault(parse(one.read_bytes())["operation"], []).append(one)
        for operation, files in by_operation.items():
            for at in range(0, len(files), self.terms.batch_rows):
                name = f".batch-{operation}-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
                batch = out / name
                batch.mkdir(0o700)
                for one in files[at : at + self.terms.batch_rows]:
                    one.replace(batch / one.name)
                disk.flush_names(batch)
                begun.append(batch)
        return begun

    def _finish(self, batch: Path) -> int:
        """Write the file of a batch, then let its calls go."""
        files = sorted(batch.glob("*.json"))
        calls = sorted((parse(one.read_bytes()) for one in files), key=lambda call: call["key"])
        if calls:
            contract = operations()[calls[0]["operation"]]
            name = f"{batch.name.removeprefix('.batch-')}.{self.terms.format}"
            rows = [_row(call, contract) for call in calls]
            sheets.write(batch.parent / name, _header(contract), rows)
        for one in files:
            one.unlink()
        for draft in batch.glob(".*"):
            draft.unlink()
        batch.rmdir()
        return bool(calls)

    def _move(self, file: Path, part: str, now: datetime) -> Path:
        moved = self._part(part) / f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}-{file.name}"
        file.replace(moved)
        os.utime(moved, (now.timestamp(), now.timestamp()))
        disk.flush_names(moved.parent)
        return moved

    def _keep(self, folder: Path, name: str, content: bytes) -> None:
        """Write one small file, whole and on disk."""
        folder.mkdir(mode=0o700, exist_ok=True)
        disk.write(folder / name, content)

    def _part(self, name: str) -> Path:
        """Return a part of the folder; `out` and `in` are there, or the folder counts as missing.

        A share that is not mounted looks like an empty folder: nothing may be written there.
        """
        part = self.terms.folder / name
        if name in ("out", "in"):
            part.stat()
        elif (self.terms.folder / "in").stat():
            part.mkdir(mode=0o700, exist_ok=True)
        return part


def _header(contract: Operation) -> list[str]:
    inputs = [f"in.{name}" for name in contract.inputs["properties"]]
    return [*_OWN, *inputs, *_TOLD, *(f"out.{name}" for name in contract.answer["properties"])]


def _row(call: Mapping[str, Any], contract: Operation) -> list[str]:
    inputs = [_cell(call["inputs"].get(name)) for name in contract.inputs["properties"]]
    empty = [""] * (len(_TOLD) + len(contract.answer["properties"]))
    return [*(call[name] for name in _OWN), *inputs, *empty]


def _cell(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical(value).decode()


def _answer(row: Row, schema: Schema) -> dict[str, Any]:
    """Return the answer that stands in the cells; empty cells are missing fields."""
    found = {}
    for name, part in schema["properties"].items():
        text = row.cells.get(f"out.{name}", "").strip()
        if text:
            found[name] = _value(text, part)
    return found


def _value(text: str, schema: Schema) -> Any:  # noqa: ANN401 - any JSON value
    """Return a cell's value as its schema wants it; what does not fit stays a text."""
    named = next((one for one in schema.get("anyOf", ()) if one != {"type": "null"}), schema)
    kind = named.get("type")
    if kind == "boolean":
        return _TRUTHS.get(text.lower(), text)
    if kind in ("number", "integer"):
        return _number(text)
    if kind in ("object", "array"):
        try:
            return parse(text.encode())
        except (ValueError, RecursionError):
            return text
    return sheets.plain(text)


def _number(text: str) -> Any:  # noqa: ANN401 - a number, or the text that is none
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    is_whole = number == number.to_integral_value() and abs(number.adjusted()) < _DIGITS
    return int(number) if is_whole else number


_DIGITS = 30
