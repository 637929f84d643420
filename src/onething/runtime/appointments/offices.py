"""Offices: read them, save them, and give their wall display another key."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from onething import appointments, tasks
from onething.appointments import Office, OfficeRow, Saved, read_office
from onething.errors import InvalidInput, NotAllowed, NotFound
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import WORKERS, require_role

_KEY_LENGTH = 32


def list_offices(host: Host, service: str | None = None) -> list[Office]:
    """Return the offices that take appointments, for a service or for any, by their words."""
    with host.database.read() as conn:
        return [
            row.office
            for row in appointments.offices(conn)
            if service is None or row.office.post_of(service) is not None
        ]


def own_offices(host: Host, actor: Actor) -> list[OfficeRow]:
    """Return the offices at which the actor works: of the own department and region.

    Raises:
        NotAllowed: The actor is neither clerk nor supervisor.
    """
    require_role(actor, *WORKERS)
    if actor.department is None:
        return []
    with host.database.read() as conn:
        found = appointments.offices(conn, actor.department)
    return [row for row in found if _covers(actor, row.office)]


def own_office(host: Host, actor: Actor, office_id: str) -> OfficeRow:
    """Return an office at which the actor works.

    Raises:
        NotFound: There is none of this word for this person.
    """
    with host.database.read() as conn:
        return required_office(conn, actor, office_id)


def required_office(conn: Connection, actor: Actor, office_id: str) -> OfficeRow:
    """Return an office at which the actor works; raise NotFound otherwise."""
    require_role(actor, *WORKERS)
    row = appointments.find_office(conn, office_id)
    is_own = row is not None and (
        actor.is_system
        or (row.office.department == actor.department and _covers(actor, row.office))
    )
    if row is None or not is_own:
        raise NotFound(f"No office {office_id}")
    return row


def save_office(host: Host, actor: Actor, config: Mapping[str, Any], version: int) -> Office:
    """Save an office of the actor's department over the version that was shown; 0: a new one.

    Bookings that stand stay as they are: what changes holds for new ones.

    Raises:
        NotAllowed: The actor is no supervisor of the office's department and region.
        InvalidInput: Something does not fit; `fields` says what.
        Conflict: Somebody else saved it since, or the word is taken.
    """
    require_role(actor, "supervisor")
    office = read_office(config)
    _require_head(actor, office)
    now = host.clock()

    def transaction(conn: Connection) -> None:
        earlier = appointments.find_office(conn, office.office_id)
        if earlier is not None and version:
            _require_head(actor, earlier.office)
        same_name = (
            one.office.office_id
            for one in appointments.offices(conn)
            if one.office.name == office.name and one.office.office_id != office.office_id
        )
        if next(same_name, None) is not None:
            told = "Another office has this name"
            raise InvalidInput(told, {"name": told})
        appointments.save_office(conn, office, config, version=version, actor=actor.user, now=now)

    host.write(transaction)
    return office


def office_history(host: Host, actor: Actor, office_id: str) -> list[Saved]:
    """Return the savings of an own office, newest first."""
    with host.database.read() as conn:
        required_office(conn, actor, office_id)
        return appointments.saved_versions(conn, office_id)


def renew_display(host: Host, actor: Actor, office_id: str) -> None:
    """Give an office's wall display another key; the old address shows nothing more.

    Raises:
        NotAllowed: The actor is no supervisor.
        NotFound: There is no such office for this person.
    """
    require_role(actor, "supervisor")
    now = host.clock()

    def transaction(conn: Connection) -> None:
        row = required_office(conn, actor, office_id)
        appointments.renew_display(conn, row, actor.user, now)

    host.write(transaction)


def display_key(host: Host, row: OfficeRow) -> str:
    """Return the key in the address of an office's wall display; it is kept nowhere."""
    return host.keys.digest(["office-display", row.office.office_id, row.display])[:_KEY_LENGTH]


def display_office(host: Host, office_id: str, key: str) -> OfficeRow:
    """Return the office whose wall display has this key.

    Raises:
        NotFound: There is no such office, or the key is not its own.
    """
    with host.database.read() as conn:
        row = appointments.find_office(conn, office_id)
    if row is None or not hmac.compare_digest(display_key(host, row).encode(), key.encode()):
        raise NotFound("No such display")
    return row


def open_days(host: Host, office: Office) -> list[date]:
    """Return the days within the horizon on which an office serves, from today on."""
    today = host.clock().astimezone(host.zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(office.horizon_days + 1))
    return [day for day in days if office.stretches(day, host.calendar)]


def free_places(
    host: Host, office: Office, service: str, days: Sequence[date]
) -> dict[date, dict[datetime, int]]:
    """Return how many places are left in each slot to come, by day and beginning.

    Full slots stand there with 0. Days without a slot to come are left out.
    """
    post = office.post_of(service)
    if post is None or not days:
        return {}
    now, zone = host.clock(), host.zone
    since = datetime.combine(min(days), datetime.min.time(), zone)
    until = datetime.combine(max(days) + timedelta(days=1), datetime.min.time(), zone)
    with host.database.read() as conn:
        taken = appointments.taken(conn, office.office_id, post.post, since, until)
    found: dict[date, dict[datetime, int]] = {}
    for day in days:
        left = {
            at: max(0, post.capacity - taken.get(at, 0))
            for at in office.slots(day, host.calendar, zone)
            if at > now
        }
        if left:
            found[day] = left
    return found


def _require_head(actor: Actor, office: Office) -> None:
    is_own = actor.department is not None and actor.department == office.department
    if not actor.is_system and not (is_own and _covers(actor, office)):
        raise NotAllowed("A supervisor of the office's department and region saves it")


def _covers(actor: Actor, office: Office) -> bool:
    return not actor.region or office.division.startswith(tasks.region_prefix(actor.region))
