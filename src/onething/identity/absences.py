"""Read who is away, and who stands in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, or_, select

from onething.errors import NotFound
from onething.identity.actor import Actor, StandIn
from onething.identity.models import absence
from onething.identity.people import workers

KINDS = ("leave", "duty", "training", "other")
"""What an absence may be called. Illness is a leave: nobody writes what somebody suffers from."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which a person is away from the posts of one department."""

    absence_id: int
    user: str
    department: str
    first_on: date
    last_on: date
    kind: str
    substitute: str | None
    """Who stands in; None where nobody was found."""
    note: str
    entered_by: str
    entered_at: datetime
    withdrawn_at: datetime | None

    def holds_on(self, day: date) -> bool:
        """Whether the person is away on a day."""
        return self.withdrawn_at is None and self.first_on <= day <= self.last_on


def absences(conn: Connection, department: str, first: date, last: date) -> list[Absence]:
    """Return the absences of a department that touch some days, by their first day."""
    query = (
        select(absence)
        .where(absence.c.department == department, absence.c.withdrawn_at.is_(None))
        .where(absence.c.last_on >= first, absence.c.first_on <= last)
        .order_by(absence.c.first_on, absence.c.user)
    )
    return [Absence(*row) for row in conn.execute(query)]


def get_absence(conn: Connection, absence_id: int) -> Absence:
    """Return an absence, a withdrawn one too; raise NotFound when there is none."""
    row = conn.execute(select(absence).where(absence.c.absence_id == absence_id)).first()
    if row is None:
        raise NotFound(f"No absence {absence_id}")
    return Absence(*row)


def away_on(conn: Connection, department: str, day: date) -> dict[str, Absence]:
    """Return who of a department is away on a day, by account."""
    return {one.user: one for one in absences(conn, department, day, day)}


def cover_of(away: Mapping[str, Absence], people: Iterable[Actor], user: str) -> Actor | None:
    """Return who stands in for an absent person; None for nobody, or for who is away as well.

    Args:
        away: Who is away that day, by account.
        people: Who works in the department.
        user: The absent person.
    """
    told = away.get(user)
    if told is None or told.substitute is None or told.substitute in away:
        return None
    return next((one for one in people if one.user == told.substitute), None)


def present(conn: Connection, actor: Actor, day: date) -> Actor:
    """Return a person with what their and their colleagues' absences mean to them on a day."""
    if actor.department is None or not actor.roles & {"clerk", "supervisor"}:
        return actor
    query = (
        select(absence)
        .where(absence.c.department == actor.department, absence.c.withdrawn_at.is_(None))
        .where(absence.c.last_on >= day, absence.c.first_on <= day)
        .where(or_(absence.c.user == actor.user, absence.c.substitute == actor.user))
    )
    found = [Absence(*row) for row in conn.execute(query)]
    own = next((one for one in found if one.user == actor.user), None)
    if own is not None:
        return replace(actor, absent_until=own.last_on)
    return replace(actor, stands_in=_stand_ins(conn, actor, found)) if found else actor


def _stand_ins(conn: Connection, actor: Actor, found: list[Absence]) -> tuple[StandIn, ...]:
    """Return every post of those who are away: who has lost the department has no tasks in it."""
    until = {one.user: one.last_on for one in found}
    return tuple(
        StandIn(one.user, one.name, one.post, one.region, until[one.user])
        for one in workers(conn, actor.department or "")
        if one.user in until
    )
