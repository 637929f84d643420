"""Replay: execute histories again and compare the state after every event."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from onething import cases, clocks, history, instances
from onething.clocks import Clock
from onething.errors import OnethingError
from onething.history import Event
from onething.instances import InstanceRow
from onething.runtime.host import Host
from onething.runtime.rebuild import replay_events


@dataclass(frozen=True, slots=True)
class Verdict:
    """What replaying one instance showed."""

    instance_id: str
    case_no: str
    events: int
    diverges_at: int | None = None
    """Sequence of the first event whose state differs, or None."""
    problem: str | None = None
    is_erased: bool = False
    """Its personal values were erased as the law asks: nothing is left to execute."""
    is_archived: bool = False
    """Its history is in an archive file: it is executed once it is restored."""

    @property
    def is_clean(self) -> bool:
        """Whether every event gave the state that was recorded."""
        return self.diverges_at is None and self.problem is None


def replay(host: Host, case_no: str) -> Verdict:
    """Replay one case from its first event; no stored picture is read.

    Raises:
        NotFound: No such case.
    """
    with host.database.read() as conn:
        row = instances.get(conn, cases.get(conn, case_no).instance_id)
    return _verdict(host, row)


def replay_all(host: Host) -> Iterator[Verdict]:
    """Replay every instance, by id."""
    with host.database.read() as conn:
        rows = list(instances.every(conn))
    for row in rows:
        yield _verdict(host, row)


def _verdict(host: Host, row: InstanceRow) -> Verdict:
    events = 0
    found: dict[str, Clock] = {}
    with host.database.read() as conn:
        case_no = row.case_no
        is_erased = host.keys.is_erased(conn, row.instance_id)
        is_archived = history.archive_of(conn, row.instance_id) is not None
        if is_erased or is_archived:
            return Verdict(
                row.instance_id,
                case_no,
                row.sequence,
                is_erased=is_erased,
                is_archived=is_archived,
            )
        try:
            for one in replay_events(host, conn, row):
                events = one.event.sequence
                found = _folded(found, one.event)
                if one.diverges:
                    return Verdict(row.instance_id, case_no, events, diverges_at=events)
        except OnethingError as error:
            return Verdict(row.instance_id, case_no, events, problem=error.message)
        differs = _differing(found, clocks.of_case(conn, row.instance_id))
    if events != row.sequence:
        told = f"{events} events, but the instance stands at {row.sequence}"
        return Verdict(row.instance_id, case_no, events, problem=told)
    if differs:
        told = f"the clocks {', '.join(differs)} stand otherwise than their history says"
        return Verdict(row.instance_id, case_no, events, problem=told)
    return Verdict(row.instance_id, case_no, events)


def _folded(found: Mapping[str, Clock], event: Event) -> dict[str, Clock]:
    """Return the clocks of a case after one more event."""
    return clocks.fold(
        event.instance_id,
        found,
        event.effects.get("clocks", ()),
        sequence=event.sequence,
        calendar_version=event.input.get("calendar", ""),
    )


def _differing(told: Mapping[str, Clock], kept: Iterable[Clock]) -> list[str]:
    """Return the ids of clocks whose rows are not what the history says.

    A new calendar that moves no due day is noted on the rows alone.
    """
    rows = {one.clock_id: replace(one, calendar_version="") for one in kept}
    wanted = {name: replace(one, calendar_version="") for name, one in told.items()}
    return sorted(name for name in rows | wanted if rows.get(name) != wanted.get(name))
