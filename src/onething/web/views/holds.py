"""Holds of cases while a decision is reviewed or before a court: list, put there, lift."""

import secrets
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.cases import HOLD_KINDS, OUTCOMES
from onething.errors import AlreadyDone, CaseArchived, InvalidInput, NotAllowed
from onething.runtime import Holding, Ruling
from onething.web.hold_words import field_errors
from onething.web.node import actor, host

pages = Blueprint("holds", __name__)
Page = str | Response | tuple[str, int]
PAGE_SIZE = 25


@pages.get("/supervision/holds")
def index() -> str:
    """List the holds that this person answers for: those that hold, or all."""
    state = request.args.get("state")
    case_no, _sep, number = request.args.get("after", "").partition("-")
    found = runtime.list_holds(
        host(),
        actor(),
        is_open=None if state == "all" else True,
        after=(case_no, int(number)) if number.isdecimal() else None,
        limit=PAGE_SIZE + 1,
    )
    shown = found[:PAGE_SIZE]
    return render_template(
        "supervision/holds.html",
        holds=shown,
        state=state,
        next=f"{shown[-1].case_no}-{shown[-1].number}" if len(found) > PAGE_SIZE else None,
    )


@pages.get("/cases/<case_no>/hold")
def form(case_no: str) -> str:
    """Show how to put a case on hold, or how to lift its hold."""
    return _form(case_no, {})


@pages.post("/cases/<case_no>/hold")
def put(case_no: str) -> Page:
    """Put a case on hold."""
    given = request.form
    try:
        holding = Holding(
            kind=given.get("kind", ""),
            document=given.get("document", ""),
            dated_on=_day(given.get("dated_on", "")),
            basis=given.get("basis", ""),
        )
        runtime.hold_case(host(), actor(), case_no, holding, key=given.get("_key") or None)
    except InvalidInput as error:
        return _form(case_no, field_errors(error)), error.status
    except CaseArchived:
        flash(_("本件已归档，须由运维先恢复。"), "bad")
    except AlreadyDone:
        flash(_("本件已经依法暂停。"), "bad")
    else:
        flash(_("已登记，本件依法暂停。"), "good")
    return redirect(url_for("case.show", case_no=case_no))


@pages.post("/cases/<case_no>/hold/lift")
def lift(case_no: str) -> Page:
    """Lift the hold of a case with its outcome."""
    given = request.form
    try:
        ruling = Ruling(
            kind=given.get("kind", ""),
            document=given.get("document", ""),
            dated_on=_day(given.get("dated_on", "")),
        )
        runtime.lift_hold(host(), actor(), case_no, ruling, key=given.get("_key") or None)
    except InvalidInput as error:
        return _form(case_no, field_errors(error)), error.status
    except NotAllowed:
        flash(_("只能由登记暂停的部门解除。"), "bad")
    except AlreadyDone:
        flash(_("暂停已经解除。"), "bad")
    else:
        flash(_("已解除暂停，结果已记入办理经过。"), "good")
    return redirect(url_for("case.show", case_no=case_no, _anchor="holds"))


def _day(text: str) -> date:
    """Return the day, or one that no document bears: what else is wrong is told with it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max


def _form(case_no: str, errors: dict[str, str]) -> str:
    me = actor()
    if not runtime.may_hold(me):
        raise NotAllowed("A supervisor of a department puts cases on hold")
    case = runtime.view_case(host(), me, case_no, "hold").case
    holds = runtime.view_holds(host(), me, case_no)
    with host().database.read() as conn:
        is_live = runtime.is_live(conn, case.instance_id)
    return render_template(
        "case/hold.html",
        case=case,
        hold=next((one for one in holds if one.is_open), None),
        is_live=is_live,
        pauses=host().settings.hold_pauses_clocks,
        kinds=HOLD_KINDS,
        outcomes=OUTCOMES,
        given=request.form,
        errors=errors,
        key=request.form.get("_key") or secrets.token_hex(16),
    )
