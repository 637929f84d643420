"""Open a node from the command line: settings, clock, database, who acts."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from onething import db, identity
from onething.cli import logs
from onething.cli.starting import ready_database, require_folder
from onething.connectors import open_departments
from onething.errors import StartDelayed
from onething.identity import Actor
from onething.now import Clock, ShiftedClock, system_clock
from onething.runtime import Host, claim_site, open_host, refresh_calendar, require_time
from onething.settings import Settings, load


@contextmanager
def node(
    settings: Settings | None = None,
    *,
    is_prepared: bool = False,
    **changes: Any,  # noqa: ANN401 - fields of Settings
) -> Iterator[Host]:
    """Open a node on the site's database, brought to the newest schema, and close it again.

    Args:
        settings: Those of the site when None.
        is_prepared: Whether another process has just looked after the schema.
        changes: Fields of the settings that are otherwise for this node.
    """
    chosen = replace(settings or load(), **changes)
    logs.configure(chosen.log_level)
    with (
        open_departments(chosen.departments, chosen.departments_url) as departments,
        ready_database(chosen, is_prepared=is_prepared) as database,
    ):
        host = open_host(
            chosen,
            database=database,
            clock=clock_of(chosen),
            departments=departments,
        )
        try:
            with db.meaningful(host.database.url):
                if not is_prepared:
                    db.upgrade(host.database)
                claim_site(host)
                require_time(host)
                refresh_calendar(host)
            yield host
        finally:
            host.access_log.flush()


@contextmanager
def sole_node(settings: Settings) -> Iterator[None]:
    """Hold an embedded database for one server; several servers share a PostgreSQL.

    Raises:
        StartDelayed: Another server or worker runs on it.
    """
    if not settings.url.startswith("sqlite"):
        yield
        return
    require_folder(settings.data_dir)
    with (settings.data_dir / "node.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            told = f"Another server runs on {settings.data_dir}; stop it first"
            raise StartDelayed(told) from None
        yield


def clock_of(settings: Settings) -> Clock:
    """Return the clock of a site: a demonstration's may be ahead."""
    return ShiftedClock(Path(settings.clock_file)) if settings.clock_file else system_clock


def acting(host: Host, user: str | None) -> Actor:
    """Return the person that a command acts for; without a name the machine's owner acts.

    Raises:
        NotFound: No such account.
    """
    if user is None:
        return identity.SYSTEM
    with host.database.read() as conn:
        return identity.actor(conn, user)
