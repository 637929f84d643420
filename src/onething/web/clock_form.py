"""What people ask of a clock on its page: read from the form, refused in plain words."""

from collections.abc import Iterable, Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from onething import runtime
from onething.clocks import Clock
from onething.errors import CalendarError, ClockRefused, InvalidInput, OnethingError
from onething.identity import Actor
from onething.runtime import ClockMove, ClockView, Extension, Pause, Resume

PROCEDURES = ("听证", "检验", "检测", "检疫", "鉴定", "专家评审", "现场勘验", "公告")
"""What usually does not count; others are written in.

Source: 行政许可法 第四十五条.
"""
_REFUSALS = {
    "running": later("该时限正在计时。"),
    "paused": later("该时限已经暂停，须先恢复计时。"),
    "overlap": later("这些日期已在另一次暂停之内。"),
    "unpaused": later("该时限没有暂停，不需要恢复。"),
    "extended": later("该时限已经延长过一次，依法不得再次延长。"),
    "nothing": later("延长至少一日。"),
    "ended": later("该时限已经停止计时，不能再变动。"),
    "derived": later("整件事的时限随各单事项推算，请在单事项的时限上办理。"),
    "fixed": later("该时限由法律直接规定，不能暂停或延长。"),
    "future": later("暂停不能从将来的日期开始。"),
    "future-end": later("暂停的最后一日不能在将来；尚未结束的，请留空。"),
    "before": later("暂停不能早于起算日。"),
    "reversed": later("暂停的最后一日早于第一日。"),
    "second": later(
        "本部门已经一次性告知过补正。再次告知须由本部门主管在办件页的“时限”中批准并写明理由。"
    ),
    "first": later("本部门尚未告知过补正，首次告知不需要批准。"),
    "waiting": later("上一次补正尚在等待申请人，不能批准再次告知。"),
    "permitted": later("已经批准再次告知，尚未使用。"),
}


def refusal(error: OnethingError) -> str:
    """Return why something was refused, in the reader's language."""
    if isinstance(error, ClockRefused):
        return str(_REFUSALS.get(error.why, _("该时限不能这样变动。")))
    if isinstance(error, CalendarError):
        return str(_("时长须为正整数，最长十年。"))
    if isinstance(error, InvalidInput):
        return str(_("请写明理由、依据和时长；理由和依据各不超过 500 字，日期须真实存在。"))
    return str(_("本事项缺少书面告知的文书，不能办理。"))


def doors(views: Iterable[ClockView], actor: Actor) -> dict[str, str]:
    """Return what a person may do to each clock of a case, by clock: the words of its link."""
    found: dict[str, str] = {}
    asked: set[str | None] = set()
    for view in reversed(list(views)):
        clock, is_newest = view.clock, view.clock.department not in asked
        if clock.kind == "supplement":
            asked.add(clock.department)
        if not runtime.moves_clock(actor, clock):
            continue
        if is_movable(clock):
            found[clock.clock_id] = str(_("暂停、恢复或延长"))
        elif is_newest and is_permissible(clock):
            found[clock.clock_id] = str(_("批准再次告知补正"))
    return found


def is_movable(clock: Clock) -> bool:
    """Tell whether a clock is one that people pause and extend."""
    return clock.is_open and clock.kind == "handling" and not clock.is_derived


def is_permissible(clock: Clock) -> bool:
    """Tell whether a clock is that of a notice after which a second one may be permitted."""
    is_over = clock.kind == "supplement" and not clock.is_open
    return is_over and clock.entries[-1].kind != "permit"


def asked(form: Mapping[str, str], clock_id: str) -> ClockMove:
    """Return what a form asks for.

    Raises:
        InvalidInput: It names no move, or a day that does not exist.
    """
    reason, basis = form.get("reason", "").strip(), form.get("basis", "").strip()
    match form.get("move"):
        case "pause":
            first, last = _day(form, "first"), _day(form, "last")
            return Pause(clock_id, reason, basis, _length(form), first, last)
        case "resume":
            return Resume(clock_id)
        case "extend":
            return Extension(clock_id, _length(form), reason, basis)
    raise InvalidInput("No such move of a clock", {"move": "pause, resume or extend"})


def _length(form: Mapping[str, str]) -> str:
    """Return a limit; empty where no number is given."""
    number = form.get("number", "").strip()
    return f"{form.get('unit', '')}({number})" if number else ""


def _day(form: Mapping[str, str], name: str) -> date | None:
    text = form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput("No such day", {name: "YYYY-MM-DD"}) from None
