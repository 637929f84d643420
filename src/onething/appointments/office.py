"""An office: where and when it serves people, and how many at a time."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from onething.calendar import Calendar, jurisdiction_of
from onething.errors import InvalidInput

Stretch = tuple[time, time]
_WORD = re.compile(r"[a-z][a-z0-9-]{1,39}")
_DIVISION = re.compile(r"[0-9]{6}")
_NAME, _MOST_POSTS, _MOST_DAYS = 60, 12, 200
_BOUNDS = {
    "slot_minutes": (5, 240),
    "horizon_days": (1, 180),
    "no_show_minutes": (5, 240),
}
DEFAULTS = {"slot_minutes": 30, "horizon_days": 30, "no_show_minutes": 15}
"""An assumption: no source says how long a slot is, how far ahead is booked, how long is waited."""


@dataclass(frozen=True, slots=True)
class Post:
    """One kind of counter of an office: what it does, and for how many at a time."""

    post: str
    name: str
    name_en: str
    capacity: int
    """Most bookings of one slot."""
    services: tuple[str, ...]
    """Codes of the services that are booked here."""


@dataclass(frozen=True, slots=True)
class Office:
    """What an office says of itself."""

    office_id: str
    name: str
    name_en: str
    address: str
    address_en: str
    department: str
    division: str
    calendar: str
    """Which office the holiday notices mean, such as `marriage`; empty: none in particular."""
    slot_minutes: int
    horizon_days: int
    no_show_minutes: int
    hours: Mapping[int, tuple[Stretch, ...]]
    """Hours by weekday, Monday 1; a weekday without any is closed."""
    closed: frozenset[date]
    extra: Mapping[date, tuple[Stretch, ...]]
    """Days on which it serves whatever else is so."""
    posts: tuple[Post, ...]

    def post_of(self, service: str) -> Post | None:
        """Return the first post at which a service is booked, or None."""
        return next((one for one in self.posts if service in one.services), None)

    def post(self, word: str) -> Post | None:
        """Return a post by its word, or None."""
        return next((one for one in self.posts if one.post == word), None)

    @property
    def services(self) -> tuple[str, ...]:
        """Codes of all services that are booked here."""
        return tuple(dict.fromkeys(code for one in self.posts for code in one.services))

    def stretches(self, day: date, calendar: Calendar) -> tuple[Stretch, ...]:
        """Return the hours of a day; none on which the office serves nobody.

        Closed days come first, then extra ones, then holidays, make-up days and weekends by the
        legal calendar and what its notices say of this office.
        """
        if day in self.closed:
            return ()
        if day in self.extra:
            return self.extra[day]
        jurisdiction = jurisdiction_of(self.division)
        kind, _ = calendar.kind(day, jurisdiction)
        is_served = calendar.is_service_day(day, self.calendar, jurisdiction)
        own = self.hours.get(day.isoweekday(), ())
        if kind == "weekend" and not is_served:
            return own
        if not is_served:
            return ()
        usual = next((self.hours[one] for one in sorted(self.hours) if self.hours[one]), ())
        return own if kind == "working" else own or usual

    def slots(self, day: date, calendar: Calendar, zone: ZoneInfo) -> Iterator[datetime]:
        """Yield the beginnings of a day's slots in UTC; each lies whole within the hours."""
        length = timedelta(minutes=self.slot_minutes)
        for opens, closes in self.stretches(day, calendar):
            at = datetime.combine(day, opens, zone)
            end = datetime.combine(day, closes, zone)
            while at + length <= end:
                yield at.astimezone(UTC)
                at += length


def read_office(config: Mapping[str, Any]) -> Office:
    """Read an office of its stored or posted configuration.

    Raises:
        InvalidInput: Something does not fit; `fields` says what.
    """
    faults: dict[str, str] = {}
    reader = _Reader(config, faults)
    found = reader.office()
    if faults:
        raise InvalidInput("The office has mistakes", faults)
    return found


class _Reader:
    """Reads one configuration and notes every fault by its field."""

    def __init__(self, config: Mapping[str, Any], faults: dict[str, str]) -> None:
        self.config = config
        self.faults = faults

    def office(self) -> Office:
        return Office(
            office_id=self._word("office_id"),
            name=self._text("name"),
            name_en=self._text("name_en"),
            address=self._text("address", 120),
            address_en=self._text("address_en", 120),
            department=self._text("department"),
            division=self._division(),
            calendar=str(self.config.get("calendar") or "")[:40],
            slot_minutes=self._number("slot_minutes"),
            horizon_days=self._number("horizon_days"),
            no_show_minutes=self._number("no_show_minutes"),
            hours=self._hours(),
            closed=frozenset(self._closed()),
            extra=self._extra(),
            posts=tuple(self._posts()),
        )

    def _text(self, name: str, longest: int = _NAME) -> str:
        value = str(self.config.get(name) or "").strip()
        if not value or len(value) > longest:
            self.faults[name] = f"1 to {longest} characters"
        return value

    def _word(self, name: str) -> str:
        value = str(self.config.get(name) or "")
        if not _WORD.fullmatch(value):
            self.faults[name] = "2 to 40 small letters, digits and hyphens, a letter first"
        return value

    def _division(self) -> str:
        value = str(self.config.get("division") or "")
        if not _DIVISION.fullmatch(value):
            self.faults["division"] = "Six digits"
        return value

    def _number(self, name: str) -> int:
        least, most = _BOUNDS[name]
        value = _whole(self.config.get(name, DEFAULTS[name]))
        if value is None or not least <= value <= most:
            self.faults[name] = f"A whole number from {least} to {most}"
            return DEFAULTS[name]
        return value

    def _hours(self) -> dict[int, tuple[Stretch, ...]]:
        given = self.config.get("hours") or {}
        found = {day: self._stretches(given.get(str(day), ()), "hours") for day in range(1, 8)}
        if not any(found.values()):
            self.faults.setdefault("hours", "At least one weekday has hours, such as 09:00-12:00")
        return {day: hours for day, hours in found.items() if hours}

    def _stretches(self, texts: Any, name: str) -> tuple[Stretch, ...]:  # noqa: ANN401 - posted
        found: list[Stretch] = []
        try:
            for text in texts:
                first, _, last = str(text).partition("-")
                opens, closes = time.fromisoformat(first), time.fromisoformat(last)
                if opens >= closes or (found and opens < found[-1][1]):
                    raise ValueError(text)  # noqa: TRY301 - one answer for all faults of hours
                found.append((opens.replace(tzinfo=None), closes.replace(tzinfo=None)))
        except ValueError:
            self.faults[name] = "Hours such as 09:00-12:00, in order"
        return tuple(found)

    def _closed(self) -> Iterator[date]:
        days = list(self.config.get("closed") or ())
        for text in days[:_MOST_DAYS]:
            try:
                yield date.fromisoformat(str(text))
            except ValueError:
                self.faults["closed"] = "Dates such as 2026-12-31, one a line"

    def _extra(self) -> dict[date, tuple[Stretch, ...]]:
        found: dict[date, tuple[Stretch, ...]] = {}
        for text, hours in list((self.config.get("extra") or {}).items())[:_MOST_DAYS]:
            try:
                found[date.fromisoformat(str(text))] = self._stretches(hours, "extra")
            except ValueError:
                self.faults["extra"] = "Dates with hours such as 2028-05-20 09:00-12:00"
        if not all(found.values()):
            self.faults.setdefault("extra", "Each extra day has hours such as 09:00-12:00")
        return found

    def _posts(self) -> Iterator[Post]:
        given = list(self.config.get("posts") or ())
        words = [str(one.get("post") or "") for one in given]
        if not given or len(given) > _MOST_POSTS or len(set(words)) < len(words):
            self.faults["posts"] = f"1 to {_MOST_POSTS} counters, each with a word of its own"
        for one in given[:_MOST_POSTS]:
            capacity = _whole(one.get("capacity"))
            name = str(one.get("name") or "").strip()
            services = tuple(str(code) for code in one.get("services") or ())
            is_sound = capacity is not None and 0 <= capacity <= 100 and 0 < len(name) <= _NAME  # noqa: PLR2004
            if not is_sound or not _WORD.fullmatch(str(one.get("post") or "")):
                self.faults["posts"] = "A counter has a word, a name and 0 to 100 places a slot"
            yield Post(
                post=str(one.get("post") or ""),
                name=name,
                name_en=str(one.get("name_en") or name).strip()[:_NAME],
                capacity=capacity or 0,
                services=services,
            )


def _whole(value: Any) -> int | None:  # noqa: ANN401 - posted
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None  # noqa: PLR2004
