"""How one request becomes one answer: faults, idempotency keys, records, log."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import onething.simulator.departments  # noqa: F401 - importing it fills ANSWERS
from onething.connectors import Operation, operations
from onething.errors import DepartmentRefused
from onething.feel.json import canonical, parse
from onething.now import Clock, system_clock
from onething.simulator.callbacks import Callbacks
from onething.simulator.desk import ANSWERS, ZONE, Desk
from onething.simulator.doors import Doors
from onething.simulator.faults import Faults, Mode
from onething.simulator.records import Records, Row

__all__ = ["Exchange", "Reply", "Request"]

_TABLES = """
CREATE TABLE IF NOT EXISTS received (
    id INTEGER PRIMARY KEY, at TEXT, operation TEXT, "case" TEXT, purpose TEXT, "key" TEXT,
    body TEXT, status INTEGER, answer TEXT
);
CREATE TABLE IF NOT EXISTS answered (
    "key" TEXT PRIMARY KEY, operation TEXT, body TEXT, answer TEXT
);
"""
_STATUS = {"NO_RECORD": 404, "CONFLICT": 409, "REVOKED": 410}
_FORCED = {"no_record": "NO_RECORD", "conflict": "CONFLICT", "revoked": "REVOKED"}
_HUGE_BYTES = 2 * 1024**3
_OK = 200
_SLOW_S = 0.5
_TOO_LATE_S = 1.0


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller sends to a department."""

    operation: str
    body: Any
    key: str
    """The idempotency key, or an empty text."""
    case: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a department answers: HTTP status and content."""

    status: int
    content: bytes
    content_type: str = "application/json"
    huge_bytes: int = 0
    """So many bytes are sent in place of the content."""


class Exchange:
    """Answers requests from records.

    ``pause`` waits in seconds where a fault asks for it; a run within one process passes one
    that does not wait, and sees the late answer as a 504.
    """

    def __init__(
        self,
        records: Records,
        clock: Clock = system_clock,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.records = records
        self.faults = Faults()
        self.doors = Doors(self.timestamp)
        self.callbacks = Callbacks(self.timestamp)
        self._clock = clock
        self._pause = pause
        records.connection.executescript(_TABLES)

    def timestamp(self) -> float:
        """Return the present instant in seconds since 1970."""
        return self._clock().timestamp()

    def answer(self, request: Request) -> Reply:
        """Answer one request and log it."""
        operation = operations().get(request.operation)
        if operation is None or operation.id not in ANSWERS:
            reply = _error(404, "NO_OPERATION", f"no operation {request.operation}")
        elif not operation.input_check.is_valid(request.body):
            reply = _error(422, "INVALID", "the request does not follow its contract")
        elif operation.changes and not request.key:
            reply = _error(400, "NO_KEY", "a change needs an Idempotency-Key")
        else:
            mode = self.faults.take(operation.department, operation.id)
            reply = self._reply(operation, request, mode)
        self._log(request, reply)
        return reply

    def received(self, case: str | None = None) -> list[Row]:
        """Return the logged requests in order, all or those of one case."""
        with self.records.transaction():
            rows = self.records.connection.execute(
                'SELECT * FROM received WHERE ? IS NULL OR "case" = ? ORDER BY id', (case, case)
            ).fetchall()
        return [
            {**dict(row), "body": parse(row["body"]), "answer": _logged(row["answer"])}
            for row in rows
        ]

    def forget(self) -> None:
        """Forget records, log, keys and faults."""
        self.faults.clear()
        self.doors.clear()
        self.callbacks.clear()
        with self.records.transaction():
            self.records.clear()
            self.records.connection.execute("DELETE FROM received")
            self.records.connection.execute("DELETE FROM answered")

    def _reply(self, operation: Operation, request: Request, mode: Mode | None) -> Reply:
        instead = _instead(mode)
        if instead is not None:
            return instead
        if mode == "slow":
            self._pause(_SLOW_S)
        reply = self._work(operation, request)
        if mode == "later":
            self.callbacks.report(operation.department, _report(request, reply))
            return _error(202, "TAKEN", "已受理，稍后答复")
        if mode == "timeout":
            self._pause(operation.timeout_s + _TOO_LATE_S)
            return _error(504, "UNAVAILABLE", "应答超时")
        return reply

    def _work(self, operation: Operation, request: Request) -> Reply:
        """Do the work once for each key; refusals change nothing and are not remembered."""
        body = canonical(request.body).decode()
        try:
            with self.records.transaction():
                known = self._remembered(request, body) if operation.deduplicates else None
                if known is not None:
                    return known
                now = self._clock().astimezone(ZONE)
                desk = Desk(self.records, operation, now)
                told = ANSWERS[operation.id](desk, request.body)
                content = canonical(_declared(operation, told))
                if operation.deduplicates:
                    self._remember(request, body, content)
        except DepartmentRefused as refusal:
            return _error(_STATUS[refusal.reason], refusal.reason, refusal.message)
        return Reply(200, content)

    def _remembered(self, request: Request, body: str) -> Reply | None:
        row = self.records.connection.execute(
            'SELECT operation, body, answer FROM answered WHERE "key" = ?', (request.key,)
        ).fetchone()
        if row is None:
            return None
        if (row["operation"], row["body"]) != (request.operation, body):
            return _error(422, "KEY_REUSED", "the key was used for another request")
        return Reply(200, row["answer"].encode())

    def _remember(self, request: Request, body: str, content: bytes) -> None:
        if request.key:
            self.records.connection.execute(
                "INSERT INTO answered VALUES (?, ?, ?, ?)",
                (request.key, request.operation, body, content.decode()),
            )

    def _log(self, request: Request, reply: Reply) -> None:
        with self.records.transaction():
            self.records.connection.execute(
                'INSERT INTO received (at, operation, "case", purpose, "key", body, status, answer)'
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self._clock().isoformat(),
                    request.operation,
                    request.case,
                    request.purpose,
                    request.key,
                    canonical(request.body).decode(),
                    reply.status,
                    reply.content.decode(),
                ),
            )


def _declared(operation: Operation, told: Row) -> Row:
    """Keep what the contract names and stands in the records."""
    fields = operation.answer["properties"]
    return {name: told[name] for name in fields if told.get(name) is not None}


def _instead(mode: Mode | None) -> Reply | None:
    """Return the answer of a department that does nothing; None where it works."""
    if mode == "down":
        return _error(503, "UNAVAILABLE", "系统维护中")
    if mode == "rubbish":
        return Reply(200, "<html>系统繁忙</html>".encode(), "text/html; charset=utf-8")
    if mode == "huge":
        return Reply(200, b"", huge_bytes=_HUGE_BYTES)
    if mode in _FORCED:
        return _error(_STATUS[_FORCED[mode]], _FORCED[mode], "模拟故障")
    return None


def _report(request: Request, reply: Reply) -> dict[str, Any]:
    """Return the webhook that tells what came of a call."""
    told = parse(reply.content)
    of_call = {"key": request.key, "operation": request.operation}
    if reply.status == _OK:
        return {"kind": "answer", **of_call, "answer": told}
    return {"kind": "refusal", **of_call, "reason": told["code"], "message": told["message"]}


def _error(status: int, code: str, message: str) -> Reply:
    return Reply(status, canonical({"code": code, "message": message}))


def _logged(answer: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the logged answer; rubbish as its text."""
    try:
        return parse(answer)
    except ValueError:
        return answer
