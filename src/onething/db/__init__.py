"""The database: one engine, one fair writer, tables declared elsewhere."""

from onething.db.backup import backup, restore
from onething.db.database import BUSY_WAIT_S, Database
from onething.db.link import Link, link_of
from onething.db.metadata import append_only, append_only_ddl, metadata
from onething.db.outage import is_outage
from onething.db.prepared import first
from onething.db.reaching import meaning, meaningful, reach
from onething.db.revision import newer_revision, require_known_revision
from onething.db.schema import check, draft_revision, upgrade
from onething.db.types import Json, UtcDateTime, bound, instant_text
from onething.db.writer import Pending, after_commit
from onething.db.writes import send, write

__all__ = [
    "BUSY_WAIT_S",
    "Database",
    "Json",
    "Link",
    "Pending",
    "UtcDateTime",
    "after_commit",
    "append_only",
    "append_only_ddl",
    "backup",
    "bound",
    "check",
    "draft_revision",
    "first",
    "instant_text",
    "is_outage",
    "link_of",
    "meaning",
    "meaningful",
    "metadata",
    "newer_revision",
    "reach",
    "require_known_revision",
    "restore",
    "send",
    "upgrade",
    "write",
]
