"""Retention: erase personal values whose time is over; histories and proofs stay."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Select, delete, exists, func, insert, select, update

from onething import cases, materials, tasks
from onething.db import metadata
from onething.history.models import access_log, access_log_cut, case_key, erasure
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.materials.erase_contents import erase_contents
from onething.runtime.operating.months import Month

_AT_ONCE = 200
_READINGS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Overdue:
    """What the retention of one service comes to."""

    service: str
    years: int
    before: datetime
    """Cases that ended before this instant."""
    cases: int


def overdue(host: Host) -> list[Overdue]:
    """Return how many cases of each service have values whose time is over."""
    found = []
    with host.database.read() as conn:
        for service, years in sorted(host.settings.retention.items()):
            before = Month.of(host.clock(), host.zone).back(12 * years).begins(host.zone)
            query = _due(service, before).with_only_columns(func.count())
            count = conn.execute(query).scalar_one()
            found.append(Overdue(service, years, before, count))
    return found


def erase_overdue(host: Host, actor: Actor) -> int:
    """Erase the values of every case whose time is over; return how many cases.

    The key goes with a record of who and why in the same transaction, then contents of materials
    and documents that nothing else names: interrupted, the next run or the worker goes on.
    """
    erased = 0
    for one in overdue(host):
        for ids in _batches(host, one):
            host.database.write(partial(_erase, host, actor, one, ids))
            erase_contents(host)
            erased += len(ids)
    return erased


def old_readings(host: Host) -> tuple[int, datetime]:
    """Return how many readings are older than their months, and since when they may go."""
    until = _readings_until(host)
    with host.database.read() as conn:
        last = _last_before(conn, until)
        first: int = conn.execute(
            select(func.coalesce(func.min(access_log.c.number), 1))
        ).scalar_one()
    return (0 if last is None else last[0] - first + 1), until


def drop_old_readings(host: Host, actor: Actor) -> int:
    """Drop readings that are older than their months; the chain goes on behind a cut.

    The newest reading always stays. Returns how many were dropped.
    """
    until = _readings_until(host)

    def cut(conn: Connection) -> None:
        last = _last_before(conn, until)
        if last is None:
            return
        number, hash_ = last
        row = {"number": number, "hash": hash_, "until": until, "at": host.clock()}
        conn.execute(insert(access_log_cut), {**row, "actor": actor.user})

    host.database.write(cut)
    dropped = 0
    while some := host.database.write(_drop_some):
        dropped += some
    return dropped


def _drop_some(conn: Connection) -> int:
    """Drop readings that lie behind a cut already: what a killed run has left, too."""
    upto = conn.execute(select(func.coalesce(func.max(access_log_cut.c.number), 0))).scalar_one()
    some = (
        select(access_log.c.number)
        .where(access_log.c.number <= upto)
        .order_by(access_log.c.number)
        .limit(_READINGS_AT_ONCE)
    )
    return conn.execute(delete(access_log).where(access_log.c.number.in_(some))).rowcount


def _last_before(conn: Connection, until: datetime) -> tuple[int, bytes] | None:
    """Return number and hash of the last reading before an instant that is not the newest."""
    newest = select(func.max(access_log.c.number)).scalar_subquery()
    query = (
        select(access_log.c.number, access_log.c.hash)
        .where(access_log.c.at < until, access_log.c.number < newest)
        .order_by(access_log.c.number.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    if row is None:
        return None
    known = select(access_log_cut.c.number).where(access_log_cut.c.number >= row.number)
    return None if conn.execute(known).first() else (row.number, row.hash)


def _readings_until(host: Host) -> datetime:
    months = host.settings.access_log_months
    return Month.of(host.clock(), host.zone).back(months).begins(host.zone)


def _batches(host: Host, one: Overdue) -> Iterator[list[str]]:
    query = _due(one.service, one.before).limit(_AT_ONCE)
    while True:
        with host.database.read() as conn:
            ids: list[str] = list(conn.scalars(query))
        if not ids:
            return
        yield ids


def _due(service: str, before: datetime) -> Select[tuple[str]]:
    instance, hold = metadata.tables["instance"], metadata.tables["case_hold"]
    return (
        select(instance.c.instance_id)
        .join(case_key, case_key.c.instance_id == instance.c.instance_id)
        .where(
            instance.c.service == service,
            instance.c.status != "active",
            instance.c.ended_at < before,
            case_key.c.wrapped.is_not(None),
            ~exists().where(erasure.c.instance_id == instance.c.instance_id),
            ~exists().where(
                hold.c.instance_id == instance.c.instance_id, hold.c.lifted_at.is_(None)
            ),
        )
    )


def _erase(host: Host, actor: Actor, one: Overdue, ids: list[str], conn: Connection) -> None:
    reason = f"{one.service}: {one.years} years after the end"
    case = metadata.tables["case"]
    for instance_id in ids:
        materials.keep_until(conn, _contents(conn, instance_id), host.clock())
        host.keys.erase(conn, instance_id)
        tasks.drop_terms(conn, instance_id)
        host.states.drop(instance_id)
        cases.drop_parties(conn, instance_id)
        name = cases.of_instance(conn, instance_id).name
        values = {"title": name, "submitted_by": "-"}
        conn.execute(update(case).where(case.c.instance_id == instance_id).values(**values))
    record = {"at": host.clock(), "actor": actor.user, "reason": reason}
    conn.execute(insert(erasure), [{"instance_id": one_id, **record} for one_id in ids])


def _contents(conn: Connection, instance_id: str) -> set[str]:
    """Return the names of the contents of a case's materials and documents."""
    found: set[str] = set()
    for holder in (metadata.tables["material"], metadata.tables["document"]):
        query = select(holder.c.sha256).where(holder.c.instance_id == instance_id)
        found.update(conn.scalars(query.where(holder.c.sha256.is_not(None))))
    return found
