"""The site at this moment, for its operators: database, nodes, queues, disk, proofs."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, inspect

from onething import history, instances, nodes
from onething.identity import Actor
from onething.nodes import NodeRow
from onething.runtime.host import Host
from onething.runtime.jobs.view_jobs import Queue, list_queues
from onething.runtime.operating.health import Health, Running, health
from onething.runtime.permissions import require_role


@dataclass(frozen=True, slots=True)
class Site:
    """How the site runs; this node's disk and proofs."""

    database: str
    """Product and version."""
    revision: str
    """The schema's; an empty text where it was made without migrations."""
    health: Health
    running: list[Running]
    suspended: int
    """Instances that operators have suspended."""
    nodes: list[NodeRow]
    queues: list[Queue]
    disk_free_bytes: int
    disk_total_bytes: int
    checkpoint_at: datetime | None
    """When this node last signed a checkpoint; None where it has none."""
    archive_files: int
    archived_until: str | None
    """The newest month of ended cases that were archived, such as 2024-03."""


def view_site(host: Host, actor: Actor) -> Site:
    """Return how the site runs.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
    """
    require_role(actor, "operator", "auditor")
    usage = shutil.disk_usage(host.settings.data_dir)
    with host.database.read() as conn:
        database, revision = _database(host, conn), _revision(conn)
        running = [Running(*one) for one in instances.running(conn)]
        suspended = instances.count(conn, "suspended")
        known = nodes.listing(conn)
        files, until = history.archive_extent(conn)
    return Site(
        database=database,
        revision=revision,
        health=health(host),
        running=running,
        suspended=suspended,
        nodes=known,
        queues=list_queues(host, actor),
        disk_free_bytes=usage.free,
        disk_total_bytes=usage.total,
        checkpoint_at=_written_at(host.settings.checkpoints),
        archive_files=files,
        archived_until=until,
    )


def _database(host: Host, conn: Connection) -> str:
    if host.database.is_sqlite:
        return f"SQLite {conn.exec_driver_sql('SELECT sqlite_version()').scalar()}"
    return f"PostgreSQL {conn.exec_driver_sql('SHOW server_version').scalar()}"


def _revision(conn: Connection) -> str:
    if not inspect(conn).has_table("alembic_version"):
        return ""
    return str(conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")


def _written_at(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return None
