"""Erase contents that nothing names any more: of forms not sent, drafts deleted, cases erased."""

from datetime import timedelta

from sqlalchemy import Connection, exists, select

from onething import drafts, materials
from onething.db import metadata
from onething.history.models import erasure
from onething.runtime.host import Host

_AT_ONCE = 100
_AGAIN = timedelta(hours=1)
"""What a draft keeps is looked at again then: the draft may be gone."""


def erase_contents(host: Host) -> int:
    """Erase what has waited long enough and is in no case and no draft; return how many contents.

    A content is erased while its row is locked: whoever takes it in at that moment writes the
    row first, and so finds it gone and puts it into the store again.
    """
    erased = 0
    while True:
        names, gone = host.database.write(lambda conn: _erase_some(host, conn))
        erased += gone
        if names < _AT_ONCE:
            return erased


def _erase_some(host: Host, conn: Connection) -> tuple[int, int]:
    """Return how many contents were looked at, and how many erased."""
    now = host.clock()
    names = materials.hold_due(conn, now, _AT_ONCE)
    in_cases = _in_cases(conn, names)
    in_drafts = drafts.kept_of(conn, names) - in_cases
    gone = set(names) - in_cases - in_drafts
    for name in gone:
        host.store.erase(name)
    materials.forget(conn, in_cases | gone)
    materials.put_off(conn, in_drafts, now + _AGAIN)
    return len(names), len(gone)


def _in_cases(conn: Connection, names: list[str]) -> set[str]:
    """Return which of some contents a case holds whose retention is not over."""
    found: set[str] = set()
    for holder in (metadata.tables["material"], metadata.tables["document"]):
        query = select(holder.c.sha256).where(
            holder.c.sha256.in_(names),
            ~exists().where(erasure.c.instance_id == holder.c.instance_id),
        )
        found.update(conn.scalars(query))
    return found
