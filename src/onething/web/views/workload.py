"""Who has how much in a department, handing on what a person holds, and moving an office."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import InvalidInput, NotAllowed, PersonAbsent
from onething.runtime import Handed, Office
from onething.web.absence_words import absent_text
from onething.web.node import actor, host
from onething.web.views.queue import told_back
from onething.web.words import listed

pages = Blueprint("workload", __name__)
Page = str | Response | tuple[str, int]
_MOST_NAMED = 5
"""Cases named of those that stayed: what is flashed travels in a cookie."""
UNCOVERED, OFFICE = "/uncovered", "/office"
"""What stands for a form of the page that belongs to no person: no account has such a name."""


@pages.get("/supervision/workload")
def index() -> str:
    """Show the queue, and everybody with what they hold."""
    return _page({})


@pages.post("/supervision/workload/<user>")
def hand_on(user: str) -> Page:
    """Give all that a person holds to a colleague or back to the queue."""
    even = "even_if_absent" in request.form
    return _handing(
        user,
        lambda to, reason: runtime.hand_on(host(), actor(), user, to, reason, even_if_absent=even),
    )


@pages.post("/supervision/workload/<user>/hand-back")
def hand_back(user: str) -> Page:
    """Give what a person holds for a colleague who was absent back to that colleague."""
    absent = request.form.get("absent", "")
    try:
        told_back(runtime.hand_back_all(host(), actor(), absent, user))
    except PersonAbsent as error:
        flash(absent_text(error), "bad")
    return redirect(url_for("workload.index"))


@pages.post("/supervision/workload")
def hand_on_uncovered() -> Page:
    """Give what absent people without a substitute hold to a colleague or back to the queue."""
    return _handing(
        UNCOVERED,
        lambda to, reason: runtime.hand_on_uncovered(host(), actor(), to, reason),
    )


@pages.post("/supervision/offices")
def move_office() -> Page:
    """Let what lies with an office lie with another one."""
    office, to = _office(request.form.get("from", "")), _office(request.form.get("to", ""))
    reason, later = request.form.get("reason", ""), "later" in request.form
    try:
        handed = runtime.move_office(host(), actor(), office, to, reason, later_too=later)
    except InvalidInput as error:
        text = _("请写明原因，并选择两个不同的岗位或辖区。")
        if reason.strip() and office != to and to in runtime.movable_offices(host(), actor()):
            text = _("该岗位、辖区的新任务已经转往别处，请另选一处，或者先撤销那一条。")
        return _page({OFFICE: text}), error.status
    except NotAllowed as error:
        return _page({OFFICE: _("只能转走本人辖区的新任务。")}), error.status
    return _told(handed)


@pages.post("/supervision/offices/<int:number>/lift")
def lift(number: int) -> Page:
    """Let later tasks of an office that has moved go where its lane says again."""
    runtime.lift_redirect(host(), actor(), number)
    flash(_("已撤销，新来的任务恢复按流程图的规定分派。"), "good")
    return redirect(url_for("workload.index"))


def _handing(form: str, hand: Callable[[str | None, str], Handed]) -> Page:
    to = request.form.get("to") or None
    try:
        handed = hand(to, request.form.get("reason", ""))
    except PersonAbsent as error:
        return _page({form: absent_text(error)}, error), error.status
    except InvalidInput:
        text = _("请写明原因，并选择另一位同事或者退回队列。")
        return _page({form: text}), InvalidInput.status
    return _told(handed)


def _told(handed: Handed) -> Response:
    left = [one.case_no for one in handed.left]
    if handed.moved or not left:
        flash(_("已移交 %(n)s 件。", n=handed.moved), "good")
    if left:
        which = listed([*left[:_MOST_NAMED], *(["…"] if len(left) > _MOST_NAMED else [])])
        why = _(
            "%(n)s 件没有移交，对方岗位不能办或者已有变动：%(which)s。", n=len(left), which=which
        )
        flash(why, "bad")
    return redirect(url_for("workload.index"))


def _office(text: str) -> Office:
    post, _sep, region = text.partition("@")
    return Office(post or None, region or None)


def _page(errors: dict[str, str], absent: PersonAbsent | None = None) -> str:
    queue, *people = runtime.view_workload(host(), actor())
    offices = runtime.movable_offices(host(), actor())
    return render_template(
        "supervision/workload.html",
        queue=queue,
        people=people,
        uncovered=[one for one in people if one.is_uncovered],
        away=[one for one in people if one.absence],
        offices=[(one, runtime.count_office(host(), actor(), one)) for one in offices],
        redirects=runtime.list_redirects(host(), actor()),
        most=max((one.held for one in people), default=0),
        most_handed=runtime.MOST_HANDED,
        errors=errors,
        absent=absent,
    )
