"""The split view of the queue: switch it on and off, and load the task beside the list."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from onething.runtime import WORKERS, require_role
from onething.web.node import actor
from onething.web.split import choose_split, list_url, place
from onething.web.views import task

pages = Blueprint("beside", __name__)


@pages.post("/tasks/split")
def choose() -> Response:
    """Show queue and task side by side from now on, or one after the other."""
    require_role(actor(), *WORKERS)
    choose_split(wanted=request.form.get("wanted") == "1")
    return redirect(list_url())


@pages.get("/tasks/<task_id>/pane")
def pane(task_id: str) -> str:
    """Return a task alone, for the place beside the list."""
    return task.pane(task_id, place(request.args.get("place", "")))
