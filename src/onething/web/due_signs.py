"""How due dates are shown: by shape, colour and text, in working days of the case's region."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from onething.calendar import jurisdiction_of
from onething.runtime import Host

_ONE_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class DueSign:
    """What stands where something is due: never colour alone."""

    kind: str
    """Class: late, soon, calm, or none."""
    shape: str
    text: str
    day: str = ""
    """The last day, with its year where that is another one; empty where the text says it."""


def due_sign(host: Host, due_at: datetime | None, region: str | None = None) -> DueSign:
    """Return the sign of a due date.

    Args:
        host: Gives the instant, the legal zone and the calendar.
        due_at: The first instant that is too late; None where there is no limit.
        region: Division code whose holidays count; None takes the country's.
    """
    if due_at is None:
        return DueSign("none", "", _("无期限"))
    now, last = host.clock().astimezone(host.zone), last_moment(host, due_at)
    today, on = now.date().toordinal(), last.date().toordinal()
    day = f"{last:%m-%d}" if last.year == now.year else f"{last:%Y-%m-%d}"
    jurisdiction = jurisdiction_of(region)
    if due_at <= now:
        late = host.calendar.count_working_days(on, today, jurisdiction)
        return DueSign("late", "▲", _late(late), day)
    if on == today:
        return DueSign("soon", "◆", _today(due_at.astimezone(host.zone)))
    left = host.calendar.count_working_days(today, on, jurisdiction)
    kind, shape = ("soon", "◆") if left <= 1 else ("calm", "●")
    return DueSign(kind, shape, _left(left), day)


def last_moment(host: Host, due_at: datetime) -> datetime:
    """Return the last instant that is in time, in the legal zone; `due_at` is too late."""
    return (due_at - _INSTANT).astimezone(host.zone)


def soon_before(host: Host, region: str | None) -> datetime:
    """Return the instant before which everything due is late or soon, as the signs have it."""
    today = host.clock().astimezone(host.zone).date()
    on = host.calendar.working_day_after(today.toordinal(), 1, jurisdiction_of(region))
    midnight = datetime.combine(date.fromordinal(on) + _ONE_DAY, time.min, host.zone)
    return midnight + timedelta(seconds=1)


def _late(n: int) -> str:
    if n == 0:
        return str(_("已逾期"))
    return str(_("逾期 1 个工作日") if n == 1 else _("逾期 %(n)s 个工作日", n=n))


def _left(n: int) -> str:
    if n == 0:
        return str(_("不足 1 个工作日"))
    return str(_("还剩 1 个工作日") if n == 1 else _("还剩 %(n)s 个工作日", n=n))


def _today(due_at: datetime) -> str:
    """Return the words for today: with the time of day where that is not midnight."""
    if due_at.time() == time.min:
        return str(_("今日到期"))
    return str(_("今日 %(time)s 到期", time=f"{due_at:%H:%M}"))
