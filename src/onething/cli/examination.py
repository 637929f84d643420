"""What is examined of a site: one small function a check, none of which changes anything."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from onething import calendars, db, definitions, incidents, jobs, runtime, site, subscriptions
from onething.calendar import load_default, parse_notice
from onething.cli.department_checks import examine_departments
from onething.cli.finding import Finding, Level
from onething.cli.node import clock_of
from onething.db import Database
from onething.errors import ScannerAway, SettingsError
from onething.materials import scanner_of
from onething.now import system_clock
from onething.settings import KEYS, Settings, secret

_ENOUGH_DISK_BYTES = 5 * 1024**3
_LEAST_DISK_BYTES = 512 * 1024**2
_SCANNER_S = 5
_DRIFT_WARNED = timedelta(seconds=2)
_DRIFT_REFUSED = timedelta(seconds=30)
_BEHIND_WARNED = timedelta(minutes=1)
_LAG_WARNED = timedelta(minutes=1)


def examine(settings: Settings) -> list[Finding]:
    """Make every check that this site allows; without a database the rest is still examined."""
    return [
        _site(settings),
        _folder(settings),
        *_keys(settings),
        _disk(settings),
        _scanner(settings),
        *examine_departments(settings),
        *_database(settings),
    ]


def _site(settings: Settings) -> Finding:
    """Settings that can be read at all have passed; say which of them are for trials alone."""
    if settings.demo:
        remedy = "unset demo before real people apply"
        return Finding("settings", Level.WARN, "demo accounts with known passwords", remedy)
    if not settings.public_url:
        remedy = "set public_url: QR codes on documents lead nowhere"
        return Finding("settings", Level.WARN, "no public address", remedy)
    return Finding("settings", Level.OK, settings.public_url)


def _keys(settings: Settings) -> Iterator[Finding]:
    for name in KEYS:
        check, path = f"key {name}", settings.data_dir / f"{name}.key"
        if not path.exists():
            remedy = "put it back from the backup; a new site draws it at its first start"
            yield Finding(check, Level.FAIL, f"{path} is missing", remedy)
            continue
        try:
            secret(settings, name)
        except (SettingsError, OSError) as error:
            yield Finding(check, Level.FAIL, str(error), "mend the file or put it back")
        else:
            yield Finding(check, Level.OK, str(path))


def _folder(settings: Settings) -> Finding:
    """Look whether the data folder can be written; the attempt is left to a start."""
    folder = settings.data_dir
    if not folder.exists():
        return Finding("data_dir", Level.WARN, f"{folder} is missing", "a start makes it")
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        remedy = "let the user that runs onething write it"
        return Finding("data_dir", Level.FAIL, f"{folder} cannot be written", remedy)
    return Finding("data_dir", Level.OK, f"{folder} can be written")


def _disk(settings: Settings) -> Finding:
    folder = next(one for one in _with_parents(settings.data_dir) if one.exists())
    free = shutil.disk_usage(folder).free
    found = f"{free / 1024**3:.1f} GiB free at {folder}"
    if free < _LEAST_DISK_BYTES:
        return Finding("disk", Level.FAIL, found, "make room: commands will soon be refused")
    if free < _ENOUGH_DISK_BYTES:
        return Finding("disk", Level.WARN, found, "make room soon")
    return Finding("disk", Level.OK, found)


def _scanner(settings: Settings) -> Finding:
    """Ask the virus scanner who it is; without one files of citizens are taken as they come."""
    if not settings.scanner:
        remedy = "set scanner: files that citizens upload are not scanned for viruses"
        return Finding("scanner", Level.WARN, "none", remedy)
    try:
        found = scanner_of(settings.scanner, min(settings.scanner_wait_s, _SCANNER_S)).version()
    except SettingsError as error:
        return Finding("scanner", Level.FAIL, error.message, "mend the setting")
    except ScannerAway:
        told = f"{settings.scanner} does not answer"
        return Finding("scanner", Level.FAIL, told, "start it: no file is taken without it")
    return Finding("scanner", Level.OK, found)


def _with_parents(folder: Path) -> list[Path]:
    whole = folder.resolve()
    return [whole, *whole.parents]


def _database(settings: Settings) -> Iterator[Finding]:
    """Examine the database; one that is not there is not made."""
    remedy = "start the site once, or set database_url"
    if not settings.database_url and not settings.embedded.exists():
        yield Finding("database", Level.FAIL, f"{settings.embedded} is missing", remedy)
        return
    try:
        with Database.of(settings) as database:
            with database.read() as conn:
                newer = db.newer_revision(conn)
                yield _facts(settings, conn)
            if newer:
                yield Finding("schema", Level.FAIL, newer, "this version does not start on it")
                return
            differences = db.check(database)
            yield _schema(differences)
            if not differences:
                yield _time(settings, database)
                with database.read() as conn:
                    yield from _contents(settings, conn)
    except DBAPIError as error:
        yield Finding("database", Level.FAIL, f"it does not answer: {error.orig}", remedy)


def _facts(settings: Settings, conn: Connection) -> Finding:
    """Compare keys and settings with what the site was made with."""
    try:
        now = runtime.facts_now(settings)
    except SettingsError as error:
        return Finding("site", Level.FAIL, error.message, "mend the key file")
    differing = runtime.differences(site.facts(conn), now)
    if differing:
        remedy = "nothing starts like this: see docs/operating/starting.md"
        return Finding("site", Level.FAIL, "; ".join(differing), remedy)
    return Finding("site", Level.OK, "keys, hash and time zone are those it was made with")


def _time(settings: Settings, database: Database) -> Finding:
    """Compare this machine's clock with the newest event."""
    behind = runtime.clock_behind(database, clock_of(settings)())
    found = f"{behind.total_seconds():.0f} s behind the newest event"
    if behind < _BEHIND_WARNED:
        return Finding("time", Level.OK, found)
    level = Level.FAIL if behind >= runtime.CLOCK_BEHIND else Level.WARN
    return Finding("time", level, found, "set the clock, or see that its time server is reached")


def _schema(differences: list[str]) -> Finding:
    if differences:
        found = f"{len(differences)} differences, the first: {differences[0]}"
        return Finding("schema", Level.FAIL, found, "onething db check, then onething db upgrade")
    return Finding("schema", Level.OK, "as this version declares it")


def _contents(settings: Settings, conn: Connection) -> Iterator[Finding]:
    yield _services(conn)
    yield _clock(conn)
    yield _holidays(settings, conn)
    yield _backlog(settings, conn)
    yield _incidents(conn)
    yield _webhooks(conn)


def _services(conn: Connection) -> Finding:
    number = len(definitions.newest_of_all(conn))
    if not number:
        return Finding("services", Level.FAIL, "none is deployed", "onething deploy")
    return Finding("services", Level.OK, f"{number} deployed")


def _clock(conn: Connection) -> Finding:
    """Compare this machine's clock with the database's; an embedded one has the same."""
    if conn.dialect.name == "sqlite":
        return Finding("clock", Level.OK, "the database has this machine's clock")
    drift = abs(system_clock() - conn.execute(select(func.clock_timestamp())).scalar_one())
    found = f"{drift.total_seconds():.1f} s from the database's"
    if drift < _DRIFT_WARNED:
        return Finding("clock", Level.OK, found)
    level = Level.FAIL if drift >= _DRIFT_REFUSED else Level.WARN
    return Finding("clock", level, found, "set both machines by the same time server")


def _holidays(settings: Settings, conn: Connection) -> Finding:
    calendar = load_default()
    for row in calendars.since(conn, 0):
        notice = parse_notice(row.content, f"{row.jurisdiction}-{row.year}")
        calendar = calendar.replaced(notice)
    today = clock_of(settings)().astimezone(settings.zone).date()
    year = calendar.missing_year(today)
    if year is None:
        return Finding("holidays", Level.OK, "every year that should be here is")
    remedy = "onething calendar import FILE; until then due days of that year are provisional"
    return Finding("holidays", Level.WARN, f"the notice of {year} is missing", remedy)


def _backlog(settings: Settings, conn: Connection) -> Finding:
    waiting = jobs.backlog(conn, clock_of(settings)())
    lag = max(waiting.jobs_lag, waiting.timers_lag)
    found = f"{waiting.queued} jobs, longest overdue {lag.total_seconds():.0f} s"
    if lag > _LAG_WARNED:
        return Finding("queues", Level.WARN, found, "see that a worker runs")
    return Finding("queues", Level.OK, found)


def _incidents(conn: Connection) -> Finding:
    number = incidents.count_open(conn)
    if number:
        return Finding("incidents", Level.WARN, f"{number} open", "an operator must act")
    return Finding("incidents", Level.OK, "none open")


def _webhooks(conn: Connection) -> Finding:
    rows = subscriptions.listing(conn)
    stopped = [row.subscription_id for row in rows if row.state == "paused"]
    if stopped:
        remedy = "onething subscriptions list, then resume"
        return Finding("webhooks", Level.WARN, f"paused: {', '.join(stopped)}", remedy)
    failing = [row.subscription_id for row in rows if row.failures]
    if failing:
        remedy = "tell the receivers' operators"
        return Finding("webhooks", Level.WARN, f"not received: {', '.join(failing)}", remedy)
    return Finding("webhooks", Level.OK, f"{len(rows)} subscriptions")
