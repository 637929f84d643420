"""The host: everything a command needs that is not its own input."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from onething import __version__, calendars, cases, engine, feel, metrics, tasks, tracing
from onething.calendar import Calendar, jurisdiction_of, load_default, load_versions, parse_notice
from onething.clocks import Clock as LegalClock
from onething.connectors import Connector, Drop, Hook
from onething.db import Database
from onething.definitions import Definitions
from onething.errors import HistoryBroken
from onething.history import AccessLog, Keys
from onething.materials import NoScanner, Scanner, Store, scanner_of
from onething.now import Clock, system_clock
from onething.runtime.limits import set_limits
from onething.settings import Settings, secret

T = TypeVar("T")
_FIRST = engine.Limits()
"""What bounded the steps whose events name no limits: they are older than the settings."""
_TRIES = 6
"""So often a command runs for want of running numbers: the last time with 160 of each."""


@dataclass(slots=True)
class Kept:
    """What a command leaves of an instance for the next one."""

    state: Any = None
    """The engine's opaque state; None where it is not known."""
    clocks: list[LegalClock] | None = None
    """The clocks of the case with their ledgers; None where they are not known."""


class States:
    """States of busy instances, trusted only at the sequence the database confirms."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[str, tuple[int, Kept]] = OrderedDict()
        self._lock = Lock()

    def take(self, instance_id: str, sequence: int) -> Kept | None:
        """Take out what is kept, or None; what is of another sequence is dropped."""
        with self._lock:
            kept = self._kept.pop(instance_id, None)
        return kept[1] if kept is not None and kept[0] == sequence else None

    def put(self, instance_id: str, sequence: int, kept: Kept) -> None:
        """Keep an instance; the one unused for longest leaves."""
        with self._lock:
            self._kept[instance_id] = (sequence, kept)
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def drop(self, instance_id: str) -> None:
        """Forget an instance."""
        with self._lock:
            self._kept.pop(instance_id, None)


@dataclass(slots=True)
class Host:
    """Settings, database, clock, calendar, keys and caches of one running node."""

    settings: Settings
    database: Database
    keys: Keys
    store: Store
    """Contents of materials and documents."""
    scanner: Scanner = field(default_factory=NoScanner)
    """Asked about every file before it is kept."""
    clock: Clock = system_clock
    calendar: Calendar = field(default_factory=load_default)
    """The calendar by which steps are taken now."""
    calendars: Mapping[str, Calendar] = field(default_factory=load_versions)
    """Earlier calendars by version: what was counted by one is replayed by it."""
    imported: int = 0
    """Number of the last imported notice that is in the calendar."""
    departments: Connector | None = None
    """The way to the departments' systems; None where this node calls nobody."""
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    """What departments may send by themselves, by code."""
    drops: Mapping[str, Drop] = field(default_factory=dict)
    """The exchange folders of departments without an API, by code."""
    _access_log: AccessLog | None = None
    definitions: Definitions = field(default_factory=Definitions)
    states: States = field(default_factory=lambda: States(5_000))
    redirects: tasks.Redirects = field(default_factory=tasks.Redirects)
    """Where the tasks of offices go that have moved."""
    serials: cases.Serials = field(default_factory=cases.Serials)
    audiences: dict[Hashable, Any] = field(default_factory=dict)
    """What each post filters its queue by, by deployment: see `audiences`."""

    @property
    def access_log(self) -> AccessLog:
        """The log of readings of personal data."""
        if self._access_log is None:
            self._access_log = AccessLog(self.database, self.settings.hash_name)
        return self._access_log

    @property
    def zone(self) -> ZoneInfo:
        """The legal time zone."""
        return ZoneInfo(self.settings.timezone)

    @property
    def today(self) -> date:
        """The legal day."""
        return self.clock().astimezone(self.zone).date()

    @property
    def outside(self) -> dict[str, Any]:
        """What a step reads from outside beside its instant, as its event names it."""
        return {
            "calendar": self.calendar.version,
            "zone": self.settings.timezone,
            "limits": [self.settings.automatic_steps, self.settings.call_depth],
        }

    def outside_in(self, region: str | None) -> dict[str, Any]:
        """What a step on a case of a region reads from outside: whose calendar holds, too."""
        return self.outside | {"jurisdiction": jurisdiction_of(region)}

    def context(self, now: datetime, outside: Mapping[str, Any] | None = None) -> engine.Context:
        """Return what the engine may read from outside, at an instant in UTC.

        Args:
            now: The instant, aware.
            outside: What an event names as read from outside; None takes what is so now.

        Raises:
            HistoryBroken: This node does not have the calendar.
        """
        told = self.outside if outside is None else outside
        steps, depth = told.get("limits") or (_FIRST.automatic_steps, _FIRST.depth)
        return engine.Context(
            now=now,
            zone=ZoneInfo(told.get("zone") or self.settings.timezone),
            calendar=self._calendar(told.get("calendar")).within(told.get("jurisdiction") or "CN"),
            limits=engine.Limits(automatic_steps=steps, depth=depth),
        )

    def _calendar(self, version: str | None) -> Calendar:
        if version is None or version == self.calendar.version:
            return self.calendar
        if version not in self.calendars:
            raise HistoryBroken(f"This node does not have the calendar {version}")
        return self.calendars[version]

    def take_notices(self, conn: Connection) -> None:
        """Take in the notices that were imported since this node last looked."""
        for row in calendars.since(conn, self.imported):
            notice = parse_notice(row.content, f"{row.jurisdiction}-{row.year}")
            calendar = self.calendar.replaced(notice)
            self.calendars = {**self.calendars, calendar.version: calendar}
            self.calendar, self.imported = calendar, row.number

    def take_in(self, conn: Connection, newest_notice: int, redirects: int) -> None:
        """Take in what the site has decided since this node last looked.

        Args:
            conn: The command's connection.
            newest_notice: Number of the newest imported notice.
            redirects: How many rows tell of offices that have moved.
        """
        if newest_notice > self.imported:
            self.take_notices(conn)
        if redirects != self.redirects.rows:
            self.redirects = tasks.read_redirects(conn)

    @property
    def missing_year(self) -> int | None:
        """The year whose holiday notice should be here by now and is not."""
        return self.calendar.missing_year(self.today)

    def environment(self, now: datetime) -> feel.Environment:
        """Return FEEL's environment at an instant: legal time zone and legal calendar."""
        return self.context(now).environment()

    def write(self, command: Callable[[Connection], T]) -> T:
        """Run a command in one transaction and return its answer once it is on disk.

        Where another one wrote the same key (an idempotency key, a core subject, a number) at
        the same instant, the command runs once more and sees what the other one wrote.
        """
        with metrics.command(command), tracing.command(command):
            try:
                return self._write(command)
            except IntegrityError:
                return self._write(command)

    def _write(self, command: Callable[[Connection], T]) -> T:
        """Run a command; the running numbers that it lacks are drawn between two tries.

        Drawn beside it they would need a second connection while it holds one: behind a pooler
        commands could hold every one and wait for another.
        """
        for amount in (cases.BLOCK << attempt for attempt in range(_TRIES - 1)):
            try:
                return self.database.write(command)
            except cases.NotDrawn as missing:
                self._draw(missing.scopes, amount)
        return self.database.write(command)

    def _draw(self, scopes: Sequence[str], amount: int) -> None:
        def draw(conn: Connection) -> dict[str, int]:
            return {scope: cases.next_serial(conn, scope, amount) for scope in scopes}

        self.serials.keep(self.database.write(draw), amount)


def open_host(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    departments: Connector | None = None,
    database: Database | None = None,
) -> Host:
    """Open a node by its settings; keys that are missing are drawn.

    Raises:
        SettingsError: A key file is readable by others or holds no key.
    """
    set_limits(settings)
    tracing.configure(settings.traces_url, __version__, settings.traces_percent)
    return Host(
        settings=settings,
        database=database or Database.of(settings),
        keys=Keys(secret(settings, "master"), settings.hash_name),
        store=Store(settings.data_dir / "contents", secret(settings, "contents")),
        scanner=scanner_of(settings.scanner, settings.scanner_wait_s),
        clock=clock,
        departments=departments,
        hooks=getattr(departments, "hooks", {}),
        drops=getattr(departments, "drops", {}),
        states=States(settings.state_cache_size),
    )
