"""Complete several simple tasks of one kind with one form and one confirmation."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import cases, runtime
from onething.cases import CaseRow
from onething.errors import (
    AlreadyDone,
    CaseOnHold,
    ClockRefused,
    Conflict,
    InstanceSuspended,
    InvalidInput,
    NotFound,
)
from onething.forms import Answer
from onething.runtime import DONE, TaskOutcome, Together, require_role
from onething.tasks import TaskRow
from onething.web.entry import Entry, mistakes, posted_entry
from onething.web.node import actor, host
from onething.web.task_drafting import first_values
from onething.web.words import step_text

pages = Blueprint("together", __name__)
Page = str | Response | tuple[str, int]
_DONE = "together"


@dataclass(frozen=True, slots=True)
class Line:
    """One task with its case, and what came of it."""

    task: TaskRow
    case: CaseRow
    code: str = ""
    reason: str = ""


@pages.post("/tasks/together")
def form() -> Page:
    """Show the cases that were ticked and one form for all of them."""
    return _shown(request.form.getlist("task"), Entry(host(), actor()), is_checked=False)


@pages.get("/tasks/together")
@pages.get("/tasks/together/send")
def again() -> Page:
    """Lead whoever opens the address to the queue."""
    return redirect(url_for("queue.index"))


@pages.post("/tasks/together/send")
def send() -> Page:
    """Complete each of the tasks; what is sent again under its key does nothing again."""
    ticked, key = request.form.getlist("_task"), request.form.get("_key", "")
    if key and session.get(_DONE, {}).get("key") == key:
        return redirect(url_for("together.done"))
    entry = posted_entry()
    if entry.edit(request.form) or "refresh" in request.args:
        return _shown(ticked, entry, is_checked=False)
    if "_sure" not in request.form or not key:
        flash(_("请先确认已逐件核对。"), "bad")
        return make_response(_shown(ticked, entry, is_checked=True), InvalidInput.status)
    together = _together(ticked)
    if together is None:
        return redirect(url_for("queue.index"))
    if together.tasks and not _answer(together.tasks[0], entry).is_valid:
        return make_response(_shown(ticked, entry, is_checked=True), InvalidInput.status)
    outcomes = runtime.complete_many(host(), actor(), ticked, entry.answers, key=key)
    session[_DONE] = {"key": key, "of": [[one.task_id, one.code] for one in outcomes]}
    return redirect(url_for("together.done"))


@pages.get("/tasks/together/done")
def done() -> Page:
    """Tell what came of each of the tasks that were sent last."""
    require_role(actor(), "clerk", "supervisor")
    kept = session.get(_DONE)
    if kept is None:
        return redirect(url_for("queue.index"))
    lines = [line for one in kept["of"] if (line := _told(TaskOutcome(*one))) is not None]
    count = sum(line.code == DONE for line in lines)
    return render_template("queue/together_done.html", lines=lines, count=count)


def _shown(ticked: Sequence[str], entry: Entry, *, is_checked: bool) -> str | Response:
    together = _together(ticked)
    if together is None:
        return redirect(url_for("queue.index"))
    if not together.tasks:
        flash(_("请勾选可以批量办理的同一种任务。"), "bad")
        return redirect(url_for("queue.index"))
    view = runtime.view_task(host(), actor(), together.tasks[0].id)
    answer = entry.answer(view) if is_checked or entry.answers else Answer(first_values(view))
    fields = entry.fields(view, answer, is_checked=is_checked, readonly=False)
    return render_template(
        "queue/together.html",
        view=view,
        lines=_lines(together.tasks),
        left_out=_lines(together.left_out),
        fields=fields,
        entry=entry,
        messages=mistakes(fields),
        hint=step_text(view.definition, view.task.properties),
        key=request.form.get("_key") or secrets.token_hex(16),
    )


def _together(ticked: Sequence[str]) -> Together | None:
    try:
        return runtime.gather(host(), actor(), ticked)
    except InvalidInput:
        flash(_("一次最多办理 %(n)s 件任务。", n=runtime.MOST_CLAIMED), "bad")
        return None


def _answer(task: TaskRow, entry: Entry) -> Answer:
    return entry.answer(runtime.view_task(host(), actor(), task.id))


def _lines(rows: Sequence[TaskRow]) -> list[Line]:
    with host().database.read() as conn:
        return [Line(one, cases.of_instance(conn, one.instance_id)) for one in rows]


def _told(one: TaskOutcome) -> Line | None:
    """Return a task with what came of it, where it still exists for the person."""
    try:
        task = runtime.find_task(host(), actor(), one.task_id)
    except NotFound:
        return None
    with host().database.read() as conn:
        case = cases.of_instance(conn, task.instance_id)
    return Line(task, case, one.code, "" if one.code == DONE else _reason(one.code))


def _reason(code: str) -> str:
    reasons = {
        AlreadyDone.code: _("任务已经结束"),
        Conflict.code: _("任务已由他人领取，或者正在办结"),
        InstanceSuspended.code: _("本件已由运维暂停办理"),
        CaseOnHold.code: _("本件依法暂停办理"),
        InvalidInput.code: _("填写的内容不适合本件，请单独办理"),
        ClockRefused.code: _("法定期限不允许这一步"),
        NotFound.code: _("任务已不在您的岗位"),
    }
    return str(reasons.get(code, _("没有办结，请单独办理")))
