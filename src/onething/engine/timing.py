"""Time texts: ISO 8601 dates, durations and cycles, cron, and legal periods.

Legal periods are `WD(5)`, `ND(30)` and `PN(60)`, and in office hours `WH(4)` and `WM(30)`; they end
by the calendar in the legal time zone. Everything is counted from the instant of the step.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from onething import calendar
from onething.engine.context import Context
from onething.engine.cron import Cron
from onething.errors import ExpressionError

_LEGAL = re.compile(r"^(WD|ND|PN|WH|WM)\s*\(?\s*\d+\s*\)?$")
_DURATION = re.compile(
    r"^(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?"
    r"(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?$"
)
_CYCLE = re.compile(r"^R(\d*)/(.+)$")
_SHORTEST_CYCLE = timedelta(seconds=1)
_WITH_DATE = 3
"""Parts of a cycle that names its first date."""
_SHORTEST_MONTH = 28
ENDLESS = -1


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer fires first."""

    at: datetime
    """UTC."""
    left: int = 0
    """Further rounds; -1 without end."""
    provisional: bool = False


def text(at: datetime) -> str:
    """Return an instant as ISO 8601 text in UTC."""
    return at.astimezone(UTC).isoformat()


def instant(written: str) -> datetime:
    """Return the instant that `text` wrote."""
    return datetime.fromisoformat(written)


def spoken(value: Any, source: str) -> str:
    """Return what an expression gave as a time text; raise ExpressionError for others."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ExpressionError(f"{source} gives {value!r}, which is no time, duration or cycle")


def is_legal(spec: str) -> bool:
    """Tell whether a time text is a legal period, which the calendar counts."""
    return _LEGAL.match(spec) is not None


def first(spec: str, context: Context) -> Due:
    """Return when a time text is due first, counted from the context's instant.

    Raises ExpressionError for a text that is none.
    """
    if is_legal(spec):
        return _legal(spec, context)
    if spec.startswith("R"):
        return _first_of_cycle(spec, context)
    if spec.startswith(("P", "-P")):
        return Due(shift(context.now, spec, context))
    if spec.startswith("@") or (" " in spec and not re.match(r"^\d{4}-", spec)):
        return Due(Cron.parse(spec).after(context.now, context.zone), ENDLESS)
    return Due(moment(spec, context))


def following(spec: str, previous: str, left: int, context: Context) -> tuple[datetime, int] | None:
    """Return when a repeating time text is due again and how often more; None at its end."""
    if left == 0:
        return None
    rest = left - 1 if left > 0 else ENDLESS
    if not spec.startswith("R"):
        return Cron.parse(spec).after(instant(previous), context.zone), rest
    interval = _parts(spec)[-1]
    after = shift(instant(previous), interval, context)
    return after, rest


def _legal(spec: str, context: Context) -> Due:
    if context.calendar is None:
        raise ExpressionError(f"{spec} needs a calendar of working days")
    limit = calendar.parse_limit(spec.replace(" ", ""))
    at = calendar.due_at(context.now, limit, context.calendar, context.zone)
    start = context.now.astimezone(context.zone).date()
    if not limit.counts_days:
        years = range(start.year, at.astimezone(context.zone).year + 1)
        return Due(at, 0, not all(context.calendar.has_year(year) for year in years))
    return Due(at, 0, calendar.due(start, limit, context.calendar).provisional)


def _parts(spec: str) -> list[str]:
    match = _CYCLE.match(spec)
    if match is None:
        raise ExpressionError(f"{spec!r} is no cycle: expected R<n>/<duration>")
    parts = [match[1], *match[2].split("/")]
    if len(parts) == _WITH_DATE and parts[1].startswith("P"):
        parts = [parts[0], parts[2], parts[1]]
    if not parts[-1].startswith("P"):
        raise ExpressionError(f"{spec!r} has no duration")
    return parts


def _first_of_cycle(spec: str, context: Context) -> Due:
    parts = _parts(spec)
    count = ENDLESS if not parts[0] else int(parts[0])
    if shift(context.now, parts[-1], context) < context.now + _SHORTEST_CYCLE:
        raise ExpressionError(f"{spec!r} repeats faster than every second")
    if len(parts) == _WITH_DATE:
        at = max(moment(parts[1], context), context.now)
    else:
        at = shift(context.now, parts[-1], context)
    return Due(at, max(count - 1, 0) if count >= 0 else ENDLESS)


def shift(start: datetime, duration: str, context: Context) -> datetime:
    """Return an instant moved by an ISO 8601 duration; months and years in the legal zone."""
    match = _DURATION.match(duration)
    if match is None or not any(match[name] for name in _UNITS):
        raise ExpressionError(f"{duration!r} is no ISO 8601 duration")
    sign = -1 if match["sign"] else 1
    months = sign * (int(match["years"] or 0) * 12 + int(match["months"] or 0))
    try:
        moved = _add_months(start, months, context) if months else start
        return moved + sign * _exact(match)
    except (OverflowError, ValueError):
        raise ExpressionError(f"{duration!r} leads beyond the calendar") from None


_UNITS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")


def _exact(match: re.Match[str]) -> timedelta:
    seconds = Decimal(match["seconds"] or 0)
    return timedelta(
        weeks=int(match["weeks"] or 0),
        days=int(match["days"] or 0),
        hours=int(match["hours"] or 0),
        minutes=int(match["minutes"] or 0),
        microseconds=int(seconds * 1_000_000),
    )


def _add_months(start: datetime, months: int, context: Context) -> datetime:
    local = start.astimezone(context.zone)
    index = local.year * 12 + local.month - 1 + months
    year, month = divmod(index, 12)
    for day in range(local.day, _SHORTEST_MONTH - 1, -1):
        try:
            return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)
        except ValueError:
            if day == _SHORTEST_MONTH:
                raise
    return local.replace(year=year, month=month + 1).astimezone(UTC)


def moment(written: str, context: Context) -> datetime:
    """Return an ISO date or date-time as an instant; without zone it is the legal zone's."""
    # FEEL writes a zone by name behind an @; the offset, if any, comes before it.
    plain = re.sub(r"(@|\[).*$", "", written)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", plain):
            return datetime.combine(date.fromisoformat(plain), time(), context.zone).astimezone(UTC)
        at = datetime.fromisoformat(plain)
    except ValueError:
        raise ExpressionError(
            f"{written!r} is no date, duration, cycle, cron text or legal period"
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=context.zone)).astimezone(UTC)
