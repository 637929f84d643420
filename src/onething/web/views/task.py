"""A clerk's task: its form beside the case and the diagram."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from onething import runtime, tasks
from onething.drafts import subject_of
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
from onething.runtime import Place, TaskView
from onething.web.absence_words import away_today
from onething.web.clock_form import refusal
from onething.web.drafting import PageDraft
from onething.web.drawings import drawing
from onething.web.entry import Entry, mistakes, posted_entry, with_file_names
from onething.web.hold_words import standing_hold
from onething.web.node import actor, host
from onething.web.objection_lines import objection_lines, told_by
from onething.web.split import SPLIT, list_url, task_url
from onething.web.summary import shown_elements
from onething.web.suspended import suspension
from onething.web.task_drafting import begun_page, opened, posted_draft
from onething.web.wording import worded
from onething.web.words import step_text

pages = Blueprint("task", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/tasks/<task_id>")
def form(task_id: str) -> Page:
    """Show what the post has to find out and decide."""
    runtime.settle_due(host(), actor().user)
    view = visible(task_id)
    begun = begun_page(view)
    if begun is not None:
        return begun
    entry, draft, answer = opened(view)
    return _page(view, entry, answer, draft)


@pages.post("/tasks/<task_id>")
def complete(task_id: str) -> Page:
    """Take the result and open what comes next, or show the form again with what is wrong."""
    runtime.settle_due(host(), actor().user)
    view = visible(task_id)
    entry, draft = posted_entry(), posted_draft(view)
    is_edit = entry.edit(request.form) or "refresh" in request.args
    if view.form is not None and (is_edit or entry.errors):
        page = _page(view, entry, entry.answer(view), draft, is_checked=not is_edit)
        return page if is_edit and not entry.errors else (page, InvalidInput.status)
    try:
        is_held = entry.hold(view, request.form.get("_key") or None)
    except ClockRefused as error:
        flash(refusal(error), "bad")
        return _page(view, entry, entry.answer(view), draft), error.status
    except InstanceSuspended as error:
        flash(_resting(error), "bad")
        return _page(view, entry, entry.answer(view), draft), InstanceSuspended.status
    except (AlreadyDone, Conflict):
        flash(_("这项任务已由他人办理，您填写的内容没有提交。"), "bad")
        return redirect(task_url(task_id))
    except InvalidInput as error:
        answer = entry.answer(view)
        entry.errors |= {one: error.fields[one] for one in error.fields.keys() - answer.errors}
        return _page(view, entry, answer, draft, is_checked=True), InvalidInput.status
    session["onwards"] = _goes_on()
    return onwards(view, is_held=is_held)


def _resting(error: InstanceSuspended) -> str:
    if isinstance(error, CaseOnHold):
        return str(_("本件依法暂停办理，您填写的内容没有提交；解除后请再提交。"))
    return str(_("本件已由运维暂停办理，您填写的内容没有提交；恢复后请再提交。"))


def onwards(view: TaskView, *, is_held: bool = False) -> Response:
    """Say what was done; claim and open what comes next, unless the person wants to see the queue.

    What was wanted last holds until the session ends. Of a completion that can be undone the
    note above the page tells.
    """
    name = "" if is_held else worded(view.task.name, view.definition)
    if not session.get("onwards", True):
        if name:
            flash(_("“%(name)s”已办结。", name=name), "good")
        return redirect(list_url())
    following = runtime.claim_following(host(), actor(), view.case.case_no)
    flash(_following(name, is_there=following is not None), "good")
    return redirect(list_url() if following is None else task_url(following))


def _following(name: str, *, is_there: bool) -> str:
    """Say what follows a task, named where it is done for good."""
    if not name:
        return str(_("下一件已领取并打开。") if is_there else _("没有下一件待办。"))
    if is_there:
        return str(_("“%(name)s”已办结。下一件已领取并打开。", name=name))
    return str(_("“%(name)s”已办结，没有下一件待办。", name=name))


def _goes_on() -> bool:
    """Whether the next task opens by itself: as the form says, else as it was said last."""
    if request.endpoint == "task.complete":
        return "_onwards" in request.form
    return bool(session.get("onwards", True))


def saved_page(task_id: str, entry: Entry, draft: PageDraft) -> str:
    """Show the form again with what was saved."""
    view = visible(task_id)
    return _page(view, entry, entry.answer(view), draft)


def undone_page(task_id: str, entry: Entry) -> str:
    """Show the form again whose completion was undone, with its answers and files."""
    view = visible(task_id)
    row = runtime.find_draft(host(), actor(), subject_of(task_id))
    draft = PageDraft.begin(actor(), subject_of(task_id))
    return _page(view, entry, entry.answer(view), draft if row is None else draft.saved(row))


def visible(task_id: str) -> TaskView:
    """Return a task of a clerk's; an applicant's own one is none."""
    view = runtime.view_task(host(), actor(), task_id)
    if view.task.party is not None:
        raise NotFound(f"No task {task_id}")
    return view


def pane(task_id: str, split: str) -> Markup:
    """Return a task as it stands beside the queue, which leads back to the list as it was."""
    runtime.settle_due(host(), actor().user)
    view = visible(task_id)
    entry, draft, answer = opened(view)
    whole = _context(view, entry, answer, draft)
    left = begun_page(view) is not None
    return Markup(render_template("task/pane.html", **whole, split=split, left=left))  # noqa: S704 - rendered with its escapes


def _page(
    view: TaskView, entry: Entry, answer: Answer, draft: PageDraft, *, is_checked: bool = False
) -> str:
    """Return a task's own page; sent from beside the queue it leads back there."""
    whole = _context(view, entry, answer, draft, is_checked=is_checked)
    if SPLIT in request.form:
        whole["split"] = request.form[SPLIT]
    return render_template("task/form.html", **whole, drawing=_drawing(view))


def _context(
    view: TaskView, entry: Entry, answer: Answer, draft: PageDraft, *, is_checked: bool = False
) -> dict[str, Any]:
    absent = runtime.stood_in_for(actor(), view.task)
    is_held = view.task.assignee not in (None, actor().user) and absent is None
    with host().database.read() as conn:
        is_ending = tasks.is_held(conn, view.task.id)
    rests = suspension(view.case.instance_id) or standing_hold(view.case.instance_id)
    readonly = not view.task.is_live or is_held or is_ending or rests is not None
    fields = entry.fields(view, answer, is_checked=is_checked, readonly=readonly)
    case = runtime.view_case(host(), actor(), view.case.case_no, "task")
    names = entry.file_names | {one.id: one.name for one in case.materials}
    fields = with_file_names(fields, names)
    return {
        "view": view,
        "case": case,
        "fields": fields,
        "summary": shown_elements(host(), actor(), view.definition, view.case, view.summary),
        "told": told_by(host(), view.definition, case),
        "objections": objection_lines(host(), view.definition, case.objections),
        "colleagues": runtime.colleagues(host(), actor(), view.task.id)
        if view.task.is_live
        else [],
        "entry": entry,
        "messages": mistakes(fields),
        "hint": step_text(view.definition, view.task.properties),
        "is_held": is_held,
        "absent": absent,
        "is_back": absent is not None and _is_back(view, absent),
        "is_ending": is_ending,
        "goes_on": _goes_on(),
        "draft": draft,
    }


def _is_back(view: TaskView, absent: str) -> bool:
    """Whether the colleague for whom the reader holds the task is there again."""
    is_theirs = view.task.assignee == actor().user
    return is_theirs and absent not in away_today(view.task.department)


def _drawing(view: TaskView) -> object:
    place = Place(view.task.process, view.task.activity)
    here = [place] if view.task.is_live else []
    return drawing(view.definition, view.task.process, here, [] if here else [place])
