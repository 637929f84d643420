"""The draft of a task's form, as the pages of clerks and of applicants show it."""

from flask import render_template

from onething import runtime
from onething.drafts import DraftRow, subject_of
from onething.forms import Answer
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
    return Entry(host(), actor()), draft, Answer(view.known)


def posted_draft(view: TaskView) -> PageDraft:
    """Return the draft of the form that was sent just now, with what has become of it."""
    return draft_now(host(), actor(), subject_of(view.task.id))


def _draft(view: TaskView, kind: str) -> DraftRow | None:
    """Return the own draft of a task that the person may still do."""
    is_free = view.task.assignee in (None, actor().user)
    is_theirs = is_free or runtime.stood_in_for(actor(), view.task) is not None
    if not (view.task.is_live and is_theirs):
        return None
    return runtime.find_draft(host(), actor(), subject_of(view.task.id), kind)
