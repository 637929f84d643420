"""A case's history in words: who did what, where, and what followed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from onething.history import Event
from onething.identity import SYSTEM_USER
from onething.runtime import FOR_A_CITIZEN, Place
from onething.web.card_words import card_colour, card_rule
from onething.web.naming import is_party, person_name, post_text

KINDS = {
    "CaseStarted": later("申请已提交"),
    "AppointmentReopened": later("申请人要求改期"),
    "AppointmentGivenUp": later("申请人取消预约"),
    "TaskCompleted": later("完成任务"),
    "TaskClaimed": later("领取任务"),
    "TaskReturned": later("退回任务"),
    "TaskDelegated": later("转交任务"),
    "TaskMoved": later("任务移到其他岗位或辖区"),
    "JobCompleted": later("部门系统已答复"),
    "JobRefused": later("部门系统不能办理"),
    "JobFailed": later("部门系统未能办理"),
    "JobRetried": later("重新调用部门系统"),
    "JobCompletedByHand": later("人工补录系统结果"),
    "JobSkipped": later("跳过部门系统调用"),
    "StepRetried": later("重新执行环节"),
    "Modified": later("人工调整环节"),
    "Suspended": later("运维暂停办理"),
    "Resumed": later("运维恢复办理"),
    "CaseFollowed": later("已开立后续办件"),
    "CaseHeld": later("依法暂停办理"),
    "HoldLifted": later("依法暂停已解除"),
    "Migrated": later("迁移到其他部署"),
    "TimerFired": later("期限届满"),
    "MessageCorrelated": later("收到消息"),
    "SignalReceived": later("收到信号"),
    "CaseWithdrawn": later("申请人撤回"),
    "CaseCancelled": later("办件取消"),
    "CardRaised": later("电子监察亮牌"),
    "CardAnswered": later("说明亮牌原因"),
    "CardReviewed": later("核实亮牌"),
    "CardWaived": later("撤销亮牌"),
    "CardEscalated": later("亮牌逾期未说明，已上报"),
    "MandateRevoked": later("委托人撤销委托"),
    "MaterialAdded": later("补充材料"),
    "DocumentWithdrawn": later("文书作废"),
    "OriginalSeen": later("核对了材料原件"),
    "OriginalNotSeen": later("撤销原件核对"),
    "ObjectionAnswered": later("答复共享数据异议"),
    "ClockPaused": later("时限中止计算"),
    "ClockResumed": later("时限恢复计算"),
    "ClockExtended": later("延长办理期限"),
    "NoticePermitted": later("批准再次一次性告知补正"),
    "ClocksRedated": later("按新的放假通知重算期限"),
}
"""What each kind of event is called."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever did something, as a person reads it."""

    name: str
    """Of a person, and for whom they acted; of the product itself."""
    place: str
    """Department, post and region in words, or an empty text."""
    code: str
    """Account and post as history keeps them, where the name does not say it already."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event as a person reads it."""

    sequence: int
    text: str
    at: datetime
    who: Who
    ended: list[str]
    """Names of the activities that ended."""
    began: list[str]
    """Names of the activities that began."""
    why: str
    """The reason, where history keeps one for everybody who sees the case."""


def event_text(kind: str, told: Mapping[str, Any]) -> str:
    """Return what an event is called; a card of supervision with its colour and reason."""
    text = str(KINDS.get(kind, kind))
    if kind != "CardRaised":
        return text
    colour, rule = card_colour(told["colour"]).text, card_rule(told["rule"])
    return str(_("%(what)s：%(colour)s，%(rule)s", what=text, colour=colour, rule=rule))


def who(user: str, post: str | None, absent: str | None = None) -> Who:
    """Return who acted, at which post and for whom; of whoever files cases no more than that."""
    name = str(_("申请人")) if is_party(user) else person_name(user)
    if absent is not None and absent.startswith(FOR_A_CITIZEN):
        name = str(_("%(who)s 在窗口为申请人帮办", who=name))
    elif absent:
        name = str(_("%(who)s 代 %(absent)s 办理", who=name, absent=person_name(absent)))
    code = f"{user}({post})" if post and post != user else user
    is_told = user == SYSTEM_USER or code == name
    return Who(name, post_text(post) if post else "", "" if is_told else code)


def chronicle(events: Iterable[Event], names: Mapping[Place, str]) -> list[Line]:
    """Return events in words, in their order."""
    return [_line(event, names) for event in events]


def named(places: Iterable[Place], names: Mapping[Place, str]) -> list[str]:
    """Return the names of places, each once; a place without a name is left out."""
    return list(dict.fromkeys(names[place] for place in places if place in names))


def _line(event: Event, names: Mapping[Place, str]) -> Line:
    return Line(
        sequence=event.sequence,
        text=event_text(event.kind, event.input),
        at=event.at,
        who=who(event.actor, event.post, event.on_behalf_of),
        ended=named(_places(event.effects.get("ended", ())), names),
        began=named(_places(event.effects.get("began", ())), names),
        why=_why(event.input.get("reason")),
    )


def _why(reason: object) -> str:
    """Return a reason in plain words; one that is personal stands in history as a commitment."""
    return reason if isinstance(reason, str) else ""


def _places(passages: Iterable[Any]) -> Iterable[Place]:
    return (Place(process, activity) for activity, _token, process in passages)
