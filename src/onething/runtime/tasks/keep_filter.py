"""Keep filters of the queue under names, change them, share them with the own post."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from onething import tasks
from onething.errors import Conflict, InvalidInput, NotFound
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import WORKERS, require_role
from onething.tasks import SavedFilter

MOST_FILTERS = 20
"""So many a person keeps for one post."""
LONGEST_NAME = 30
_MOST_PARAMETERS = 40
_LONGEST_PARAMETER = 200
Wanted = Sequence[tuple[str, str]]


def list_filters(host: Host, actor: Actor) -> list[SavedFilter]:
    """Return the filters that a clerk sees: the own ones of this post, and those shared there."""
    require_role(actor, *WORKERS)
    with host.database.read() as conn:
        return tasks.filters_of(conn, *_place(actor))


def save_filter(host: Host, actor: Actor, name: str, wanted: Wanted) -> str:
    """Keep a filter under a name; the own one of that name is replaced. Return its id.

    Raises:
        InvalidInput: The name is empty or too long, or the filter is.
        Conflict: The person keeps as many as there may be.
    """
    require_role(actor, *WORKERS)
    name, now, place = _named(name), host.clock(), _place(actor)
    kept = [[key[:_LONGEST_PARAMETER], value[:_LONGEST_PARAMETER]] for key, value in wanted]
    if len(kept) > _MOST_PARAMETERS:
        raise InvalidInput(f"A filter has at most {_MOST_PARAMETERS} parameters")

    def transaction(conn: Connection) -> str:
        own = [one for one in tasks.filters_of(conn, *place) if one.user == actor.user]
        for one in own:
            if one.name == name:
                tasks.change_filter(conn, replace(one, wanted=kept, updated_at=now))
                return one.filter_id
        if len(own) >= MOST_FILTERS:
            raise Conflict(f"You keep {MOST_FILTERS} filters: delete one first")
        row = SavedFilter(secrets.token_hex(8), *place, name, kept, False, False, now, now)
        tasks.add_filter(conn, row)
        return row.filter_id

    return host.database.write(transaction)


def change_filter(  # noqa: PLR0913 - one argument a thing that may change
    host: Host,
    actor: Actor,
    filter_id: str,
    *,
    name: str | None = None,
    is_shared: bool | None = None,
    is_default: bool | None = None,
) -> SavedFilter:
    """Rename an own filter, share it or not, let the queue open with it or not.

    Raises:
        NotFound: There is none, or it is a colleague's.
        InvalidInput: The name is empty or too long.
        Conflict: Another own filter has that name.
    """
    require_role(actor, *WORKERS)
    place, now = _place(actor), host.clock()

    def transaction(conn: Connection) -> SavedFilter:
        one = _own(conn, filter_id, actor)
        new = one.name if name is None else _named(name)
        for other in tasks.filters_of(conn, *place):
            if (other.user, other.name) == (actor.user, new) and other.filter_id != filter_id:
                raise Conflict(f"You keep another filter {new}")
        row = replace(
            one,
            name=new,
            is_shared=one.is_shared if is_shared is None else is_shared,
            is_default=one.is_default if is_default is None else is_default,
            updated_at=now,
        )
        tasks.change_filter(conn, row)
        return row

    return host.database.write(transaction)


def copy_filter(host: Host, actor: Actor, filter_id: str) -> str:
    """Keep a colleague's shared filter as an own one; return the id of the copy.

    Raises:
        NotFound: The person sees no such filter.
        Conflict: The person keeps as many as there may be.
    """
    with host.database.read() as conn:
        place = _place(actor)
        one = tasks.get_filter(conn, filter_id, *place)
        taken = {row.name for row in tasks.filters_of(conn, *place) if row.user == actor.user}
    name, at = one.name, 2
    while name in taken:
        name, at = f"{one.name[: LONGEST_NAME - 4]} ({at})", at + 1
    return save_filter(host, actor, name, [(key, value) for key, value in one.wanted])


def drop_filter(host: Host, actor: Actor, filter_id: str) -> SavedFilter:
    """Delete an own filter and return what it was; raise NotFound for a colleague's."""
    require_role(actor, *WORKERS)

    def transaction(conn: Connection) -> SavedFilter:
        one = _own(conn, filter_id, actor)
        tasks.drop_filter(conn, filter_id)
        return one

    return host.database.write(transaction)


def _own(conn: Connection, filter_id: str, actor: Actor) -> SavedFilter:
    one = tasks.get_filter(conn, filter_id, *_place(actor))
    if one.user != actor.user:
        raise NotFound("No such filter of your own")
    return one


def _place(actor: Actor) -> tuple[str, str, str]:
    return actor.user, actor.department or "", actor.post or ""


def _named(name: str) -> str:
    found = " ".join(name.split())
    if not 0 < len(found) <= LONGEST_NAME:
        raise InvalidInput(f"A name has 1 to {LONGEST_NAME} characters")
    return found
