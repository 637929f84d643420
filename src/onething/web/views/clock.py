"""One clock of a case: every day of it, and what its supervisor may do, tried before it is done."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import CalendarError, Conflict, InvalidInput, KeyReused, NotFound
from onething.runtime import ClockView, Preview
from onething.web.clock_form import (
    PROCEDURES,
    asked,
    doors,
    is_movable,
    refusal,
)
from onething.web.clock_panel import panels
from onething.web.node import actor, host

pages = Blueprint("clock", __name__)
Page = str | Response | tuple[str, int]
_REFUSED = (InvalidInput, CalendarError, Conflict)


@pages.get("/cases/<case_no>/clocks/<clock_id>")
def show(case_no: str, clock_id: str) -> Page:
    """Show a clock with what this person may do to it."""
    return _page(case_no, clock_id)


@pages.post("/cases/<case_no>/clocks/<clock_id>")
def move(case_no: str, clock_id: str) -> Page:
    """Try a move; with `confirm` do it."""
    key = request.form.get("_key") or None
    try:
        wanted = asked(request.form, clock_id)
        if "confirm" not in request.form:
            return _page(case_no, clock_id, runtime.preview_move(host(), actor(), case_no, wanted))
        runtime.move_clock(host(), actor(), case_no, wanted, key=key)
    except KeyReused:
        raise
    except _REFUSED as error:
        return _page(case_no, clock_id, error=refusal(error)), error.status
    flash(_("已办理，并书面告知申请人。"), "good")
    return redirect(url_for("clock.show", case_no=case_no, clock_id=clock_id))


@pages.post("/cases/<case_no>/clocks/<clock_id>/permit")
def permit(case_no: str, clock_id: str) -> Page:
    """Permit the department of a notice to supplement to send a second one."""
    department = _view(case_no, clock_id).clock.department or ""
    words = {name: request.form.get(name, "").strip() for name in ("reason", "basis")}
    key = request.form.get("_key") or None
    try:
        runtime.permit_notice(host(), actor(), case_no, department, **words, key=key)
    except KeyReused:
        raise
    except _REFUSED as error:
        return _page(case_no, clock_id, error=refusal(error)), error.status
    flash(_("已批准再次告知补正，并记入办理经过。"), "good")
    return redirect(url_for("case.show", case_no=case_no, _anchor="clocks"))


def _view(case_no: str, clock_id: str) -> ClockView:
    return runtime.view_clock(host(), actor(), case_no, clock_id)


def _page(case_no: str, clock_id: str, preview: Preview | None = None, error: str = "") -> str:
    me, views = actor(), runtime.view_clocks(host(), actor(), case_no)
    view = next((one for one in views if one.clock.clock_id == clock_id), None)
    if view is None or not runtime.moves_clock(me, view.clock):
        raise NotFound(f"The case {case_no} has no clock {clock_id} that is yours to move")
    case = runtime.view_case(host(), me, case_no).case
    with host().database.read() as conn:
        definition = host().definitions.get(conn, case.service, case.number)
    changed = zip(preview.before.legs, preview.after.legs, strict=True) if preview else ()
    return render_template(
        "case/clock.html",
        case=case,
        panel=panels([view], definition)[0],
        clock=view.clock,
        is_movable=is_movable(view.clock),
        is_permissible=clock_id in doors(views, me),
        is_extended=any(one.kind == "extension" for one in view.clock.entries),
        changed=list(changed),
        error=error,
        given=request.form,
        procedures=PROCEDURES,
        key=secrets.token_hex(16),
    )
