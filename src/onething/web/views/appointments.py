"""A person's appointments: book one, show its code at the office, move it, give it up."""

import secrets
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.appointments import AppointmentRow, Office
from onething.definitions import Service
from onething.errors import AppointmentHeld, Conflict, InvalidInput, SlotRefused
from onething.runtime import require_role
from onething.web.appointment_words import held_text, refusal
from onething.web.node import actor, host
from onething.web.qr import qr_image
from onething.web.shown import services
from onething.web.slot_picker import choices

pages = Blueprint("appointments", __name__)
Page = str | Response | tuple[str, int]
_MOVABLE = ("booked", "no_show")


@pages.get("/my/appointments")
def index() -> Page:
    """List the own appointments, those to come first."""
    own = runtime.own_appointments(host(), actor())
    return render_template(
        "appointments/index.html",
        to_come=sorted(
            (one for one in own if one.is_live), key=lambda one: one.slot_at or one.created_at
        ),
        over=[one for one in own if not one.is_live],
        offices=runtime.office_names(host()),
        names=_names(),
    )


@pages.get("/my/appointments/new")
def choose() -> Page:
    """Choose service, office, day and time."""
    require_role(actor(), "applicant", "helper")
    return _choose(None, {})


@pages.post("/my/appointments")
def book() -> Page:
    """Book what was chosen."""
    require_role(actor(), "applicant", "helper")
    form = request.form
    at = _instant(form.get("slot", ""))
    if at is None:
        return _choose(None, {"slot": _("请选择时段。")}), InvalidInput.status
    try:
        row = runtime.book(
            host(),
            actor(),
            form.get("office", ""),
            form.get("service", ""),
            at,
            name=form.get("name", ""),
            id_no=form.get("idNo", ""),
            key=form.get("_key") or None,
        )
    except SlotRefused as error:
        return _choose(None, {"slot": refusal(error.reason)}), error.status
    except AppointmentHeld as error:
        return _choose(None, {"slot": held_text()}), error.status
    except InvalidInput as error:
        told = {"name": _("请填写姓名。"), "idNo": _("身份证号码有误，请核对。")}
        return _choose(None, {field: told[field] for field in error.fields}), error.status
    flash(_("已预约。请凭预约码到场签到。"), "good")
    return redirect(url_for("appointments.show", appointment_id=row.appointment_id))


@pages.get("/my/appointments/<appointment_id>")
def show(appointment_id: str) -> Page:
    """Show one appointment with the code for the office's desk."""
    row = runtime.own_appointment(host(), actor(), appointment_id)
    return render_template(
        "appointments/show.html",
        row=row,
        office=runtime.office_names(host()).get(row.office_id),
        service=_names().get(row.service),
        holder=runtime.name_of(host(), row),
        qr=qr_image(row.code) if row.is_live else "",
    )


@pages.get("/my/appointments/<appointment_id>/move")
def choose_again(appointment_id: str) -> Page:
    """Choose another time."""
    row = runtime.own_appointment(host(), actor(), appointment_id)
    return _choose(row, {}) if row.state in _MOVABLE else _stays(appointment_id)


@pages.post("/my/appointments/<appointment_id>/move")
def move(appointment_id: str) -> Page:
    """Move the appointment; the old time is kept until the new one is sure."""
    row = runtime.own_appointment(host(), actor(), appointment_id)
    if row.state not in _MOVABLE:
        return _stays(appointment_id)
    at = _instant(request.form.get("slot", ""))
    if at is None:
        return _choose(row, {"slot": _("请选择时段。")}), InvalidInput.status
    office = request.form.get("office") or row.office_id
    try:
        runtime.move_appointment(host(), actor(), appointment_id, office, at)
    except SlotRefused as error:
        return _choose(row, {"slot": refusal(error.reason)}), error.status
    except AppointmentHeld as error:
        return _choose(row, {"slot": held_text()}), error.status
    except Conflict:
        return _stays(appointment_id)
    flash(_("已改期，原时段已让出。"), "good")
    return redirect(url_for("appointments.show", appointment_id=appointment_id))


@pages.post("/my/appointments/<appointment_id>/cancel")
def cancel(appointment_id: str) -> Page:
    """Give the appointment up."""
    try:
        runtime.cancel_appointment(host(), actor(), appointment_id)
    except Conflict:
        flash(_("预约已经开始或结束，不能取消。"), "bad")
    else:
        flash(_("已取消预约，时段已让出。"), "good")
    return redirect(url_for("appointments.show", appointment_id=appointment_id))


def _stays(appointment_id: str) -> Response:
    """Lead to the appointment that can be moved no more, and say so."""
    flash(_("预约已经开始或结束，不能改期。"), "bad")
    return redirect(url_for("appointments.show", appointment_id=appointment_id))


def _choose(row: AppointmentRow | None, errors: dict[str, str]) -> str:
    """Show what can be chosen; each choice is a link, the time a radio button."""
    asked = request.form if request.method == "POST" else request.args
    names = _names()
    offered = [
        (office, code)
        for office in runtime.list_offices(host())
        for code in office.services
        if code in names and (row is None or code == row.service)
    ]
    service = row.service if row else asked.get("service", "")
    place = asked.get("office") or (row.office_id if row else "")
    office = _chosen(offered, place, service)
    kept = "" if "slot" in errors else asked.get("slot", "")  # what was refused is not offered
    days, times, chosen = (
        choices(office, service, kept, asked.get("day")) if office else ([], [], None)
    )
    return render_template(
        "appointments/choose.html",
        row=row,
        offered=offered,
        names=names,
        office=office,
        service=service,
        days=days,
        times=times,
        chosen=chosen,
        errors=errors,
        is_for_others="applicant" not in actor().roles,
        key=request.form.get("_key") or secrets.token_hex(16),
    )


def _chosen(offered: list[tuple[Office, str]], place: str, service: str) -> Office | None:
    found = (office for office, code in offered if (office.office_id, code) == (place, service))
    return next(found, None)


def _names() -> dict[str, Service]:
    """Return the services that are offered, by code."""
    return {one.service.code: one.service for one in services(host())}


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if len(text) < 40 else None  # noqa: PLR2004 - characters
    except ValueError:
        return None
    return at.replace(tzinfo=host().zone) if at is not None and at.tzinfo is None else at
