"""Who has how much in a department, and handing on what a person holds."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import InvalidInput
from onething.web.node import actor, host

pages = Blueprint("workload", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/supervision/workload")
def index() -> str:
    """Show the queue, and everybody with what they hold."""
    return _page({})


@pages.post("/supervision/workload/<user>")
def hand_on(user: str) -> Page:
    """Give all that a person holds to a colleague or back to the queue."""
    to = request.form.get("to") or None
    reason = request.form.get("reason", "")
    try:
        handed = runtime.hand_on(host(), actor(), user, to, reason)
    except InvalidInput:
        return _page({user: _("请写明原因，并选择另一位同事或者退回队列。")}), InvalidInput.status
    flash(_("已移交 %(n)s 件。", n=handed.moved), "good")
    if handed.left:
        told = "、".join(one.case_no for one in handed.left[:5])
        flash(_("%(n)s 件没有移交：%(which)s。", n=len(handed.left), which=told), "bad")
    return redirect(url_for("workload.index"))


def _page(errors: dict[str, str]) -> str:
    queue, *people = runtime.view_workload(host(), actor())
    return render_template(
        "supervision/workload.html",
        queue=queue,
        people=people,
        most=max((one.held for one in people), default=0),
        most_handed=runtime.MOST_HANDED,
        errors=errors,
    )
