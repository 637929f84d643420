"""The worklist of a post: what waits, for how long, and who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from onething import cases, instances, runtime, tasks
from onething.cases import CaseRow
from onething.definitions import MOST_DAYS
from onething.errors import AlreadyDone, Conflict, InvalidInput, NotFound, PersonAbsent
from onething.identity import Actor
from onething.runtime import HandedBack, require_role
from onething.tasks import SavedFilter, TaskRow
from onething.web import queue_filters
from onething.web.absence_words import absent_text
from onething.web.columns import ROWS, choose_columns, choose_rows, column_texts, columns, rows
from onething.web.due_signs import soon_before
from onething.web.node import actor, host
from onething.web.queue_filters import Asked, Choice
from onething.web.shown import services
from onething.web.split import OPEN, beside_url, is_split, list_url, place, task_url
from onething.web.undoing import CLAIM, DELEGATE, RETURN, remember
from onething.web.views import task
from onething.web.wording import service_name, worded
from onething.web.words import listed

pages = Blueprint("queue", __name__)
_MOST_NAMED = 5


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
    is_held: bool
    """Whether its decision is under review or before a court."""
    absent: str | None
    """The absent colleague whose task it is."""
    is_ending: bool
    """Whether it is being completed and may still be undone."""
    can_batch: bool
    """Whether the person may complete it together with others of its kind."""

    @property
    def can_tick(self) -> bool:
        """Whether something can be done with it together with others."""
        is_free = self.task.assignee is None and self.task.is_live
        return is_free or (self.can_batch and not self.is_ending)


@pages.get("/tasks")
def index() -> str | tuple[str, int]:
    """Show the tasks of the own post in the order they are due."""
    me = actor()
    require_role(me, "clerk", "supervisor")
    runtime.settle_due(host(), me.user)
    shelf = runtime.list_filters(host(), me)
    asked, view = _asked(shelf)
    offered = queue_filters.offered(host(), me, asked.single.get("service"))
    asked, dropped = offered.only_own(asked)
    size, fault = rows(), offered.fault(asked)
    found = [] if fault else _found(me, asked, size + 1)
    lines = _lines(me, found[:size])
    following = found[size - 1].id if len(found) > size else None
    page = render_template(
        "queue/index.html",
        lines=lines,
        scopes=_scopes(me),
        cards=runtime.own_cards(host(), me),
        taken=runtime.view_taken_over(host(), me),
        asked=asked,
        offered=offered,
        shelf=shelf,
        view=view,
        base=next((one for one in shelf if _is_base(me, one)), None),
        dropped=dropped,
        choices=_choices(me),
        most_fields=queue_filters.MOST_FIELDS,
        most_days=MOST_DAYS,
        fault=fault,
        columns=columns(),
        column_texts=column_texts(),
        rows=size,
        row_numbers=ROWS,
        next=urlencode([*asked.pairs, ("after", following)]) if following else None,
        **_beside(),
    )
    return (page, InvalidInput.status) if fault else page


def _found(me: Actor, asked: Asked, limit: int) -> list[TaskRow]:
    wanted, after = asked.to_query(host(), me.region), request.args.get("after") or None
    return runtime.view_queue(host(), me, wanted, after=after, limit=limit)


def _beside() -> dict[str, Any]:
    """Return what stands beside the list: the task that is open, where it is the person's."""
    here = place(request.query_string.decode("ascii", "replace"))
    if not is_split():
        return {"is_split": False, "place": here}
    task_id, pane = request.args.get(OPEN, ""), ""
    if task_id:
        try:
            pane = task.pane(task_id, here)
        except NotFound:
            task_id = ""
    return {
        "is_split": True,
        "place": here,
        "opened": task_id,
        "pane": pane,
        "beside_url": lambda one: beside_url(here, one),
    }


@pages.post("/tasks/columns")
def choose() -> Response:
    """Show the columns that the person wants to see."""
    require_role(actor(), "clerk", "supervisor")
    choose_columns(request.form.getlist("column"))
    choose_rows(request.form.get("rows", ""))
    asked = queue_filters.read(queue_filters.decoded(request.form.get("wanted", "")))
    return redirect(url_for("queue.index") + (f"?{asked.query}" if asked.query else ""))


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
    remember(CLAIM, [task_id])
    return redirect(task_url(task_id))


@pages.post("/tasks/next")
def claim_next() -> Response:
    """Take the free task that is due first and go on with it, or say that nothing is free."""
    try:
        task_id = runtime.claim_next(host(), actor())
    except PersonAbsent:
        flash(_("您今天登记为不在岗，不再派给您新任务。已经回来的，请先提前结束。"), "bad")
        return redirect(url_for("absences.index"))
    if task_id is None:
        flash(_("现在没有待领取的任务。"))
        return redirect(list_url())
    remember(CLAIM, [task_id])
    return redirect(task_url(task_id))


@pages.post("/tasks/claim")
def claim_many() -> Response:
    """Take the ticked tasks, and say which ones somebody else was quicker to take."""
    ticked = request.form.getlist("task")
    if not ticked:
        flash(_("请先勾选要领取的任务。"), "bad")
        return redirect(url_for("queue.index"))
    try:
        claimed = runtime.claim_many(host(), actor(), ticked)
    except InvalidInput:
        flash(_("一次最多领取 %(n)s 件任务。", n=runtime.MOST_CLAIMED), "bad")
        return redirect(url_for("queue.index"))
    remember(CLAIM, claimed.taken)
    if claimed.taken and not host().settings.undo_seconds:
        flash(_("已领取 %(n)s 件任务。", n=len(claimed.taken)), "good")
    if claimed.missed:
        n, which = len(claimed.missed), _named(claimed.missed)
        flash(_("%(n)s 件没有领到，已由他人领取或已经结束：%(which)s", n=n, which=which), "bad")
    return redirect(url_for("queue.index", scope="mine" if claimed.taken else "all"))


@pages.post("/tasks/<task_id>/return")
def give_back(task_id: str) -> Response:
    """Put a task back into the queue."""
    try:
        runtime.return_task(host(), actor(), task_id)
    except Conflict:
        return _refused(task_id)
    _tell(RETURN, task_id, _("任务已退回队列。"))
    return redirect(list_url())


@pages.post("/tasks/<task_id>/hand-back")
def hand_back(task_id: str) -> Response:
    """Give a task that was taken over to whom it was taken for."""
    try:
        runtime.hand_back(host(), actor(), task_id)
    except PersonAbsent as error:
        flash(absent_text(error), "bad")
        return redirect(task_url(task_id))
    except InvalidInput:
        flash(_("对方已没有这项任务的岗位，请退回队列。"), "bad")
        return redirect(task_url(task_id))
    except Conflict:
        return _refused(task_id)
    flash(_("任务已交还。"), "good")
    return redirect(list_url())


@pages.post("/tasks/hand-back")
def hand_back_all() -> Response:
    """Give back all that the reader holds for a colleague who was absent."""
    try:
        done = runtime.hand_back_all(host(), actor(), request.form.get("absent", ""))
    except PersonAbsent as error:
        flash(absent_text(error), "bad")
        return redirect(url_for("queue.index"))
    told_back(done)
    return redirect(url_for("queue.index"))


def told_back(done: HandedBack) -> None:
    """Say what was given back, and what was not."""
    if done.given:
        flash(_("已交还 %(n)s 件。", n=done.given), "good")
    if done.left:
        which = _named(done.left)
        flash(_("%(n)s 件没有交还：%(which)s。", n=len(done.left), which=which), "bad")


@pages.post("/tasks/<task_id>/delegate")
def delegate(task_id: str) -> Response:
    """Hand a task to a colleague; to one who is away only where that was confirmed."""
    even, to = "even_if_absent" in request.form, request.form.get("to", "")
    try:
        runtime.delegate(host(), actor(), task_id, to, even_if_absent=even)
    except PersonAbsent as error:
        flash(absent_text(error), "bad")
        return redirect(url_for("task.form", task_id=task_id, absent=to, instead=error.substitute))
    except InvalidInput:
        flash(_("请选择同岗位的同事。"), "bad")
        return redirect(url_for("task.form", task_id=task_id))
    except Conflict:
        return _refused(task_id)
    _tell(DELEGATE, task_id, _("任务已转交。"))
    return redirect(url_for("queue.index"))


def _tell(kind: str, task_id: str, text: str) -> None:
    """Say what was done; where it can be undone the note above the page says so."""
    remember(kind, [task_id])
    if not host().settings.undo_seconds:
        flash(text, "good")


def _refused(task_id: str) -> Response:
    """Say that a task stays where it is: it has ended, or is being completed."""
    flash(_("任务已经办结或正在办结，没有改动。"), "bad")
    return redirect(task_url(task_id))


def _named(missed: Sequence[TaskRow]) -> str:
    """Return the first tasks by name and case number: what is flashed travels in a cookie."""
    shown = missed[:_MOST_NAMED]
    with host().database.read() as conn:
        of = {one.instance_id: cases.of_instance(conn, one.instance_id) for one in shown}
    names = [f"{worded(one.name, of[one.instance_id])} ({one.case_no})" for one in shown]
    return listed([*names, "…"] if len(missed) > len(shown) else names)


def _asked(shelf: Sequence[SavedFilter]) -> tuple[Asked, SavedFilter | None]:
    """Return what the address asks for: itself, a kept filter, or the person's usual one."""
    named = request.args.get("view")
    if named:
        view = next((one for one in shelf if one.filter_id == named), None)
    else:
        mine = [one for one in shelf if one.user == actor().user and one.is_default]
        view = mine[0] if mine and not request.args else None
    if view is None:
        return queue_filters.read(request.args), None
    given = MultiDict([(name, value) for name, value in view.wanted])
    return replace(queue_filters.read(given), view=view.filter_id), view


def _is_base(me: Actor, one: SavedFilter) -> bool:
    """Whether the filter that is shown was begun as this own view."""
    return one.user == me.user and one.filter_id == request.args.get("base")


def _lines(me: Actor, found: Sequence[TaskRow]) -> list[Line]:
    with host().database.read() as conn:
        ids = sorted({task.instance_id for task in found})
        known = cases.listing(conn, instance_ids=ids, limit=max(len(ids), 1))
        by_id = {one.instance_id: one for one in known}
        held = cases.held_among(conn, list(by_id))
        paused = instances.suspended_among(conn, list(by_id)) - held
        ending = tasks.held_among(conn, list(by_id))
    return [
        Line(
            one,
            by_id[one.instance_id],
            one.instance_id in paused,
            one.instance_id in held,
            runtime.stood_in_for(me, one),
            one.id in ending,
            runtime.can_batch(me, one),
        )
        for one in found
    ]


def _scopes(me: Actor) -> list[Scope]:
    counts = runtime.queue_counts(host(), me, soon_before(host(), me.region))
    texts = {
        "all": _("全部待办"),
        "mine": _("我领取的"),
        "free": _("待领取"),
        "late": _("已逾期"),
        "today": _("今日到期"),
        "soon": _("即将到期"),
        "done": _("今日已办"),
    }
    return [Scope(name, text, getattr(counts, name)) for name, text in texts.items()]


def _choices(me: Actor) -> dict[str, list[Choice]]:
    """Return the lists to choose from, by parameter; one without a choice is left out."""
    every = services(host())
    own = queue_filters.own_services(every, me)
    found = {
        "due": queue_filters.due_choices(),
        "held": queue_filters.held_choices(),
        "service": [Choice(one.service.code, service_name(one.service)) for one in own],
        "item": queue_filters.item_choices(own, me),
        "post": queue_filters.post_choices(me),
        "region": queue_filters.region_choices(host(), me),
    }
    return {name: some for name, some in found.items() if len(some) > 1}
