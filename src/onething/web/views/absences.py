"""Who is away and who stands in: the calendar of a department, and one's own days."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from onething import identity
from onething.errors import AbsenceRefused, InvalidInput, NotFound
from onething.identity import Absence, Actor, Days, Moment
from onething.runtime import require_role
from onething.web.absence_words import KINDS, absence_errors
from onething.web.month_grid import asked_month, month_grid
from onething.web.naming import person_name
from onething.web.node import actor, host

pages = Blueprint("absences", __name__)
Page = str | Response | tuple[str, int]
_REFUSED = (AbsenceRefused, InvalidInput)


@pages.get("/absences")
def index() -> str:
    """Show one month of the department."""
    me = _me()
    today = host().today
    first = asked_month(request.args.get("month"), today)
    with host().database.read() as conn:
        people = identity.workers(conn, me.department or "")
        grid = month_grid(host(), first, (), people)
        found = identity.absences(conn, me.department or "", first, grid.last)
    return render_template(
        "absences/index.html",
        grid=month_grid(host(), first, found, people),
        absences=found,
        people={one.user: one for one in people},
        may_change={one.absence_id for one in found if _may_change(one)},
    )


@pages.get("/absences/new")
def begin() -> str:
    """Show the form for days away, from today on."""
    me = _me()
    today = host().today.isoformat()
    given = {"user": request.args.get("user") or me.user, "first_on": today, "last_on": today}
    return _form(MultiDict(given), {})


@pages.post("/absences/new")
def enter() -> Page:
    """Enter days away."""
    me = _me()
    try:
        days = _days(request.form)
        identity.enter_absence(host().database, me, _moment(), days)
    except _REFUSED as error:
        return _form(request.form, absence_errors(error)), error.status
    flash(_("已登记。"), "good")
    return _done(days)


@pages.get("/absences/<int:absence_id>")
def edit(absence_id: int) -> str:
    """Show days away to be changed."""
    one = _own(absence_id)
    given = {
        "user": one.user,
        "first_on": one.first_on.isoformat(),
        "last_on": one.last_on.isoformat(),
        "kind": one.kind,
        "substitute": one.substitute or "",
        "note": one.note,
    }
    return _form(MultiDict(given), {}, one)


@pages.post("/absences/<int:absence_id>")
def change(absence_id: int) -> Page:
    """Change days away."""
    known = _own(absence_id)
    given = MultiDict(request.form)
    given["user"] = known.user
    try:
        days = _days(given)
        identity.change_absence(host().database, actor(), _moment(), absence_id, days)
    except _REFUSED as error:
        return _form(given, absence_errors(error), known), error.status
    flash(_("已修改。"), "good")
    return _done(days)


@pages.post("/absences/<int:absence_id>/end")
def end(absence_id: int) -> Response:
    """End days away today, or withdraw what has not begun."""
    known = _own(absence_id)
    try:
        identity.end_absence(host().database, actor(), _moment(), absence_id)
    except AbsenceRefused:
        flash(_("这次不在岗已经结束。"), "bad")
    else:
        is_begun = known.first_on < host().today
        flash(_("已提前结束，从今天起在岗。") if is_begun else _("已取消登记。"), "good")
    return redirect(url_for("absences.index", month=f"{known.first_on:%Y-%m}"))


def _me() -> Actor:
    me = actor()
    require_role(me, "clerk", "supervisor")
    if me.department is None:
        raise NotFound("Absences are those of a department")
    return me


def _own(absence_id: int) -> Absence:
    """Return an absence of the own department that this person may change."""
    me = _me()
    with host().database.read() as conn:
        found = identity.get_absence(conn, absence_id)
    is_here = found.department == me.department and found.withdrawn_at is None
    if not is_here or not identity.may_enter(me, found.user):
        raise NotFound(f"No absence {absence_id}")
    return found


def _may_change(one: Absence) -> bool:
    return identity.may_enter(actor(), one.user) and one.last_on >= host().today


def _moment() -> Moment:
    return Moment(host().clock(), host().today)


def _days(form: MultiDict[str, str]) -> Days:
    return Days(
        user=form.get("user", ""),
        first_on=_day(form, "first_on"),
        last_on=_day(form, "last_on"),
        kind=form.get("kind", ""),
        substitute=form.get("substitute") or None,
        note=form.get("note", "").strip(),
    )


def _day(form: MultiDict[str, str], name: str) -> date:
    try:
        return date.fromisoformat(form.get(name, ""))
    except ValueError as error:
        raise InvalidInput("No such day", {name: "No such day"}) from error


def _done(days: Days) -> Response:
    """Say what is still open: nobody stands in, or the person was to stand in for others."""
    if days.substitute is None:
        flash(_("还没有代办人：不在岗期间的任务要由科室负责人在工作量页移交。"), "bad")
    with host().database.read() as conn:
        same = identity.absences(conn, _me().department or "", days.first_on, days.last_on)
    for one in same:
        if one.substitute == days.user:
            who = person_name(one.user)
            text = _("这些日子原定代办 %(who)s 的任务，请另行安排代办人。", who=who)
            flash(text, "bad")
    return redirect(url_for("absences.index", month=f"{days.first_on:%Y-%m}"))


def _form(given: MultiDict[str, str], errors: dict[str, str], known: Absence | None = None) -> str:
    me = _me()
    with host().database.read() as conn:
        people = identity.workers(conn, me.department or "")
    unique = {one.user: one for one in people}
    chosen = given.get("user", me.user)
    is_fixed = known is not None or "supervisor" not in me.roles
    others = identity.substitutes(people, chosen) if is_fixed else list(unique.values())
    return render_template(
        "absences/form.html",
        given=given,
        errors=errors,
        known=known,
        person=unique.get(chosen),
        chosen=chosen,
        is_fixed=is_fixed,
        people=list(unique.values()),
        others=others,
        kinds=KINDS,
        today=host().today.isoformat(),
    )
