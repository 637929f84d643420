"""Ask several departments at the same time, while a person waits.

These are look-ups for a page, not jobs of a case: nothing is tried again, and a department that
takes its time holds up neither the person nor the other departments.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import BoundedSemaphore, Lock
from typing import Any

import structlog

from onething.connectors import Connector, Operation
from onething.errors import DepartmentRefused, OnethingError
from onething.runtime.host import Host

LATE, AWAY, NONE = "late", "away", "none"
"""Why there is no answer: not in time, not reachable, or the department has none."""
_THREADS = 16
_CALLS_OF_ONE = 4
"""Calls of one department at a time: one that hangs must not take all threads."""

_log = structlog.get_logger()
_pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="shared data")
_gates: dict[str, BoundedSemaphore] = defaultdict(lambda: BoundedSemaphore(_CALLS_OF_ONE))
_gates_lock = Lock()

Answers = dict[str, dict[str, Any]]


def ask_together(
    host: Host,
    operations: Iterable[Operation],
    person: Mapping[str, Any],
    purposes: Mapping[str, str],
    wait_s: float,
) -> tuple[Answers, dict[str, str]]:
    """Ask operations about one person, all at once.

    Args:
        host: The node.
        operations: What to ask; each gets those of the person's values that it declares.
        person: What may be sent.
        purposes: The purpose of each call, by operation.
        wait_s: Seconds for all of them together.

    Returns:
        The answers that came in time, and why the others are missing, by operation.
    """
    way, wanted = host.departments, list(operations)
    if way is None:
        return {}, {one.id: AWAY for one in wanted}
    calls = {one.id: _begin(way, one, person, purposes[one.id]) for one in wanted}
    wait([call for call in calls.values() if call is not None], wait_s)
    answers: Answers = {}
    reasons: dict[str, str] = {}
    for name, call in calls.items():
        if call is None:
            reasons[name] = AWAY
        elif not call.done():
            call.cancel()
            reasons[name] = LATE
        else:
            _take(name, call, answers, reasons)
    return answers, reasons


def _begin(
    way: Connector, operation: Operation, person: Mapping[str, Any], purpose: str
) -> Future[dict[str, Any]] | None:
    """Begin a call; None where the department has as many of them as it may."""
    with _gates_lock:
        gate = _gates[operation.department]
    if not gate.acquire(blocking=False):
        return None
    inputs = {name: person[name] for name in operation.inputs["properties"] if name in person}
    call = _pool.submit(way.call, operation, inputs, secrets.token_hex(16), "", purpose)
    call.add_done_callback(lambda _call: gate.release())
    return call


def _take(
    name: str, call: Future[dict[str, Any]], answers: Answers, reasons: dict[str, str]
) -> None:
    try:
        answers[name] = call.result()
    except DepartmentRefused:
        reasons[name] = NONE
    except OnethingError as error:
        _log.warning("shared data not told", operation=name, error=error.code)
        reasons[name] = AWAY
