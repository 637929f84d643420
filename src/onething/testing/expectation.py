"""What a scenario expects, compared with what came of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from onething import cases, clocks, documents, engine, incidents, instances, notices
from onething.clocks import Clock
from onething.errors import CaseAlreadyOpen, OnethingError
from onething.feel.json import canonical
from onething.runtime import current_state

if TYPE_CHECKING:
    from onething.testing.player import Run


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that came otherwise."""

    message: str

    def __str__(self) -> str:
        return self.message


def check(run: "Run", expect: Mapping[str, Any]) -> list[Failure]:
    """Return what differs from one expectation."""
    failures: list[Failure] = []
    for name, wanted in expect.items():
        try:
            failures += map(Failure, _CHECKS[name](run, wanted) if name in _CHECKS else ())
        except OnethingError as error:
            failures.append(Failure(f"{name} cannot be compared: {error.message}"))
    return failures


def _open(run: "Run", wanted: list[str]) -> Iterator[str]:
    found = sorted(run.open_tasks())
    if found != sorted(wanted):
        yield f"open tasks are {found}, expected {sorted(wanted)}"


def _case(run: "Run", wanted: Mapping[str, Any]) -> Iterator[str]:
    with run.host.database.read() as conn:
        row = cases.get(conn, run.case_no)
    for name, value in wanted.items():
        found = getattr(row, name)
        if found != value:
            yield f"the case's {name} is {found}, expected {value}"


def _item(run: "Run", wanted: Mapping[str, str]) -> Iterator[str]:
    with run.host.database.read() as conn:
        rows = cases.items(conn, cases.get(conn, run.case_no).instance_id)
    states = {row.item_id: row.state for row in rows}
    for item, value in wanted.items():
        if states.get(item) != value:
            yield f"the item {item} is {states.get(item)}, expected {value}"


def _documents(run: "Run", wanted: list[str]) -> Iterator[str]:
    with run.host.database.read() as conn:
        rows = documents.of_case(conn, cases.get(conn, run.case_no).instance_id)
    missing = Counter(wanted) - Counter(row.template for row in rows)
    if missing:
        found = sorted(row.template for row in rows)
        yield f"documents {sorted(missing.elements())} are missing; issued: {found}"


def _not_documents(run: "Run", unwanted: list[str]) -> Iterator[str]:
    with run.host.database.read() as conn:
        rows = documents.of_case(conn, cases.get(conn, run.case_no).instance_id)
    found = {row.template for row in rows} & set(unwanted)
    if found:
        yield f"documents {sorted(found)} were issued"


def _notices(run: "Run", wanted: list[str]) -> Iterator[str]:
    with run.host.database.read() as conn:
        rows = notices.of_case(conn, cases.get(conn, run.case_no).instance_id)
    missing = Counter(wanted) - Counter(row.template for row in rows)
    if missing:
        found = sorted(row.template for row in rows)
        yield f"notices {sorted(missing.elements())} are missing; sent: {found}"


def _sent(run: "Run", wanted: list[Mapping[str, Any]]) -> Iterator[str]:
    received = run.world.received(run.case_no)
    for one in wanted:
        bodies = [call["body"] for call in received if call["operation"] == one["operation"]]
        if not any(_holds(body, one.get("with", {})) for body in bodies):
            yield f"{one['operation']} was not sent {dict(one.get('with', {}))}; sent: {bodies}"


def _not_sent(run: "Run", unwanted: list[str]) -> Iterator[str]:
    operations = {call["operation"] for call in run.world.received(run.case_no)}
    for one in unwanted:
        if one in operations:
            yield f"{one} was sent"


def _error(run: "Run", wanted: Mapping[str, Any]) -> Iterator[str]:
    error = run.errors.get(int(wanted["step"]))
    if error is None:
        yield f"step {wanted['step']} was accepted, expected an error"
        return
    code = wanted.get("code")
    if code is not None and error.code != code:
        yield f"step {wanted['step']}: {error.code} ({error.message}), expected {code}"
    fields = getattr(error, "fields", {})
    missing = [path for path in wanted.get("fields", ()) if path not in fields]
    if missing:
        yield f"step {wanted['step']}: no message for {missing}; messages: {dict(fields)}"
    if isinstance(error, CaseAlreadyOpen) and error.case_no not in run.case_nos:
        yield f"step {wanted['step']}: the open case {error.case_no} is none of this scenario"


def _variables(run: "Run", wanted: Mapping[str, Any]) -> Iterator[str]:
    with run.host.database.read() as conn:
        row = instances.get(conn, cases.get(conn, run.case_no).instance_id)
        found = engine.variables(current_state(run.host, conn, row))
    for path, value in wanted.items():
        at = _at(found, path)
        if canonical(at) != canonical(value) and not (
            isinstance(value, Mapping) and _holds(at, value)
        ):
            yield f"the variable {path} is {at!r}, expected {value!r}"


def _incidents(run: "Run", wanted: int) -> Iterator[str]:
    with run.host.database.read() as conn:
        instance_id = cases.get(conn, run.case_no).instance_id
        rows = incidents.listing(conn, instance_id=instance_id)
    if len(rows) != wanted:
        told = [f"{row.activity}: {row.code} {row.message}" for row in rows]
        yield f"{len(rows)} incidents, expected {wanted}: {told}"


def _due(run: "Run", wanted: Mapping[str, Any]) -> Iterator[str]:
    """Compare due instants of open tasks, by activity, in the legal time zone."""
    with run.host.database.read() as conn:
        rows = run.live_tasks(conn)
    found = {
        row.activity: row.due_at.astimezone(run.host.zone).isoformat() if row.due_at else None
        for row in rows
    }
    for activity, value in wanted.items():
        if not str(found.get(activity) or "").startswith(str(value)):
            yield f"{activity} is due {found.get(activity)}, expected {value}"


def _clocks(run: "Run", wanted: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Compare clocks by id: state, first day, last days of both legs, kinds of entries."""
    with run.host.database.read() as conn:
        rows = clocks.of_case(conn, cases.get(conn, run.case_no).instance_id)
    found = {row.clock_id: _told(row, run.host.zone) for row in rows}
    for clock_id, values in wanted.items():
        if clock_id not in found:
            yield f"there is no clock {clock_id}; there are {sorted(found)}"
            continue
        for name, value in values.items():
            at = found[clock_id].get(name)
            if at != value:
                yield f"the clock {clock_id}: {name} is {at}, expected {value}"


def _told(clock: Clock, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "state": clock.state,
        "started_on": clock.started_on,
        "statutory_on": _last_day(clock.statutory_due_at, zone),
        "promised_on": _last_day(clock.promised_due_at, zone),
        "entries": [entry.kind for entry in clock.entries],
    }


def _last_day(due_at: datetime | None, zone: ZoneInfo) -> date | None:
    """Return the last day in time: the one before the first instant that is too late."""
    return None if due_at is None else (due_at - timedelta(seconds=1)).astimezone(zone).date()


def _holds(found: Any, wanted: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a value holds at least what is wanted."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            name in found and _holds(found[name], value) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and all(
            any(_holds(one, value) for one in found) for value in wanted
        )
    return bool(found == wanted)


def _at(value: Any, path: str) -> Any:  # noqa: ANN401 - any JSON value
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


_CHECKS: dict[str, Callable[..., Iterator[str]]] = {
    "open": _open,
    "case": _case,
    "item": _item,
    "documents": _documents,
    "not_documents": _not_documents,
    "notices": _notices,
    "sent": _sent,
    "not_sent": _not_sent,
    "error": _error,
    "variables": _variables,
    "incidents": _incidents,
    "due": _due,
    "clocks": _clocks,
}
