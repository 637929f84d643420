"""The worklist of a post: what waits, for how long, and who holds it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import cases, instances, runtime, tasks
from onething.cases import CaseRow
from onething.errors import AlreadyDone, Conflict, InvalidInput
from onething.identity import Actor
from onething.runtime import own_tasks, require_role
from onething.tasks import Filter, TaskRow
from onething.web.node import actor, host
from onething.web.shown import services

pages = Blueprint("queue", __name__)
PAGE_SIZE = 25
SCOPES = ("all", "mine", "free", "soon", "late")


@dataclass(frozen=True, slots=True)
class Scope:
    """One tab over the queue, with how many tasks it holds."""

    name: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """One task with the case it belongs to."""

    task: TaskRow
    case: CaseRow
    is_suspended: bool
    """Whether an operator has suspended the case."""


@pages.get("/tasks")
def index() -> str:
    """Show the tasks of the own post in the order they are due."""
    me = actor()
    require_role(me, "clerk", "supervisor")
    scope = request.args.get("scope", "all")
    scope = scope if scope in SCOPES else "all"
    wanted = _narrowed(_filter(me, scope))
    with host().database.read() as conn:
        found = tasks.worklist(
            conn, wanted, after=request.args.get("after") or None, limit=PAGE_SIZE + 1
        )
        by_id = {
            one.instance_id: one
            for one in cases.listing(
                conn, instance_ids=sorted({task.instance_id for task in found}), limit=PAGE_SIZE + 1
            )
        }
        paused = instances.suspended_among(conn, list(by_id))
        scopes = [
            Scope(name, text, tasks.count(conn, _filter(me, name)))
            for name, text in _scope_texts().items()
        ]
    lines = [
        Line(task, by_id[task.instance_id], task.instance_id in paused)
        for task in found[:PAGE_SIZE]
    ]
    return render_template(
        "queue/index.html",
        lines=lines,
        scopes=scopes,
        cards=runtime.own_cards(host(), me),
        scope=scope,
        services=[one.service for one in services(host())],
        next=lines[-1].task.id if len(found) > PAGE_SIZE else None,
    )


@pages.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> Response:
    """Take a task and go on with it, or say who holds it."""
    try:
        runtime.claim(host(), actor(), task_id)
    except AlreadyDone:
        flash(_("任务已经结束。"), "bad")
        return redirect(url_for("queue.index"))
    except Conflict:
        flash(_("任务已被他人领取。"), "bad")
        return redirect(url_for("queue.index"))
    return redirect(url_for("task.form", task_id=task_id))


@pages.post("/tasks/<task_id>/return")
def give_back(task_id: str) -> Response:
    """Put a task back into the queue."""
    runtime.return_task(host(), actor(), task_id)
    flash(_("任务已退回队列。"), "good")
    return redirect(url_for("queue.index"))


@pages.post("/tasks/<task_id>/delegate")
def delegate(task_id: str) -> Response:
    """Hand a task to a colleague."""
    try:
        runtime.delegate(host(), actor(), task_id, request.form.get("to", ""))
    except InvalidInput:
        flash(_("请选择同岗位的同事。"), "bad")
        return redirect(url_for("task.form", task_id=task_id))
    flash(_("任务已转交。"), "good")
    return redirect(url_for("queue.index"))


def next_task(me: Actor, case_no: str) -> TaskRow | None:
    """Return what the post does next: the same case first, else what is due first."""
    mine = own_tasks(me)
    with host().database.read() as conn:
        found = tasks.worklist(conn, replace(mine, case_no=case_no), limit=5)
        found += tasks.worklist(conn, mine, limit=20)
    return next((one for one in found if one.assignee in (None, me.user)), None)


def _scope_texts() -> dict[str, str]:
    return {
        "all": _("全部待办"),
        "mine": _("我领取的"),
        "free": _("待领取"),
        "soon": _("即将到期"),
        "late": _("已逾期"),
    }


def _filter(me: Actor, scope: str) -> Filter:
    """Return what a tab shows; region, department and post are always the own ones."""
    own, now = own_tasks(me), host().clock()
    narrowed = {
        "all": own,
        "mine": replace(own, assignee=me.user),
        "free": replace(own, states=("open",)),
        "soon": replace(own, due_before=now + timedelta(days=1)),
        "late": replace(own, due_before=now),
    }
    return narrowed[scope]


def _narrowed(wanted: Filter) -> Filter:
    return replace(
        wanted,
        text=request.args.get("q", "").strip() or None,
        service=request.args.get("service") or None,
    )
