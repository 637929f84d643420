"""Drafts of tasks: save, go on with what was left, begin anew; a clerk's and an applicant's."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from onething import runtime
from onething.drafts import KINDS, subject_of
from onething.errors import NotFound
from onething.web.draft_place import place_of
from onething.web.drafting import PageDraft, save_posted
from onething.web.entry import posted_entry
from onething.web.node import actor, host
from onething.web.views import own_task, task

pages = Blueprint("task_drafts", __name__)
Page = str | Response | tuple[str, int]


@pages.post("/tasks/<task_id>/draft")
def save(task_id: str) -> Page:
    """Save what stands in a clerk's form; its script is answered with the words alone."""
    entry = posted_entry()
    draft, status = save_posted(entry, subject_of(task_id))
    return _state(draft) or task.saved_page(task_id, entry, draft), status


@pages.post("/my/tasks/<task_id>/draft")
def save_own(task_id: str) -> Page:
    """Save what stands in an applicant's form; its script is answered with the words alone."""
    entry = posted_entry()
    draft, status = save_posted(entry, subject_of(task_id))
    return _state(draft) or own_task.saved_page(task_id, entry, draft), status


@pages.get("/tasks/<task_id>/draft", endpoint="again")
@pages.get("/my/tasks/<task_id>/draft", endpoint="again_own")
def again(task_id: str) -> Page:
    """Lead whoever opens the address of a saving to the form."""
    return redirect(place_of(subject_of(task_id)).form)


@pages.post("/tasks/<task_id>/draft/take", endpoint="take")
@pages.post("/my/tasks/<task_id>/draft/take", endpoint="take_own")
def take(task_id: str) -> Page:
    """Go on with the draft that was saved, or with what was left when a session had ended."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise NotFound
    subject = subject_of(task_id)
    runtime.take_draft(host(), actor(), subject, kind)
    return redirect(place_of(subject).form)


@pages.post("/tasks/<task_id>/draft/discard", endpoint="discard")
@pages.post("/my/tasks/<task_id>/draft/discard", endpoint="discard_own")
def discard(task_id: str) -> Page:
    """Delete what was typed and begin anew."""
    subject = subject_of(task_id)
    runtime.discard_drafts(host(), actor(), subject)
    return redirect(place_of(subject).form)


def _state(draft: PageDraft) -> str | None:
    """Return the words for the page's script, or None where a whole page is wanted."""
    if "quiet" not in request.args:
        return None
    return render_template("draft/state.html", draft=draft)
