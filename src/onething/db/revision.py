"""Which schema a database has, without changing it."""

from datetime import datetime, timedelta
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, column, inspect, select, table, text

from onething import __version__
from onething.db.database import Database
from onething.db.types import UtcDateTime
from onething.errors import StartDelayed, StartRefused

CONTRACTING = "0017"
"""The last revision that took something away which the version before still writes."""
_FOLDER = Path(__file__).with_name("migrations")
_SILENT = timedelta(minutes=1)
_node = table(
    "node", column("name"), column("beat_at", UtcDateTime), column("stopped_at", UtcDateTime)
)


def require_known_revision(database: Database) -> None:
    """Refuse a database that a newer version of the product has upgraded.

    Raises:
        StartRefused: Its revision is none that this version knows.
    """
    with database.read() as conn:
        told = newer_revision(conn)
    if told is not None:
        raise StartRefused(told)


def newer_revision(conn: Connection) -> str | None:
    """Say that a database has a revision that this version does not know; None where it does."""
    current = MigrationContext.configure(conn).get_current_revision()
    known = [one.revision for one in _scripts().walk_revisions()]
    if current is None or current in known:
        return None
    newest = known[0] if known else "none"
    return (
        f"The database has the schema {current}{_written_by(conn)}; this is onething "
        f"{__version__}, which knows schemas up to {newest}: start a version that knows {current}, "
        "or restore a backup from before the upgrade"
    )


def require_alone(conn: Connection, now: datetime) -> None:
    """Refuse to take columns away from processes of an earlier version that run on the database.

    Only revisions up to CONTRACTING did that; a later one goes on beside what runs.

    Raises:
        StartDelayed: A process has given a sign of life within a minute, and has not stopped.
    """
    current = MigrationContext.configure(conn).get_current_revision()
    if current is None or current >= CONTRACTING or not inspect(conn).has_table("node"):
        return
    lives = select(_node.c.name).where(
        _node.c.stopped_at.is_(None), _node.c.beat_at > now - _SILENT
    )
    running = list(conn.scalars(lives.order_by(_node.c.name)))
    if running:
        raise StartDelayed(
            f"The upgrade from schema {current} takes away columns that earlier versions write: "
            f"stop {', '.join(running)} first; one that was killed counts for a minute"
        )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_FOLDER))


def _written_by(conn: Connection) -> str:
    if not inspect(conn).has_table("site_fact"):
        return ""
    query = text("SELECT value FROM site_fact WHERE name = 'version'")
    value = conn.execute(query).scalar()
    return f" of onething {value}" if value else ""
