"""A department without an API: it reads files of calls and writes files of answers."""

import threading
from pathlib import Path

import structlog

from onething.connectors import operations, sheets
from onething.connectors.contracts import Operation
from onething.connectors.sheets import Row
from onething.feel.json import canonical, parse
from onething.simulator.exchange import Exchange, Reply, Request

_LOOK_EVERY_S = 0.5
_OK = 200
_REFUSALS = (404, 409, 410)
_log = structlog.get_logger()


class Mailroom:
    """Answers the files in one exchange folder, from the records that the calls would meet."""

    def __init__(self, exchange: Exchange, folder: Path) -> None:
        self._exchange = exchange
        self._folder = folder

    def start(self) -> None:
        """Look for files until the process ends."""
        threading.Thread(target=self._watch, daemon=True).start()

    def answer_all(self) -> int:
        """Answer every file that lies there; return how many."""
        found = [one for one in sorted((self._folder / "out").iterdir()) if _is_file_of_calls(one)]
        for file in found:
            self._answer(file)
        return len(found)

    def _watch(self) -> None:
        wait = threading.Event()
        while not wait.wait(_LOOK_EVERY_S):
            try:
                self.answer_all()
            except Exception:  # noqa: BLE001 - the next look may go better
                _log.exception("mailroom")

    def _answer(self, file: Path) -> None:
        header, rows = sheets.read(file)
        answered = [one for row in rows if (one := self._row(header, row)) is not None]
        sheets.write(self._folder / "in" / file.name, header, answered)
        file.unlink()

    def _row(self, header: list[str], row: Row) -> list[str] | None:
        """Return a row with its answer; None where the department does not answer it."""
        operation = operations()[row.cells["operation"]]
        reply = self._exchange.answer(
            Request(
                operation=operation.id,
                body=_inputs(operation, row),
                key=row.cells["key"],
                case=row.cells["case_no"],
                purpose=row.cells["purpose"],
            )
        )
        told = _told(reply)
        return None if told is None else [(row.cells | told)[name] for name in header]


def _is_file_of_calls(file: Path) -> bool:
    return not file.name.startswith(".") and file.suffix in sheets.SUFFIXES


def _inputs(operation: Operation, row: Row) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, schema in operation.inputs["properties"].items():
        text = row.cells[f"in.{name}"]
        is_text = "string" in canonical(schema).decode() or "enum" in schema
        if text:
            found[name] = sheets.plain(text) if is_text else parse(text.encode())
    return found


def _told(reply: Reply) -> dict[str, str] | None:
    answer = parse(reply.content) if reply.status in (_OK, *_REFUSALS) else None
    if not isinstance(answer, dict):
        return None
    if reply.status != _OK:
        return {"result": answer["code"], "message": answer["message"]}
    cells = {
        f"out.{name}": value if isinstance(value, str) else canonical(value).decode()
        for name, value in answer.items()
    }
    return {"result": "OK", **cells}
