"""Undo what was just done at the desk, or let it take effect at once."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import AlreadyDone, Conflict, NotAllowed, NotFound
from onething.runtime import WORKERS, require_role
from onething.web.entry import Entry
from onething.web.node import actor, host
from onething.web.undoing import CLAIM, DELEGATE, RETURN, take_hands
from onething.web.views import task

pages = Blueprint("undo", __name__)
Page = str | Response | tuple[str, int]


@pages.post("/tasks/<task_id>/undo")
def completion(task_id: str) -> Page:
    """Take a completion back and show the form with what was typed."""
    try:
        sent = runtime.undo_completion(host(), actor(), task_id)
    except AlreadyDone:
        flash(_("已经生效，不能再撤销。"), "bad")
        return redirect(url_for("queue.index"))
    flash(_("已撤销，任务没有办结。您填写的内容还在。"), "good")
    entry = Entry.of(host(), actor(), sent.typed)
    return task.undone_page(task_id, entry)


@pages.get("/tasks/<task_id>/undo")
@pages.get("/tasks/<task_id>/now")
def again(task_id: str) -> Page:
    """Lead whoever opens the address of an undoing to the task."""
    return redirect(url_for("task.form", task_id=task_id))


@pages.post("/tasks/<task_id>/now")
def at_once(task_id: str) -> Page:
    """Let a completion take effect at once and open what follows in its case."""
    view = task.visible(task_id)
    if not runtime.settle_now(host(), actor(), task_id):
        return redirect(url_for("queue.index"))
    return task.onwards(view)


@pages.post("/tasks/<task_id>/undo/read")
def read(task_id: str) -> Page:
    """Put away the note about a completion that did not take effect."""
    require_role(actor(), *WORKERS)
    runtime.dismiss_refusal(host(), actor(), task_id)
    return redirect(url_for("queue.index"))


@pages.post("/tasks/undo")
def hands() -> Page:
    """Undo the change of hands that was made last, by the opposite commands."""
    require_role(actor(), *WORKERS)
    done = take_hands()
    if done is None:
        flash(_("时间已过，不能再撤销。"), "bad")
        return redirect(url_for("queue.index"))
    missed = sum(not _undone(done.kind, one) for one in done.task_ids)
    if missed:
        flash(_("%(n)s 件任务已由他人办理，没有撤销。", n=missed), "bad")
    if missed < len(done.task_ids):
        flash(_("已撤销。"), "good")
    return redirect(url_for("queue.index"))


def _undone(kind: str, task_id: str) -> bool:
    opposite: dict[str, Callable[..., object]] = {
        CLAIM: runtime.return_task,
        RETURN: runtime.claim,
        DELEGATE: runtime.take_back,
    }
    try:
        opposite[kind](host(), actor(), task_id)
    except (Conflict, NotAllowed, NotFound):
        return False
    return True
