"""The clocks of a case as people read them: a calendar strip that accounts for every day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from onething.clocks import Clock, Day, Entry
from onething.definitions import Definition
from onething.runtime import ClockView, LegView
from onething.web.shown import limit_text, limits_in
from onething.web.wording import item_name, worded
from onething.web.words import Word

_KINDS = {
    "reception": later("受理决定"),
    "handling": later("办理"),
    "supplement": later("补正"),
    "notice": later("公示"),
    "cooling-off": later("冷静期"),
    "collection": later("领取期限"),
    "task": later("任务"),
}
_STATES = {
    "running": ("brand", "●", later("计时中")),
    "paused": ("warn", "‖", later("已暂停")),
    "stopped": ("", "■", later("已停止计时")),
    "expired": ("", "▲", later("已届满")),
}
LEGS = {"promised": later("承诺时限"), "statutory": later("法定时限")}
_MOVED = {
    "start": later("批准再次一次性告知补正"),
    "pause": later("暂停计时"),
    "exclusion": later("不计入时限"),
    "resume": later("恢复计时"),
    "extension": later("延长"),
    "deemed": later("逾期未决定，视为受理"),
    "permit": later("批准再次一次性告知补正"),
    "shared": later("索要了可共享的材料"),
    "redated": later("重新计算"),
}
_MOVES = {
    "resume": later("暂停结束后继续计时，到期日顺延"),
    "extension": later("经批准可以延长一次，并会告知申请人"),
    "year": later("下一年节假日安排公布后重新计算"),
}
_HOLIDAYS = {
    "元旦": later("元旦"),
    "春节": later("春节"),
    "清明节": later("清明节"),
    "劳动节": later("劳动节"),
    "端午节": later("端午节"),
    "中秋节": later("中秋节"),
    "国庆节": later("国庆节"),
}
_ONE_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a strip."""

    on: date
    kind: str
    """Class: start, counted, rest, paused, or empty outside the clock's days."""
    short: str
    """What stands in the cell."""
    told: str
    """The same in full words."""
    is_due: bool = False
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """One limit of a clock: in words, and day by day in weeks from Monday on."""

    name: str
    limit: str
    due_on: str
    """Last day, of hours the day and time; empty while nobody knows it."""
    weeks: list[list[Cell]]
    moves: list[str]
    """What would still move the due day."""
    is_in_hours: bool = False
    """Whether it is counted in office hours, of which no day is shown."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that moved a clock."""

    what: str
    days: str
    why: str
    basis: str
    approver: str | None


@dataclass(frozen=True, slots=True)
class Panel:
    """One clock."""

    clock_id: str
    name: str
    state: Word
    is_open: bool
    provisional: bool
    basis: str
    strips: list[Strip]
    """The promised limit first."""
    moved: list[Moved]
    is_whole: bool = False
    """Whether it is the case's as a whole, of which no day is counted by itself."""

    @property
    def is_counted(self) -> bool:
        """Whether it has days of its own to show and still goes on."""
        return self.is_open and any(one.weeks for one in self.strips)


def panels(views: list[ClockView], definition: Definition) -> list[Panel]:
    """Return the clocks of a case: the open ones first, each kind in the order it began."""
    return [_panel(one, definition) for one in sorted(views, key=lambda v: not v.clock.is_open)]


def _panel(view: ClockView, definition: Definition) -> Panel:
    clock = view.clock
    kind, sign, text = _STATES[clock.state]
    return Panel(
        clock_id=clock.clock_id,
        name=clock_name(view, definition),
        state=Word(kind, sign, str(text)),
        is_open=clock.is_open,
        provisional=clock.provisional and clock.is_open,
        basis=_basis(clock.basis, definition),
        strips=[_strip(view, leg, definition) for leg in view.legs],
        moved=[_moved(one, definition) for one in clock.entries if _is_told(clock, one)],
        is_whole=clock.owner == "case",
    )


def _basis(basis: str, definition: Definition) -> str:
    """Return the articles behind a limit, each in the reader's language."""
    return str(_("；")).join(worded(one, definition) for one in basis.split("; "))


def clock_name(view: ClockView, definition: Definition) -> str:
    """Name a clock: what it limits, of which item, or of the case as a whole."""
    name = str(_KINDS[view.clock.kind])
    item = definition.service.item(view.clock.item_id)
    if item is not None:
        return f"{item_name(item)} · {name}"
    return str(_("整件事 · %(kind)s", kind=name)) if view.clock.owner == "case" else name


def _is_told(clock: Clock, entry: Entry) -> bool:
    """Tell whether an entry moved the clock; a start does so where it is a second notice's."""
    is_second = clock.kind == "supplement" and entry.approver is not None
    return entry.kind in _MOVED and (entry.kind != "start" or is_second)


def _moved(entry: Entry, definition: Definition) -> Moved:
    days = f"{entry.first}" + (f" – {entry.last}" if entry.last else "")
    is_reason = not entry.reason.startswith("handling.")
    return Moved(
        what=str(_MOVED[entry.kind]) + (f" {limits_in(entry.limit)}" if entry.limit else ""),
        days=days,
        why=worded(entry.reason, definition) if is_reason else str(_("随单事项的时限调整")),
        basis=worded(entry.basis, definition),
        approver=entry.approver,
    )


def _strip(view: ClockView, leg: LegView, definition: Definition) -> Strip:
    return Strip(
        name=str(LEGS[leg.leg]),
        limit=_limit(view.clock, leg),
        due_on=f"{leg.due_at:%Y-%m-%d %H:%M}" if leg.due_at else str(leg.due_on or ""),
        is_in_hours=leg.due_at is not None,
        weeks=list(_weeks(view, leg, definition)) if leg.days else [],
        moves=[str(_MOVES[one]) for one in leg.moves],
    )


def _limit(clock: Clock, leg: LegView) -> str:
    """Say how long a limit is, with what it was extended by; parts of no days are left out."""
    extended = (one.limit or "" for one in clock.entries if one.kind == "extension")
    parts = [one for one in (*leg.limit.split("+"), *extended) if one and not one.endswith("(0)")]
    return " + ".join(limits_in(one) for one in parts) or limit_text("same-day")


def _weeks(view: ClockView, leg: LegView, definition: Definition) -> Iterator[list[Cell]]:
    """Yield the weeks from the one in which the clock began to that of its due day."""
    known = {one.on: one for one in leg.days}
    start, last = view.clock.started_on, max(leg.days[-1].on, leg.due_on or date.min)
    monday = start - timedelta(days=start.weekday())
    while monday <= last:
        days = [monday + at * _ONE_DAY for at in range(_WEEK)]
        yield [_cell(on, _told(known.get(on), definition), view, leg) for on in days]
        monday += _WEEK * _ONE_DAY


def _told(day: Day | None, definition: Definition) -> Day | None:
    """Return a day with the reason of its pause in the reader's language."""
    if day is None or day.pause is None:
        return day
    return replace(day, pause=replace(day.pause, reason=worded(day.pause.reason, definition)))


def _cell(on: date, day: Day | None, view: ClockView, leg: LegView) -> Cell:
    if on == view.clock.started_on:
        kind, short, told = "start", _("起算"), _("起算日，当日不计")
    elif day is None:
        kind, short, told = "", "", ""
    else:
        kind, short, told = _said(day)
    return Cell(
        on=on,
        kind=kind,
        short=str(short),
        told=str(told),
        is_due=on == leg.due_on,
        is_today=on == view.today and view.clock.is_open,
    )


def _said(day: Day) -> tuple[str, str, str]:
    """Return class, short and full words of a day."""
    holiday = _holiday(day.holiday)
    if day.pause is not None:
        return "paused", _("‖ 停"), _("暂停，不计：%(reason)s", reason=day.pause.reason)
    if day.number is not None and day.kind == "make-up":
        told = _("调休上班日（%(holiday)s），计为第 %(n)s 日", holiday=holiday, n=day.number)
        return "counted", _("班 %(n)s", n=day.number), told
    if day.number is not None:
        return "counted", _("第 %(n)s 日", n=day.number), _("计为第 %(n)s 日", n=day.number)
    if day.kind == "holiday":
        return "rest", _("假"), _("%(holiday)s，不计", holiday=holiday)
    if day.kind == "weekend":
        return "rest", _("休"), _("周末，不计")
    return "rest", _("不计"), _("当日不计")


def _holiday(name: str) -> str:
    """Return a holiday's name, or names, in the reader's language."""
    return " / ".join(str(_HOLIDAYS.get(one, one)) for one in name.split("、")) if name else ""
