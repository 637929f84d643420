"""Archive ended cases: their rows go into files month by month, their proofs stay.

Stages, each of which may be the last before a kill: a file is written, flushed and read back;
it is recorded with the head of every chain in it; then rows leave in batches. The next run
removes what was recorded, and writes anew what was not.
"""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from onething import history
from onething.db import metadata
from onething.errors import Conflict
from onething.history import Signer, Verifier, archives
from onething.history.archives import Archived
from onething.history.models import archive, archived
from onething.runtime.host import Host
from onething.runtime.operating.months import Month
from onething.runtime.rebuild import ARCHIVED

KEPT = frozenset(
    {
        "instance",
        "case",
        "case_hold",
        "case_link",
        "item",
        "document",
        "material",
        "erasure",
        "archived",
    }
)
"""What stays of a case: what lists, its tracker and the check of its documents show."""
SECRET = frozenset({"case_key"})
"""What stays and is in no file: who erases it erases the file's values too."""
_DONE = ("done", "failed", "cancelled")
"""States of outbox rows that nobody works on; what failed has an incident."""
_PER_FILE = 5_000
_AT_ONCE = 200
_SAMPLE = 50
_RESTORED_STAYS_DAYS = 30


@dataclass(frozen=True, slots=True)
class Stage:
    """How far an archiving is."""

    name: str
    """begun, written, recorded, removed."""
    month: str
    cases: int
    """Cases that this stage was about."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one month would come to."""

    month: str
    cases: int
    size_bytes: int
    """Estimated from a few of them: text before it is compressed."""


Told = Callable[[Stage], None]


def owned_tables() -> list[Table]:
    """Return the tables whose rows belong to one instance, those that others refer to first."""
    return [one for one in metadata.sorted_tables if "instance_id" in one.primary_key.columns]


def leaving_tables() -> list[Table]:
    """Return the tables whose rows leave the database, those that others refer to first."""
    return [one for one in owned_tables() if one.name not in KEPT | SECRET]


def foresee(host: Host, before: datetime) -> list[Outlook]:
    """Return what archiving would take out, by month; nothing is changed."""
    found = []
    with host.database.read() as conn:
        for month in _months(host, conn, before):
            count = conn.execute(
                select(func.count()).select_from(_instance()).where(*_ended(host, month, before))
            ).scalar_one()
            ids = _next_ids(host, conn, month, before, _SAMPLE)
            size = sum(archives.size_bytes(one) for one in _read(conn, ids))
            found.append(Outlook(str(month), count, size * count // len(ids) if ids else 0))
    return [one for one in found if one.cases]


def archive_cases(  # noqa: PLR0913 - what an archiving is made of
    host: Host,
    signer: Signer,
    verifier: Verifier,
    folder: Path,
    before: datetime,
    told: Told,
    *,
    per_file: int = _PER_FILE,
) -> int:
    """Archive the cases that ended before an instant; return how many left the database.

    Raises:
        Conflict: Another archiving runs.
        HistoryBroken: What was written does not read back, or a chain is broken.
    """
    with _sole(folder):
        gone = _remove(host, told)
        _sign(host, signer)
        with host.database.read() as conn:
            months = list(_months(host, conn, before))
        for month in months:
            while True:
                with host.database.read() as conn:
                    ids = _next_ids(host, conn, month, before, per_file)
                if not ids:
                    break
                _write(host, signer, verifier, folder, (month, ids), told)
                gone += _remove(host, told)
    return gone


def is_archived(conn: Connection, instance_id: str) -> bool:
    """Whether the rows of an instance are in an archive file and not here."""
    return history.archive_of(conn, instance_id) is not None


def _write(  # noqa: PLR0913 - what a file is made of
    host: Host,
    signer: Signer,
    verifier: Verifier,
    folder: Path,
    batch: tuple[Month, Sequence[str]],
    told: Told,
) -> None:
    """Write one file, read it back, and record it."""
    month, ids = batch
    with host.database.read() as conn:
        last = conn.execute(select(func.coalesce(func.max(archive.c.number), 0))).scalar_one()
        number = last + 1
        path = folder / f"{month}-{number:05d}.jsonl.zst"
        told(Stage("begun", str(month), len(ids)))
        raw = archives.write(path, str(month), _read(conn, ids), signer, host.clock())
    manifest = archives.read_manifest(archives.manifest_path(path).read_bytes(), verifier)
    heads = [(one.instance_id, *one.head) for one in archives.check(path, manifest)]
    told(Stage("written", str(month), len(ids)))
    row = {
        "number": number,
        "month": str(month),
        "file": path.name,
        "manifest": raw.decode(),
        "last_position": manifest.last_position,
        "written_at": host.clock(),
    }
    host.database.write(partial(_record, row=row, heads=heads, now=host.clock()))
    told(Stage("recorded", str(month), len(ids)))


def _record(
    conn: Connection, row: dict[str, Any], heads: list[tuple[str, int, bytes]], now: datetime
) -> None:
    """Record a file and its heads; a case that has moved on since it was written stays here."""
    instance = _instance()
    standing: dict[str, tuple[int, bytes]] = {}
    for at in range(0, len(heads), _AT_ONCE):
        ids = [one[0] for one in heads[at : at + _AT_ONCE]]
        query = select(instance.c.instance_id, instance.c.sequence, instance.c.hash)
        locked = query.where(instance.c.instance_id.in_(ids)).order_by(instance.c.instance_id)
        standing |= {
            row.instance_id: (row.sequence, row.hash)
            for row in conn.execute(locked.with_for_update())
        }
    gone = [name for name, *head in heads if standing.get(name) == tuple(head)]
    for at in range(0, len(gone), _AT_ONCE):
        some = instance.c.instance_id.in_(gone[at : at + _AT_ONCE])
        conn.execute(update(instance).where(some).values(status=ARCHIVED))
    conn.execute(insert(archive), row)
    conn.execute(
        insert(archived),
        [
            {
                "instance_id": instance_id,
                "archive": row["number"],
                "sequence": sequence,
                "hash": hash_,
                "removed_at": None if standing.get(instance_id) == (sequence, hash_) else now,
                "restored_at": None if standing.get(instance_id) == (sequence, hash_) else now,
            }
            for instance_id, sequence, hash_ in heads
        ],
    )


def _remove(host: Host, told: Told) -> int:
    """Let the rows of recorded cases leave, batch by batch; return how many cases."""
    gone = 0
    while batch := host.database.write(partial(_remove_some, now=host.clock())):
        gone += batch
        told(Stage("removed", "", gone))
    return gone


def _remove_some(conn: Connection, now: datetime) -> int:
    query = select(archived.c.instance_id).where(archived.c.removed_at.is_(None))
    ids = list(conn.scalars(query.order_by(archived.c.instance_id).limit(_AT_ONCE)))
    if not ids:
        return 0
    for table in reversed(leaving_tables()):
        conn.execute(delete(table).where(table.c.instance_id.in_(ids)))
    case = metadata.tables["case"]
    conn.execute(update(case).where(case.c.instance_id.in_(ids)).values(state="ARCHIVED"))
    conn.execute(
        update(archived)
        .where(archived.c.instance_id.in_(ids), archived.c.removed_at.is_(None))
        .values(removed_at=now)
    )
    return len(ids)


def _read(conn: Connection, ids: Sequence[str]) -> Iterator[Archived]:
    """Yield instances with all their rows but the key, by id."""
    tables = [one for one in owned_tables() if one.name not in SECRET | {"archived"}]
    for at in range(0, len(ids), _AT_ONCE):
        some = sorted(ids[at : at + _AT_ONCE])
        found: dict[str, archives.Rows] = {one: {} for one in some}
        for table in tables:
            keys = list(table.primary_key.columns)
            query = select(table).where(table.c.instance_id.in_(some)).order_by(*keys)
            for row in conn.execute(query).mappings():
                found[row["instance_id"]].setdefault(table.name, []).append(dict(row))
        for instance_id, rows in found.items():
            yield Archived(instance_id, rows)


def _months(host: Host, conn: Connection, before: datetime) -> Iterator[Month]:
    """Yield the months in which cases ended before an instant, oldest first."""
    instance = _instance()
    query = select(func.min(instance.c.ended_at)).where(instance.c.status != "active")
    first = conn.execute(query).scalar()
    if first is None:
        return
    month = Month.of(first, host.zone)
    while month.begins(host.zone) < before:
        yield month
        month = month.next()


def _next_ids(
    host: Host, conn: Connection, month: Month, before: datetime, limit: int
) -> list[str]:
    instance = _instance()
    query = select(instance.c.instance_id).where(*_ended(host, month, before))
    return sorted(conn.scalars(query.order_by(instance.c.instance_id).limit(limit)))


def _ended(host: Host, month: Month, before: datetime) -> list[ColumnElement[bool]]:
    """Return what a case must be to leave: ended, in the month, with nothing left to do.

    A subscription that was not told of it yet, paused or not, keeps it; so does a hold while its
    decision is under review or before a court.
    """
    instance, outbox, incident = (metadata.tables[n] for n in ("instance", "outbox", "incident"))
    event, told = metadata.tables["event"], metadata.tables["event_subscription"]
    hold = metadata.tables["case_hold"]
    until = min(before, month.next().begins(host.zone))
    same, its = outbox.c.instance_id == instance.c.instance_id, incident.c.instance_id
    kept = and_(
        archived.c.instance_id == instance.c.instance_id,
        or_(archived.c.restored_at.is_(None), archived.c.restored_at > _lately(host)),
    )
    return [
        instance.c.status != "active",
        instance.c.ended_at >= month.begins(host.zone),
        instance.c.ended_at < until,
        ~exists().where(kept),
        ~exists().where(same, outbox.c.state.not_in(_DONE)),
        ~exists().where(its == instance.c.instance_id, incident.c.state == "open"),
        ~exists().where(hold.c.instance_id == instance.c.instance_id, hold.c.lifted_at.is_(None)),
        ~exists().where(
            event.c.instance_id == instance.c.instance_id, event.c.position > told.c.position
        ),
    ]


def _lately(host: Host) -> datetime:
    return host.clock() - timedelta(days=_RESTORED_STAYS_DAYS)


def _instance() -> Table:
    return metadata.tables["instance"]


def _sign(host: Host, signer: Signer) -> None:
    """Prove everything up to now, so that no event leaves unproven."""
    settings = host.settings

    def sign(conn: Connection) -> int:
        now, name = host.clock(), settings.hash_name
        return history.checkpoint(conn, signer, settings.checkpoints, now, name)

    if host.database.is_sqlite:
        with host.database.read() as conn:
            sign(conn)
    else:
        host.database.write(sign)


@contextmanager
def _sole(folder: Path) -> Iterator[None]:
    """Hold the folder for one archiving.

    Raises:
        Conflict: Another one holds it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(f"Another archiving runs on {folder}") from None
        yield
