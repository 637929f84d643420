"""The receipt of an application as a printout."""

from collections.abc import Iterator
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from onething import cases
from onething.definitions import Definition
from onething.documents import day
from onething.documents.printout import Printout, Seal, Table
from onething.runtime import ClockView, LegView, ReceiptView
from onething.web import printing
from onething.web.clock_panel import LEGS, clock_name
from onething.web.language import language
from onething.web.material_words import material_kind
from onething.web.node import host
from onething.web.shown import limits_in, moment_text
from onething.web.wording import case_title, worded
from onething.web.words import listed, material_source


def receipt_paper(view: ReceiptView, query_code: str | None, issuer: str, seal: Seal) -> Printout:
    """Return the receipt of a case.

    Args:
        view: What it says.
        query_code: The code for looking it up, where it is still known; else None.
        issuer: Who received the application, in the reader's language.
        seal: Whose seal goes on it.
    """
    return Printout(
        title=str(_("申请回执")),
        issuer=issuer,
        facts=tuple(_facts(view, query_code)),
        tables=(_materials(view), _limits(view)),
        notes=tuple(_notes(view, query_code)),
        footer=printing.footer(),
        page_label=printing.page_label(),
        language=language(),
        qr=url_for("lookup.form", case_no=view.case.case_no, _external=True),
        qr_label=str(_("扫码查进度")),
        seal=seal,
    )


def front_desk(definition: Definition) -> str | None:
    """Return the department that receives applications: the desk that checks all of them."""
    lanes = (one for one in definition.service.lanes if "*" in one.elements)
    lane = next(lanes, None)
    core = definition.service.item(definition.service.core_item)
    return lane.department if lane else core.department if core else None


def _facts(view: ReceiptView, query_code: str | None) -> Iterator[tuple[str, str]]:
    case = view.case
    yield str(_("办件编号")), case.case_no
    if query_code:
        yield str(_("查询码")), query_code
    yield str(_("申请事项")), case_title(case)
    yield str(_("提交时间")), moment_text(host(), case.submitted_at)
    if case.accepted_at is not None:
        yield str(_("受理时间")), moment_text(host(), case.accepted_at)
    at_window = case.channel == cases.CHANNELS["window"]
    yield str(_("办理形式")), str(_("窗口，工作人员帮办") if at_window else _("网上申请"))


def _materials(view: ReceiptView) -> Table:
    heads = (_("材料"), _("文件"), _("来源"), _("提交时间"))
    rows = tuple(
        (
            material_kind(one, view.case) or str(_("其他材料")),
            one.name,
            material_source(one.source),
            moment_text(host(), one.at),
        )
        for one in view.materials
    )
    empty = _("没有上传的材料。部门能够共享的，由系统查询，不用提交。")
    return Table(str(_("收到的材料")), tuple(map(str, heads)), rows, str(empty))


def _limits(view: ReceiptView) -> Table:
    heads = (_("事项"), _("时限"), _("到期日"), _("怎么算的"))
    rows = tuple(
        _limit(one, leg, view.definition)
        for one in view.clocks
        if one.clock.is_open
        for leg in one.legs
    )
    empty = _("时限自受理之日起计算，受理后可以在办理进度里查看。")
    return Table(str(_("什么时候办完")), tuple(map(str, heads)), rows, str(empty))


def _limit(view: ClockView, leg: LegView, definition: Definition) -> tuple[str, ...]:
    due = _moment(leg)
    if view.clock.provisional and due:
        due = str(_("%(due)s（暂定）", due=due))
    return (
        clock_name(view, definition),
        f"{LEGS[leg.leg]} {limits_in(leg.limit)}",
        due or str(_("暂不能确定")),
        _counted(view, leg, definition),
    )


def _moment(leg: LegView) -> str:
    if leg.due_at is not None:
        return f"{leg.due_at:%Y-%m-%d %H:%M}"
    return _day(leg.due_on) if leg.due_on else ""


def _day(on: date) -> str:
    return day(on, language())


def _counted(view: ClockView, leg: LegView, definition: Definition) -> str:
    """Say from which day a limit was counted and which days were left out, and by which rule."""
    said = [str(_("自 %(day)s 起算，当日不计", day=_day(view.clock.started_on)))]
    left = _left_out(leg)
    if left:
        said.append(str(_("不计 %(days)s", days=listed(left))))
    if view.clock.basis:
        said.append(worded(view.clock.basis, definition))
    return "；".join(said) if language() == "zh" else "; ".join(said)


def _left_out(leg: LegView) -> list[str]:
    resting = [one.kind for one in leg.days if one.number is None and one.pause is None]
    weekends, holidays = resting.count("weekend"), resting.count("holiday")
    paused = sum(one.pause is not None for one in leg.days)
    return [
        *([str(_("周末 %(n)s 天", n=weekends))] if weekends else []),
        *([str(_("节假日 %(n)s 天", n=holidays))] if holidays else []),
        *([str(_("暂停 %(n)s 天", n=paused))] if paused else []),
    ]


def _notes(view: ReceiptView, query_code: str | None) -> Iterator[str]:
    if view.case.accepted_at is None:
        yield str(_("本回执证明已收到申请，不代表申请已被受理。是否受理会另行告知。"))
    yield str(_("查进度：登录后打开“我的办件”，或者扫码后输入查询码。"))
    if query_code:
        yield str(_("查询码等同于钥匙，请勿告诉他人。"))
    else:
        yield str(_("查询码只在开立时打印；本人登录后，在“我的办件”的回执里可以看到。"))
