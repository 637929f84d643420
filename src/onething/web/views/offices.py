"""At the office: who comes today, who is called, who is served."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.appointments import AppointmentRow
from onething.errors import Conflict, InvalidInput
from onething.web.appointment_words import place_name
from onething.web.node import actor, host
from onething.web.shown import services

pages = Blueprint("offices", __name__)
Page = str | Response | tuple[str, int]
_COUNTER, _POSTS = "counter", "counter posts"
_MOVES: dict[str, Callable[..., AppointmentRow]] = {
    "check-in": runtime.check_in,
    "undo": runtime.undo_check_in,
    "recall": runtime.recall,
    "pass": runtime.pass_over,
    "begin": runtime.begin_service,
    "end": runtime.end_service,
    "no-show": runtime.give_up,
}


@pages.get("/offices")
def index() -> Page:
    """List the offices at which the reader works; a single one opens by itself."""
    own = runtime.own_offices(host(), actor())
    is_head = "supervisor" in actor().roles
    if len(own) == 1 and not is_head:
        return redirect(url_for("offices.day", office_id=own[0].office.office_id))
    return render_template("offices/index.html", own=own, is_head=is_head)


@pages.get("/offices/<office_id>")
def day(office_id: str) -> Page:
    """Show the queue of today, or another day's bookings."""
    return _day(office_id)


@pages.post("/offices/<office_id>/counter")
def sit_down(office_id: str) -> Page:
    """Say at which counter the reader sits, for this session."""
    try:
        session[_COUNTER] = runtime.require_counter(request.form.get("counter", ""))
    except InvalidInput:
        return _day(office_id, {"counter": _("请填写窗口号，最多 8 个字。")}), InvalidInput.status
    session[_POSTS] = request.form.getlist("posts")
    return redirect(url_for("offices.day", office_id=office_id))


@pages.post("/offices/<office_id>/next")
def call_next(office_id: str) -> Page:
    """Call whoever is next to the reader's counter."""
    counter = session.get(_COUNTER, "")
    try:
        row = runtime.call_next(host(), actor(), office_id, counter, session.get(_POSTS) or ())
    except InvalidInput:
        return _day(office_id, {"counter": _("叫号前请先填写窗口号。")}), InvalidInput.status
    except Conflict:
        flash(_("本窗口还有人没有办完，请先办结或过号。"), "bad")
    else:
        if row is None:
            flash(_("现在没有人等候。"))
    return redirect(url_for("offices.day", office_id=office_id))


@pages.post("/offices/<office_id>/find")
def find(office_id: str) -> Page:
    """Check in whom a code, a number or a name means; where several are meant, show them."""
    text = request.form.get("text", "")[:64]
    found = runtime.find_in_day(host(), actor(), office_id, text)
    open_ones = [one for one in found if one.row.state in ("booked", "no_show")]
    if len(found) == 1 and open_ones:
        return _move(office_id, found[0].row.appointment_id, "check-in")
    if not found:
        told = _("今天没有找到这个预约码、号码或姓名。请核对，或为其取号。")
        return _day(office_id, {"text": told}), InvalidInput.status
    return _day(office_id, found=[one.row.appointment_id for one in found])


@pages.post("/offices/<office_id>/numbers")
def take_number(office_id: str) -> Page:
    """Give somebody without a booking a number."""
    form = request.form
    try:
        row = runtime.take_number(
            host(),
            actor(),
            office_id,
            form.get("service", ""),
            form.get("name", ""),
            form.get("_key") or None,
        )
    except InvalidInput:
        return _day(office_id, {"service": _("请选择要办的事项。")}), InvalidInput.status
    except Conflict:
        flash(_("今天的号已经取完。"), "bad")
    else:
        flash(_("已取号：%(ticket)s", ticket=row.ticket), "good")
    return redirect(url_for("offices.day", office_id=office_id))


@pages.post("/offices/<office_id>/numbers/<appointment_id>/<move>")
def act(office_id: str, appointment_id: str, move: str) -> Page:
    """Check in, call again, pass over, begin, end or give up one number."""
    return _move(office_id, appointment_id, move)


def _move(office_id: str, appointment_id: str, name: str) -> Page:
    command = _MOVES.get(name)
    if command is None:
        return _day(office_id), InvalidInput.status
    try:
        row = command(host(), actor(), office_id, appointment_id)
    except Conflict:
        flash(_("这个号的状态已经变化，请看最新列表。"), "bad")
    else:
        if name == "check-in":
            flash(_("已签到：%(ticket)s", ticket=row.ticket), "good")
    return redirect(url_for("offices.day", office_id=office_id))


def _day(office_id: str, errors: dict[str, str] | None = None, found: Any = ()) -> str:  # noqa: ANN401 - ids
    wanted = request.args.get("day", "")
    day = wanted if _is_day(wanted) else None
    is_again = request.headers.get("HX-Request") == "true"
    view = runtime.view_day(host(), actor(), office_id, day, is_again=is_again)
    today = host().clock().astimezone(host().zone).date()
    counter = session.get(_COUNTER, "")
    mine = [one for one in view.in_state("called", "in_service") if one.row.counter == counter]
    order = {one: place for place, one in enumerate(view.upcoming)}
    waiting = sorted(view.in_state("arrived"), key=lambda one: order[one.row.appointment_id])
    names = {one.service.code: one.service for one in services(host())}
    return render_template(
        "offices/day.html",
        view=view,
        office=view.office.office,
        today=today,
        shown=date.fromisoformat(view.day),
        is_today=view.day == today.isoformat(),
        counter=counter,
        posts=session.get(_POSTS) or [],
        mine=mine,
        waiting=waiting,
        others=[one for one in view.in_state("called", "in_service") if one.row.counter != counter],
        booked=view.in_state("booked"),
        over=view.in_state("done", "no_show"),
        names=names,
        post_names={one.post: place_name(one) for one in view.office.office.posts},
        errors=errors or {},
        found=set(found),
        key=secrets.token_hex(12),
        is_head="supervisor" in actor().roles,
    )


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
