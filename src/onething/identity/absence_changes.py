"""Enter, change, end and withdraw an absence.

A person enters the own days, a supervisor those of everybody in the department. A substitute
works in the same department, at the same post or as its supervisor, and is there on these days.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from onething.db import Database
from onething.errors import AbsenceRefused, InvalidInput, NotAllowed, NotFound
from onething.identity.absences import KINDS, Absence, absences, get_absence
from onething.identity.actor import Actor
from onething.identity.models import absence, identity_change, person
from onething.identity.people import workers

LONGEST_NOTE = 200
MOST_DAYS = 366
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """What somebody enters of an absence."""

    user: str
    first_on: date
    last_on: date
    kind: str
    substitute: str | None = None
    """Who stands in; None: nobody was found."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is entered: the instant, and the legal day it belongs to."""

    at: datetime
    today: date


def enter_absence(database: Database, by: Actor, when: Moment, days: Days) -> int:
    """Enter days on which a person is away; return the absence's id.

    Raises:
        NotAllowed: The actor is neither the person nor a supervisor of the department.
        InvalidInput: A part is missing or does not fit; `fields` says which.
        AbsenceRefused: The days are over, or overlap; or the substitute cannot stand in.
    """
    _require(by, days.user)
    _check(days)
    if days.first_on < when.today:
        raise AbsenceRefused("past", f"{days.first_on} is over")

    def command(conn: Connection) -> int:
        _check_people(conn, by, days, None)
        row = {**_columns(days), "user": days.user, "department": by.department}
        row |= {"entered_by": by.user, "entered_at": when.at}
        new = insert(absence).returning(absence.c.absence_id)
        absence_id: int = conn.execute(new, row).scalar_one()
        _note(conn, by, when, "AbsenceEntered", days.user, _told(absence_id, days))
        return absence_id

    return database.write(command)


def change_absence(
    database: Database, by: Actor, when: Moment, absence_id: int, days: Days
) -> None:
    """Change an absence that is not over; the day on which it began stays once it has come.

    Raises:
        NotFound: No such absence for this person, or it was withdrawn.
        NotAllowed: The actor is neither the person nor a supervisor of the department.
        InvalidInput: A part is missing or does not fit; `fields` says which.
        AbsenceRefused: It is over, the days overlap, or the substitute cannot stand in.
    """
    _check(days)

    def command(conn: Connection) -> None:
        known = _found(conn, by, absence_id, when.today)
        if days.user != known.user:
            raise InvalidInput("An absence stays its person's", {"user": "Withdraw it instead"})
        is_begun = known.first_on < when.today
        if days.first_on != known.first_on and (is_begun or days.first_on < when.today):
            raise AbsenceRefused("begun" if is_begun else "past", f"{days.first_on} is over")
        if days.last_on < when.today:
            raise AbsenceRefused("past", f"{days.last_on} is over")
        _check_people(conn, by, days, absence_id)
        _update(conn, absence_id, _columns(days))
        _note(conn, by, when, "AbsenceChanged", days.user, _told(absence_id, days))

    database.write(command)


def end_absence(database: Database, by: Actor, when: Moment, absence_id: int) -> None:
    """End an absence today: the person is back. One that has not begun is withdrawn.

    Raises:
        NotFound: No such absence for this person, or it was withdrawn.
        NotAllowed: The actor is neither the person nor a supervisor of the department.
        AbsenceRefused: It is over already.
    """

    def command(conn: Connection) -> None:
        known = _found(conn, by, absence_id, when.today)
        if known.first_on >= when.today:
            _update(conn, absence_id, {"withdrawn_at": when.at})
            kind = "AbsenceWithdrawn"
        else:
            _update(conn, absence_id, {"last_on": when.today - _ONE_DAY})
            kind = "AbsenceEnded"
        _note(conn, by, when, kind, known.user, {"absence_id": absence_id})

    database.write(command)


def may_enter(by: Actor, user: str) -> bool:
    """Whether somebody enters a person's days in the own department."""
    if by.department is None:
        return False
    return "supervisor" in by.roles or ("clerk" in by.roles and by.user == user)


def substitutes(people: list[Actor], user: str) -> list[Actor]:
    """Return who of a department could stand in for a person: the same post, or its supervisor."""
    posts = {one.post for one in people if one.user == user}
    found = {
        one.user: one
        for one in people
        if one.user != user
        and (one.post is None or one.post in posts or None in posts or "supervisor" in one.roles)
    }
    return list(found.values())


def _require(by: Actor, user: str) -> None:
    if not may_enter(by, user):
        raise NotAllowed("An absence is entered by the person or a supervisor of the department")


def _found(conn: Connection, by: Actor, absence_id: int, today: date) -> Absence:
    found = get_absence(conn, absence_id)
    if found.department != by.department or found.withdrawn_at is not None:
        raise NotFound(f"No absence {absence_id}")
    _require(by, found.user)
    if found.last_on < today:
        raise AbsenceRefused("over", f"The absence ended on {found.last_on}")
    return found


def _check(days: Days) -> None:
    """Raise InvalidInput for what does not fit whoever enters it."""
    if days.kind not in KINDS:
        raise InvalidInput("No such kind of absence", {"kind": f"One of {', '.join(KINDS)}"})
    if days.last_on < days.first_on:
        told = "The last day is before the first"
        raise InvalidInput(told, {"last_on": told})
    if (days.last_on - days.first_on).days >= MOST_DAYS:
        told = f"At most {MOST_DAYS} days"
        raise InvalidInput(told, {"last_on": told})
    if len(days.note) > LONGEST_NOTE:
        told = f"At most {LONGEST_NOTE} characters"
        raise InvalidInput(told, {"note": told})


def _check_people(conn: Connection, by: Actor, days: Days, absence_id: int | None) -> None:
    """Raise for a person or a substitute whom the days do not fit; both wait for each other."""
    pair = sorted({days.user, days.substitute or days.user})
    conn.execute(select(person.c.user).where(person.c.user.in_(pair)).with_for_update()).all()
    people = workers(conn, by.department or "")
    if all(one.user != days.user for one in people):
        told = "Nobody of this department has this account"
        raise InvalidInput(told, {"user": told})
    known = absences(conn, by.department or "", days.first_on, days.last_on)
    others = [one for one in known if one.absence_id != absence_id]
    overlap = next((one for one in others if one.user == days.user), None)
    if overlap is not None:
        told = f"{overlap.first_on} to {overlap.last_on} is entered already"
        raise AbsenceRefused("overlap", told, _span(overlap))
    if days.substitute is not None:
        _check_substitute(days, people, others)


def _check_substitute(days: Days, people: list[Actor], others: list[Absence]) -> None:
    if days.substitute == days.user:
        raise AbsenceRefused("self", "Nobody stands in for themselves")
    if all(one.user != days.substitute for one in substitutes(people, days.user)):
        told = f"{days.substitute} has no such post in this department"
        raise AbsenceRefused("post", told)
    away = next((one for one in others if one.user == days.substitute), None)
    if away is not None:
        why = "circle" if away.substitute == days.user else "away"
        told = f"{days.substitute} is away from {away.first_on} to {away.last_on}"
        raise AbsenceRefused(why, told, _span(away))


def _span(one: Absence) -> dict[str, str]:
    return {"first": one.first_on.isoformat(), "last": one.last_on.isoformat()}


def _columns(days: Days) -> dict[str, Any]:
    return {
        "first_on": days.first_on,
        "last_on": days.last_on,
        "kind": days.kind,
        "substitute": days.substitute,
        "note": days.note,
    }


def _update(conn: Connection, absence_id: int, values: dict[str, Any]) -> None:
    conn.execute(update(absence).where(absence.c.absence_id == absence_id).values(**values))


def _told(absence_id: int, days: Days) -> dict[str, Any]:
    """Return what auditors read of it: no note and no kind."""
    span = {"first": days.first_on.isoformat(), "last": days.last_on.isoformat()}
    return {"absence_id": absence_id, **span, "substitute": days.substitute}


def _note(  # noqa: PLR0913 - the columns of one row
    conn: Connection, by: Actor, when: Moment, kind: str, user: str, detail: dict[str, Any]
) -> None:
    row = {"at": when.at, "actor": by.user, "kind": kind, "subject": user, "detail": detail}
    conn.execute(insert(identity_change), row)
