"""The split view: the queue and a task side by side, and the way back to the list as it was."""

from urllib.parse import urlencode

from flask import request, session, url_for

from onething.web import queue_filters

SPLIT = "_split"
"""Name of the hidden field by which a form beside the queue leads back to the list's place."""
OPEN = "open"
"""Parameter that names the task which stands beside the queue."""
_KEPT = "split"


def is_split() -> bool:
    """Whether the person wants to see queue and task side by side."""
    return bool(session.get(_KEPT))


def choose_split(*, wanted: bool) -> None:
    """Show them side by side from now on, or one after the other."""
    session[_KEPT] = wanted


def place(query: str) -> str:
    """Return the parameters of a list's place and filter, without what means nothing."""
    args = queue_filters.decoded(query)
    pairs = list(queue_filters.read(args).pairs)
    if args.get("view"):
        pairs.append(("view", args["view"][:100]))
    if args.get("after"):
        pairs.append(("after", args["after"][:100]))
    return urlencode(pairs)


def list_url() -> str:
    """Return the queue: the one that the posted form stood beside, else the whole one."""
    query = place(request.form[SPLIT]) if SPLIT in request.form else ""
    return url_for("queue.index") + (f"?{query}" if query else "")


def task_url(task_id: str) -> str:
    """Return a task: beside the queue where the posted form stood there, else its own page."""
    if SPLIT not in request.form or not is_split():
        return url_for("task.form", task_id=task_id)
    return beside_url(place(request.form[SPLIT]), task_id)


def beside_url(query: str, task_id: str) -> str:
    """Return the queue at a place, with a task beside it."""
    return f"{url_for('queue.index')}?{query}{'&' if query else ''}{urlencode({OPEN: task_id})}"
