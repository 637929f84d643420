"""The menu: what a person's roles lead to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_login import current_user

from onething.identity import Actor
from onething.runtime import count_objections, count_unread
from onething.web.node import host


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    text: str
    href: str
    count: int = 0
    """Unread lines behind it."""
    also: str = ""
    """A page that stands elsewhere and belongs to it."""


_ENTRIES: tuple[tuple[str, Any, frozenset[str]], ...] = (
    ("catalogue.index", later("办事目录"), frozenset()),
    ("tracker.index", later("我的办件"), frozenset({"applicant", "helper"})),
    (
        "messages.index",
        later("消息"),
        frozenset({"applicant", "helper", "clerk", "supervisor", "deputy"}),
    ),
    ("appointments.index", later("我的预约"), frozenset({"applicant", "helper"})),
    ("queue.index", later("待办任务"), frozenset({"clerk", "supervisor"})),
    ("case.index", later("办件查询"), frozenset({"clerk", "supervisor", "auditor"})),
    ("absences.index", later("不在岗安排"), frozenset({"clerk", "supervisor"})),
    ("offices.index", later("办事大厅"), frozenset({"clerk", "supervisor"})),
    ("supervision.index", later("电子监察"), frozenset({"supervisor", "deputy", "auditor"})),
    ("operations.index", later("运行状况"), frozenset({"operator", "auditor"})),
    ("incidents.index", later("异常处置"), frozenset({"operator", "auditor"})),
    ("definitions.index", later("流程定义"), frozenset({"designer", "auditor", "operator"})),
    ("audit.index", later("审计"), frozenset({"auditor"})),
    (
        "subscriptions.index",
        later("事件推送"),
        frozenset({"administrator", "operator", "auditor"}),
    ),
    ("people.index", later("人员与岗位"), frozenset({"administrator", "security_officer"})),
)

_OF_A_DEPARTMENT = frozenset({"queue.index", "case.index", "absences.index"})
_WORKERS = frozenset({"clerk", "supervisor"})


def menu() -> list[Entry]:
    """Return the entries for whoever is signed in."""
    actor = current_user.actor if current_user.is_authenticated else Actor("")
    unread = count_unread(host(), actor) if actor.user else 0
    counts = {"messages.index": unread}
    objections = list(_objections(actor))
    also = {"audit.index": url_for("people.changes")}
    if not objections:
        also["supervision.index"] = url_for("objections.index")
    found = [
        Entry(str(text), url_for(endpoint), counts.get(endpoint, 0), also.get(endpoint, ""))
        for endpoint, text, needed in _ENTRIES
        if not needed or needed & _roles(actor, endpoint)
    ]
    return [*found, *objections]


def _objections(actor: Actor) -> Iterator[Entry]:
    """Yield where a department finds what applicants say is wrong in its data, while it waits."""
    waiting = count_objections(host(), actor)
    if waiting:
        text = _("数据异议（%(n)s）", n=waiting)
        yield Entry(str(text), url_for("objections.index"))


def _roles(actor: Actor, endpoint: str) -> frozenset[str]:
    """Return the roles that lead to an entry: who has no department has no tasks and cases."""
    if endpoint in _OF_A_DEPARTMENT and actor.department is None:
        return actor.roles - _WORKERS
    return frozenset(actor.roles)
