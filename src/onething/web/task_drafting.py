"""The draft of a task's form, as the pages of clerks and of applicants show it."""

from copy import deepcopy
from typing import Any

from flask import render_template

from onething import runtime
from onething.drafts import DraftRow, subject_of
from onething.forms import Answer, Form
from onething.forms.paths import put, read, steps_of
from onething.runtime import TaskView
from onething.web.draft_place import place_of
from onething.web.drafting import PageDraft, draft_now, resumed
from onething.web.entry import Entry
from onething.web.node import actor, host
from onething.web.wording import worded


def begun_page(view: TaskView) -> str | None:
    """Ask which one to go on with, where something was left when a session had ended."""
    left = _draft(view, "left")
    if left is None:
        return None
    subject = subject_of(view.task.id)
    return render_template(
        "draft/begun.html",
        place=place_of(subject),
        title=worded(view.task.name, view.definition),
        saved=_draft(view, "saved"),
        left=left,
    )


def opened(view: TaskView) -> tuple[Entry, PageDraft, Answer]:
    """Return the form as it is opened: with what was saved, else with what the case knows."""
    saved = _draft(view, "saved")
    if saved is not None:
        entry, draft = resumed(host(), actor(), saved)
        return entry, draft, entry.answer(view)
    draft = PageDraft.begin(actor(), subject_of(view.task.id))
    return Entry(host(), actor()), draft, Answer(first_values(view))


def first_values(view: TaskView) -> dict[str, Any]:
    """Return what a task's form begins with: what the case knows, and the name of who may do it."""
    values = deepcopy(view.known)
    for path in _own_names(view.form) if view.form and _is_theirs(view) else ():
        if not read(values, steps_of(path)):
            put(values, steps_of(path), actor().name)
    return values


def _own_names(form: Form) -> list[str]:
    """Return the fields, in no row, that name whoever does the task."""
    found = [one for one in form.fields if one.element is not None and one.element.own_name]
    return [one.path for one in found if "[" not in one.path]


def posted_draft(view: TaskView) -> PageDraft:
    """Return the draft of the form that was sent just now, with what has become of it."""
    return draft_now(host(), actor(), subject_of(view.task.id))


def _draft(view: TaskView, kind: str) -> DraftRow | None:
    """Return the own draft of a task that the person may still do."""
    if not _is_theirs(view):
        return None
    return runtime.find_draft(host(), actor(), subject_of(view.task.id), kind)


def _is_theirs(view: TaskView) -> bool:
    """Whether the person may do the task now."""
    is_free = view.task.assignee in (None, actor().user)
    is_theirs = is_free or runtime.stood_in_for(actor(), view.task) is not None
    return view.task.is_live and is_theirs
