"""A task of the applicant: the guide's answer, a supplement, the receipt of a result."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import (
    AlreadyDone,
    InstanceSuspended,
    InvalidInput,
    NotFound,
    SlotRefused,
)
from onething.forms import Answer
from onething.runtime import TaskView
from onething.web.appointment_words import refusal
from onething.web.drafting import PageDraft
from onething.web.entry import Entry, mistakes, posted_entry, with_file_names
from onething.web.node import actor, host
from onething.web.slot_picker import with_slots
from onething.web.task_drafting import begun_page, opened, posted_draft
from onething.web.words import step_text

pages = Blueprint("own_task", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/my/tasks/<task_id>")
def form(task_id: str) -> Page:
    """Show what the applicant has to answer."""
    view = _view(task_id)
    begun = begun_page(view)
    if begun is not None:
        return begun
    entry, draft, answer = opened(view)
    return _page(view, entry, answer, draft)


@pages.post("/my/tasks/<task_id>")
def complete(task_id: str) -> Page:
    """Take the answer, or show the form again with what is missing."""
    view = _view(task_id)
    entry, draft = posted_entry(), posted_draft(view)
    is_edit = entry.edit(request.form) or "refresh" in request.args
    if view.form is not None and (is_edit or entry.errors):
        page = _page(view, entry, entry.answer(view), draft, is_checked=not is_edit)
        return page if is_edit and not entry.errors else (page, InvalidInput.status)
    try:
        entry.complete(view, request.form.get("_key") or None)
    except AlreadyDone:
        flash(_("这一步已经完成。"))
    except InstanceSuspended:
        flash(_("本件暂停办理，您填写的内容还没有提交；恢复后请再提交。"), "bad")
        return _page(view, entry, entry.answer(view), draft), InstanceSuspended.status
    except InvalidInput as error:
        if isinstance(error, SlotRefused):
            entry.errors[error.field] = refusal(error.reason)
        entry.refuse(error.fields)
        page = _page(view, entry, entry.answer(view), draft, is_checked=True)
        return page, InvalidInput.status
    else:
        flash(_("已提交。"), "good")
    return redirect(url_for("tracker.case", case_no=view.case.case_no))


def saved_page(task_id: str, entry: Entry, draft: PageDraft) -> str:
    """Show the form again with what was saved."""
    view = _view(task_id)
    return _page(view, entry, entry.answer(view), draft)


def _view(task_id: str) -> TaskView:
    view = runtime.view_task(host(), actor(), task_id)
    if view.task.party is None:
        raise NotFound(f"No task {task_id}")
    return view


def _page(
    view: TaskView, entry: Entry, answer: Answer, draft: PageDraft, *, is_checked: bool = False
) -> str:
    readonly = not view.task.is_live
    fields = entry.fields(view, answer, is_checked=is_checked, readonly=readonly)
    fields = with_file_names(fields, entry.file_names)
    if view.form is not None and not readonly:
        data = {**view.known, **answer.data}
        fields = with_slots(fields, view.form, view.definition, data)
    return render_template(
        "tracker/task.html",
        view=view,
        fields=fields,
        entry=entry,
        messages=mistakes(fields),
        hint=step_text(view.definition, view.task.properties),
        draft=draft,
    )
