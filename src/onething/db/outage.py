"""Tell a database or disk that cannot be used now from a mistake of ours."""

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})
_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
    }
)
_PRIMARY = 0xFF
_READ_ONLY = "25006"
"""PostgreSQL's state for a write on a standby: a failover is under way."""


def is_outage(error: BaseException) -> bool:
    """Say whether an error means: the same request may succeed later, under the same key.

    Whether a transaction that was being committed has been committed is not known.
    """
    if isinstance(error, PoolTimeout | TimeoutError):
        return True
    if isinstance(error, DBAPIError):
        return _is_outage_of(error)
    return isinstance(error, OSError) and error.errno in _DISK


def _is_outage_of(error: DBAPIError) -> bool:
    origin = error.orig
    if isinstance(origin, sqlite3.Error):
        return getattr(origin, "sqlite_errorcode", 0) & _PRIMARY in _SQLITE
    if getattr(origin, "sqlstate", None) == _READ_ONLY:
        return True
    return isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
