"""The host: everything a command needs that is not its own input."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from onething import engine, feel
from onething.calendar import Calendar, load_default
from onething.connectors import HttpConnector
from onething.db import Database
from onething.definitions import Definitions
from onething.history import AccessLog, Keys
from onething.materials import Store
from onething.now import Clock, system_clock
from onething.settings import Settings, secret


class States:
    """States of busy instances, trusted only at the sequence the database confirms."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[str, tuple[int, Any]] = OrderedDict()
        self._lock = Lock()

    def take(self, instance_id: str, sequence: int) -> Any | None:  # noqa: ANN401 - the engine's opaque state
        """Take a state out, or None; a state of another sequence is dropped."""
        with self._lock:
            kept = self._kept.pop(instance_id, None)
        return kept[1] if kept is not None and kept[0] == sequence else None

    def put(self, instance_id: str, sequence: int, state: Any) -> None:  # noqa: ANN401 - the engine's opaque state
        """Keep a state; the one unused for longest leaves."""
        with self._lock:
            self._kept[instance_id] = (sequence, state)
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def drop(self, instance_id: str) -> None:
        """Forget a state."""
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
    clock: Clock = system_clock
    calendar: Calendar = field(default_factory=load_default)
    departments: HttpConnector | None = None
    """The way to the departments' systems; None where this node calls nobody."""
    _access_log: AccessLog | None = None
    definitions: Definitions = field(default_factory=Definitions)
    states: States = field(default_factory=lambda: States(5_000))

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

    def context(self, now: datetime) -> engine.Context:
        """Return what the engine may read from outside, at an instant in UTC."""
        return engine.Context(now=now, zone=self.zone, calendar=self.calendar)

    def environment(self, now: datetime) -> feel.Environment:
        """Return FEEL's environment at an instant, in the legal time zone."""
        return feel.Environment(now=now.astimezone(self.zone))


def open_host(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    departments: HttpConnector | None = None,
    database: Database | None = None,
) -> Host:
    """Open a node by its settings; keys that are missing are drawn.

    Raises:
        SettingsError: A key file is readable by others or holds no key.
    """
    return Host(
        settings=settings,
        database=database or Database(settings.url),
        keys=Keys(secret(settings, "master"), settings.hash_name),
        store=Store(settings.data_dir / "contents", secret(settings, "contents")),
        clock=clock,
        departments=departments,
        states=States(settings.state_cache_size),
    )
