"""Retrace a case: execute its history again and tell where it stood after every event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from onething import cases, instances
from onething.engine import Passage, Step
from onething.errors import CaseArchived, NotFound
from onething.history import Event
from onething.identity import Actor
from onething.runtime.cases.view_case import Place, log_access
from onething.runtime.host import Host
from onething.runtime.permissions import sees_case
from onething.runtime.rebuild import ARCHIVED, MIGRATED, Replayed, replay_events


@dataclass(frozen=True, slots=True)
class Frame:
    """One event executed again, without personal values."""

    sequence: int
    kind: str
    at: datetime
    actor: str
    post: str | None
    absent: str | None
    """For whom the actor acted, if not in the own name."""
    began: list[Place]
    """Nodes that the event began, in order."""
    ended: list[Place]
    """Nodes that it ended."""
    places: list[Place]
    """Where tokens stand after it."""
    decisions: list[tuple[str, tuple[str, ...]]]
    """Decisions that were taken, each with the ids of the rules that matched."""
    number: int
    """Number of the deployment in which the case stands after it."""
    mapping: Mapping[str, str]
    """New ids by old ones, where the event migrated the case; else empty."""
    card: Mapping[str, str]
    """Colour and rule of the card of supervision that the event raised; else empty."""
    diverges: bool
    """Whether the state differs from the recorded one."""


def retrace(host: Host, actor: Actor, case_no: str) -> list[Frame]:
    """Return a case's frames, oldest first, and log the reading, a refused one too.

    Raises:
        NotFound: There is none, or it is not this person's to see.
        CaseArchived: The history is in an archive file.
        HistoryBroken: The history cannot be read or executed.
    """
    with host.database.read() as conn:
        case = cases.get(conn, case_no)
        allowed = sees_case(actor, conn, case)
        frames = _all_frames(host, conn, case.instance_id) if allowed else []
    log_access(host, actor, case_no, "replay", (), allowed=allowed)
    if not allowed:
        raise NotFound(f"No case {case_no}")
    return frames


def _all_frames(host: Host, conn: Connection, instance_id: str) -> list[Frame]:
    row = instances.get(conn, instance_id)
    if row.status == ARCHIVED:
        raise CaseArchived
    return list(_frames(replay_events(host, conn, row)))


def _frames(replayed: Iterable[Replayed]) -> Iterable[Frame]:
    live: dict[str, Place] = {}
    for one in replayed:
        if one.step is not None:
            _move(live, one.step)
        # `diverges` looks at the state, which the next step changes: it is asked here.
        yield _frame(one, list(dict.fromkeys(live.values())))


def _frame(one: Replayed, places: list[Place]) -> Frame:
    step = one.step or Step(None)
    return Frame(
        sequence=one.event.sequence,
        kind=one.event.kind,
        at=one.event.at,
        actor=one.event.actor,
        post=one.event.post,
        absent=one.event.on_behalf_of,
        began=[_place(passage) for passage in step.began],
        ended=[_place(passage) for passage in step.ended],
        places=places,
        decisions=[(taken.decision, taken.rules) for taken in step.decisions],
        number=one.definition.number,
        mapping=one.event.input["mapping"] if one.event.kind == MIGRATED else {},
        card=_card(one.event),
        diverges=one.diverges,
    )


def _card(event: Event) -> Mapping[str, str]:
    raised = event.input if event.kind == "CardRaised" else {}
    return {name: raised[name] for name in ("colour", "rule") if name in raised}


def _move(live: dict[str, Place], step: Step) -> None:
    for moved in step.moved:
        if moved.token in live:
            live[moved.token] = Place(moved.process, moved.activity)
    for passage in step.began:
        live[passage.token] = _place(passage)
    for passage in (*step.ended, *step.cancelled):
        live.pop(passage.token, None)


def _place(passage: Passage) -> Place:
    return Place(passage.process, passage.activity)
