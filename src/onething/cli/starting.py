"""What is looked at before a node opens: folder, database, keys, address.

Each refusal is one line that says what to do, and ends the command with a code by which a
supervisor knows whether starting again can help.
"""

import errno
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onething import db, disk, runtime
from onething.db import Database
from onething.errors import StartDelayed, StartRefused
from onething.settings import Settings

_PROBE_BYTES = 64 * 1024
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_TAKEN = (errno.EADDRINUSE,)


@contextmanager
def ready_database(settings: Settings, *, is_prepared: bool = False) -> Iterator[Database]:
    """Give the site's database, reached and known to fit this version and these keys.

    Args:
        settings: Those of the site.
        is_prepared: Whether a node that runs opens it for another of its processes: it goes on
            under a schema that a newer version has upgraded.

    Raises:
        StartRefused: Folder, database or keys do not fit; a person must act.
        StartDelayed: The disk is full, or the database is not there yet.
    """
    require_folder(settings.data_dir)
    for folder in settings.services:
        if not folder.is_dir():
            raise StartRefused(f"services names {folder}, which is no folder")
    try:
        database = Database.of(settings)
    except OSError as error:
        told = f"{error.filename or 'database_url'}: {error.strerror}"
        raise StartRefused(f"{told}; let the user that runs onething write it") from None
    try:
        with db.meaningful(database.url):
            db.reach(database, settings.database_wait_s)
            if not is_prepared:
                db.require_known_revision(database)
            runtime.require_keys(settings, database)
        yield database
    finally:
        database.close()


def require_folder(folder: Path) -> None:
    """Write a small file into the data folder and take it away again.

    Raises:
        StartRefused: It cannot be made or written.
        StartDelayed: Its disk is full.
    """
    probe = folder / f".probe-{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with probe.open("wb") as file:
                file.write(bytes(_PROBE_BYTES))
                disk.flush(file)
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        told = f"data_dir {folder.absolute()}: {error.strerror}"
        if error.errno in _FULL:
            raise StartDelayed(f"{told}; make room on its disk") from None
        raise StartRefused(f"{told}; let the user that runs onething write it") from None


def require_address(host: str, port: int) -> None:
    """Look whether the address can be listened on.

    Raises:
        StartRefused: This machine has no such address, or the port needs more rights.
        StartDelayed: Another program listens there.
    """
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _name, address in found:
            with socket.socket(family, kind, protocol) as one:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                one.bind(address)
    except OSError as error:
        if error.errno in _TAKEN:
            raise StartDelayed(
                f"{place} is in use: end the other program, or set another port"
            ) from None
        told = f"{place} cannot be listened on: {error.strerror}; check host and port"
        raise StartRefused(told) from None
