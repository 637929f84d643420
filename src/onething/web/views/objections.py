"""Objections to shared data, for the department that gave them and for supervision."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import AlreadyDone, InvalidInput
from onething.runtime import OUTCOMES, ObjectionView
from onething.sharing import STATES
from onething.web.node import actor, host
from onething.web.objection_lines import ObjectionLine, objection_lines

pages = Blueprint("objections", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/objections")
def index() -> Page:
    """List the objections to the own department's data, the oldest first."""
    return _page({})


@pages.post("/objections/<objection_id>")
def answer(objection_id: str) -> Page:
    """Take the department's answer and tell the applicant."""
    try:
        runtime.answer_objection(
            host(),
            actor(),
            objection_id,
            request.form.get("outcome", ""),
            request.form.get("answer", ""),
            key=request.form.get("_key") or None,
        )
    except AlreadyDone:
        flash(_("这项异议已由他人答复，您填写的内容没有提交。"), "bad")
    except InvalidInput:
        told = _("请选择处理结果并填写说明（不超过 500 个字符）。")
        return _page({objection_id: told}), InvalidInput.status
    else:
        flash(_("已答复，申请人会收到通知。"), "good")
    return redirect(url_for("objections.index"))


def _page(errors: dict[str, str]) -> str:
    state = request.args.get("state", "open")
    state = state if state in STATES else "open"
    views = runtime.list_objections(host(), actor(), state)
    return render_template(
        "supervision/objections.html",
        lines=[_line(one) for one in views],
        state=state,
        outcomes=OUTCOMES,
        errors=errors,
        can_answer=runtime.shares_data(actor()),
    )


def _line(view: ObjectionView) -> ObjectionLine:
    with host().database.read() as conn:
        definition = host().definitions.newest(conn, view.row.service)
    return objection_lines(host(), definition, [view])[0]
