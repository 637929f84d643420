"""Read the register (登记簿) of the own department: what came in, was decided, was handed over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from onething import cases, documents, identity, tasks
from onething.cases import RegisterFilter, RegisterItem, RegisterKind
from onething.errors import InvalidInput, NotAllowed
from onething.identity import Actor
from onething.runtime.cases.view_case import log_access
from onething.runtime.host import Host
from onething.runtime.permissions import WORKERS, own_tasks, require_role
from onething.tasks import Filter

MOST_LINES = 5_000
"""So many lines a register has at most; it says when there are more."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line: the item, and what became of it."""

    item: RegisterItem
    document: str
    """Number of the item's newest document; empty for none."""
    worker: str
    """Name of who completed the department's last task of it; empty where nobody had to."""
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Register:
    """The lines of a register."""

    lines: list[RegisterLine]
    is_cut: bool
    """Whether there are more than it may have."""


def require_register(actor: Actor) -> str:
    """Return the department whose register a person reads: the own one.

    Raises:
        NotAllowed: The person is neither clerk nor supervisor of a department.
    """
    require_role(actor, *WORKERS)
    if actor.department is None:
        raise NotAllowed("A register is read by those who work in its department")
    return actor.department


def view_register(  # noqa: PLR0913 - one argument a filter
    host: Host,
    actor: Actor,
    kind: RegisterKind,
    first: date,
    last: date,
    *,
    service: str | None = None,
    item: str | None = None,
    limit: int = MOST_LINES,
) -> Register:
    """Return the register of the own department's items, and log the reading.

    The front desk, which works on whole cases, has a line for every item of them; a document's
    number stands on own items alone. Whoever serves a post or a region reads what that post's
    work was part of, and what was nobody's work in that region.

    Args:
        host: The node.
        actor: A clerk or supervisor of a department.
        kind: Which step had its day in the time.
        first: The first legal day.
        last: The last legal day.
        service: Only items of this service.
        item: Only this item.
        limit: At most so many lines.

    Raises:
        NotAllowed: The person does not work in a department.
        InvalidInput: The last day lies before the first.
    """
    department = require_register(actor)
    if last < first:
        raise InvalidInput("The last day is before the first", {"last": "Before the first day"})
    since = datetime.combine(first, time(), host.zone)
    until = datetime.combine(min(last, date.max - timedelta(days=1)), time(), host.zone)
    until += timedelta(days=1)
    wanted = RegisterFilter(
        department=department,
        kind=kind,
        since=since,
        until=until,
        delivered=tasks.delivered_between(since, until),
        desk=tasks.at_no_item(own_tasks(actor, text=None)),
        service=service,
        item=item,
    )
    with host.database.read() as conn:
        found = cases.register(conn, _narrowed(wanted, actor), limit + 1)
        lines = _lines(conn, found[:limit], department)
    told = f"{kind} {first} {last} {service or '*'} {item or '*'}"
    log_access(host, actor, None, "register", ["title"], allowed=True, purpose=told)
    return Register(lines, len(found) > limit)


def _narrowed(wanted: RegisterFilter, actor: Actor) -> RegisterFilter:
    seen = own_tasks(actor, text=None)
    if seen.posts is None and not actor.region:
        return wanted
    anybodys = Filter(department=wanted.department, states=seen.states)
    return replace(
        wanted,
        seen=tasks.instance_ids(seen),
        foreign=tasks.instance_ids(anybodys),
        region=tasks.region_prefix(actor.region or ""),
    )


def _lines(conn: Connection, found: Sequence[RegisterItem], department: str) -> list[RegisterLine]:
    lines: list[RegisterLine] = []
    names: dict[str, str] = {}
    for start in range(0, len(found), _AT_ONCE):
        part = found[start : start + _AT_ONCE]
        ids = list(dict.fromkeys(one.instance_id for one in part))
        numbers = documents.numbers_of(conn, ids)
        workers = tasks.last_workers(conn, ids, department)
        delivered = tasks.delivered_at(conn, ids)
        for one in part:
            key = (one.instance_id, one.item_id)
            who = workers.get(key) or workers.get((one.instance_id, None), "")
            lines.append(
                RegisterLine(
                    one,
                    numbers.get(key, "") if one.department == department else "",
                    _name(conn, names, who),
                    delivered.get(one.instance_id),
                )
            )
    return lines


def _name(conn: Connection, names: dict[str, str], user: str) -> str:
    """Return a person's name, looked up once."""
    if user and user not in names:
        person = identity.find_person(conn, user)
        names[user] = person.name if person else user
    return names.get(user, "")
