"""What a clerk may still undo: the notes above a page, and what the session remembers for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from onething import cases, runtime, tasks
from onething.errors import (
    AlreadyDone,
    CaseOnHold,
    ClockRefused,
    InstanceSuspended,
    InvalidInput,
    NotFound,
)
from onething.runtime import WORKERS
from onething.tasks import HeldRow
from onething.web.node import actor, host
from onething.web.wording import worded

CLAIM, RETURN, DELEGATE = "claim", "return", "delegate"
"""What can be undone by the opposite command."""
_KEPT = "undo"


@dataclass(frozen=True, slots=True)
class UndoNote:
    """One thing that was just done at the desk."""

    text: str
    undo: str = ""
    """Where it is undone; empty where it cannot be."""
    left_s: int = 0
    """Seconds for which it can be undone."""
    over: str = ""
    """What is said when they are over."""
    at_once: str = ""
    """Where it takes effect at once."""
    read: str = ""
    """Where the note is put away."""
    link: str = ""
    """The task that is meant."""


@dataclass(frozen=True, slots=True)
class Hands:
    """A change of hands that the session remembers."""

    kind: str
    task_ids: tuple[str, ...]
    until: datetime


def remember(kind: str, task_ids: Sequence[str]) -> None:
    """Let a change of hands be undone for the seconds of the site."""
    seconds = host().settings.undo_seconds
    if seconds and task_ids:
        until = host().clock() + timedelta(seconds=seconds)
        session[_KEPT] = {"kind": kind, "tasks": list(task_ids), "until": until.timestamp()}


def take_hands() -> Hands | None:
    """Take out of the session what can still be undone, or None."""
    hands = _hands()
    session.pop(_KEPT, None)
    return hands


def undo_notes() -> list[UndoNote]:
    """Return what stands above the pages of whoever works at the desk.

    What was refused comes first, then what was done last: that is what the key undoes.
    """
    latest = reversed(list(_notes()))
    return sorted(latest, key=lambda one: (not one.read, -one.left_s))


def _notes() -> Iterator[UndoNote]:
    if not current_user.is_authenticated or not any(one in actor().roles for one in WORKERS):
        return
    for row in runtime.held_completions(host(), actor()):
        name = _name(row)
        yield _refused(row, name) if row.refusal else _waiting(row, name)
    hands = _hands()
    if hands is not None:
        yield _of_hands(hands)


def _name(row: HeldRow) -> str:
    try:
        with host().database.read() as conn:
            task = tasks.get(conn, row.instance_id, row.token)
            return worded(task.name, cases.of_instance(conn, row.instance_id))
    except NotFound:
        return str(_("任务"))


def _waiting(row: HeldRow, name: str) -> UndoNote:
    return UndoNote(
        text=_("“%(name)s”已办结。", name=name),
        undo=url_for("undo.completion", task_id=row.task_id),
        left_s=_left(row.due_at),
        over=_("已生效。"),
        at_once=url_for("undo.at_once", task_id=row.task_id),
        link=url_for("task.form", task_id=row.task_id),
    )


def _refused(row: HeldRow, name: str) -> UndoNote:
    reasons = {
        AlreadyDone.code: _("任务在生效前已随流程结束。"),
        InstanceSuspended.code: _("本件已由运维暂停办理，您填写的内容已存为草稿。"),
        CaseOnHold.code: _("本件已依法暂停办理，您填写的内容已存为草稿。"),
        InvalidInput.code: _("表单在生效前有变动，您填写的内容已存为草稿，请重新核对。"),
        ClockRefused.code: _("法定期限不允许这一步，您填写的内容已存为草稿。"),
    }
    reason = reasons.get(row.refusal or "", _("请打开任务核对，您填写的内容已存为草稿。"))
    return UndoNote(
        text=_("“%(name)s”没有办结：%(reason)s", name=name, reason=reason),
        read=url_for("undo.read", task_id=row.task_id),
        link=url_for("task.form", task_id=row.task_id),
    )


def _of_hands(hands: Hands) -> UndoNote:
    n = len(hands.task_ids)
    texts = {
        CLAIM: _("已领取 %(n)s 件任务。", n=n),
        RETURN: _("已退回 %(n)s 件任务。", n=n),
        DELEGATE: _("已转交 %(n)s 件任务。", n=n),
    }
    return UndoNote(texts[hands.kind], url_for("undo.hands"), _left(hands.until))


def _left(until: datetime) -> int:
    return max(0, round((until - host().clock()).total_seconds()))


def _hands() -> Hands | None:
    kept = session.get(_KEPT)
    if kept is None:
        return None
    until = datetime.fromtimestamp(kept["until"], UTC)
    if until <= host().clock():
        return None
    return Hands(kept["kind"], tuple(kept["tasks"]), until)
