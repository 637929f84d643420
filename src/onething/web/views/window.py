"""Window mode: open a case for a citizen at the counter, whose card is read once."""

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from onething import runtime
from onething.appointments import AppointmentRow, Office
from onething.definitions import Definition
from onething.errors import (
    AppointmentHeld,
    CaseAlreadyOpen,
    InvalidInput,
    KeyReused,
    NotFound,
    SlotRefused,
    TooOften,
)
from onething.feel import Environment
from onething.forms import Answer, FieldView, Message
from onething.runtime import Card
from onething.web.appointment_words import held_text, refusal
from onething.web.entry import Entry, mistakes, posted_entry, with_file_names
from onething.web.language import language
from onething.web.node import actor, host
from onething.web.qr import qr_image
from onething.web.shown import services
from onething.web.window_entry import Read, fill_card, fill_here

pages = Blueprint("window", __name__)
Page = str | Response | tuple[str, int]
RECEIPTS = "window receipts"
_MOST_RECEIPTS = 10
_READ, _PERSON, _CARD, _ID = "_read", "_person", "_card", "_id"


@pages.get("/offices/<office_id>/window")
def index(office_id: str) -> Page:
    """Ask for the service and the card of whoever is at the counter."""
    return _index(office_id)


@pages.post("/offices/<office_id>/window")
def begin(office_id: str) -> Page:
    """Read the card and open the service's form, filled in as far as the card tells."""
    office, offered = _office(office_id)
    definition = _of(offered, request.form.get("service", ""))
    if definition is None:
        told = _("请选择要办的事项。")
        return _index(office_id, {"service": told}), InvalidInput.status
    try:
        card = runtime.read_card(host(), request.form.get(_CARD, ""))
        checked = _checked(card, request.form.get("name", ""))
    except InvalidInput:
        return _index(office_id, {"card": _card_fault()}), InvalidInput.status
    except TooOften:
        return _index(office_id, {"card": _("核验太频繁，请稍后再试。")}), TooOften.status
    person = runtime.applicant_path(definition)
    entry = Entry(host(), actor())
    name = card.name or request.form.get("name", "").strip()[:50]
    fill_card(entry, definition, person, Card(card.id_no, name, card.sex, card.birth))
    fill_here(entry, definition, office)
    return _form(office, definition, entry, Read(card.id_no, checked))


@pages.post("/offices/<office_id>/window/<service>")
def fill(office_id: str, service: str) -> Page:
    """Take the form: another person's card, a choice, or all answers for the citizen's check."""
    office, offered = _office(office_id)
    definition = _required(offered, service)
    entry, read = posted_entry(), Read.of(request.form.get(_ID, ""))
    if read is None:
        return _too_old(office_id)
    is_edit = entry.edit(request.form) or "refresh" in request.args
    if _READ in request.form:
        is_edit = True
        try:
            card = runtime.read_card(host(), request.form.get(_CARD, ""))
            fill_card(entry, definition, request.form.get(_PERSON, ""), card)
        except InvalidInput:
            entry.errors[_CARD] = _card_fault()
    answer = _answer(definition, entry)
    if is_edit or entry.errors or not answer.is_valid:
        page = _form(office, definition, entry, read, is_checked=not is_edit)
        return page if is_edit and not entry.errors else (page, InvalidInput.status)
    return _check_page(office, definition, entry, answer, read)


@pages.post("/offices/<office_id>/window/<service>/send")
def send(office_id: str, service: str) -> Page:
    """Open the case; the first task for the clerk's own post opens by itself."""
    office, offered = _office(office_id)
    definition = _required(offered, service)
    entry, read = posted_entry(), Read.of(request.form.get(_ID, ""))
    if read is None:
        return _too_old(office_id)
    try:
        started = runtime.open_at_window(
            host(),
            actor(),
            office_id,
            service,
            entry.answers,
            id_no=read.id_no,
            is_declared=request.form.get("_declared") == "true",
            checked=read.checked,
            appointment_id=request.form.get("_number") or None,
            uploads=entry.uploads(definition.application),
            key=request.form.get("_key") or None,
        )
    except CaseAlreadyOpen as error:
        told = _("同一事项已有在办的办件 %(no)s，不能重复开立。", no=error.case_no)
        return _index(office_id, {"service": told}), error.status
    except KeyReused as error:
        return _index(office_id, {"service": _("这份申请已经提交过。")}), error.status
    except SlotRefused as error:
        entry.errors[error.field] = refusal(error.reason)
    except AppointmentHeld:
        entry.errors["slot"] = held_text()
    except InvalidInput as error:
        answer = _answer(definition, entry)
        if "_declared" in error.fields and answer.is_valid:
            page = _check_page(office, definition, entry, answer, read, is_missing=True)
            return page, error.status
        if answer.is_valid:
            entry.errors.update(dict.fromkeys(error.fields, _("与读到的身份证号码不一致。")))
    else:
        kept = {**session.get(RECEIPTS, {}), started.case_no: started.query_code}
        session[RECEIPTS] = dict(list(kept.items())[-_MOST_RECEIPTS:])
        return _opened(office_id, started.case_no)
    page = _form(office, definition, entry, read, is_checked=True)
    return page, InvalidInput.status


@pages.get("/offices/<office_id>/window/receipts/<case_no>")
def receipt(office_id: str, case_no: str) -> Page:
    """Show the citizen's receipt for printing: case number, query code, QR code."""
    office, _offered = _office(office_id)
    case, filing = runtime.view_filing(host(), actor(), case_no)
    code = session.get(RECEIPTS, {}).get(case_no)
    address = url_for("lookup.form", case_no=case_no, _external=True)
    return render_template(
        "window/receipt.html",
        office=office,
        case=case,
        filing=filing,
        query_code=code,
        qr=qr_image(address),
    )


def _opened(office_id: str, case_no: str) -> Response:
    task = runtime.claim_of_case(host(), actor(), case_no)
    code = session[RECEIPTS][case_no]
    told = _("办件 %(no)s 已开立，查询码 %(code)s。", no=case_no, code=code)
    if task is None:
        flash(told, "good")
        return redirect(url_for("window.receipt", office_id=office_id, case_no=case_no))
    paper = url_for("papers.window_receipt", office_id=office_id, case_no=case_no)
    flash(Markup('{} <a href="{}">{}</a>').format(told, paper, _("打印回执 (PDF)")), "good")
    return redirect(url_for("task.form", task_id=task))


def _index(office_id: str, errors: dict[str, str] | None = None) -> str:
    office, offered = _office(office_id)
    called = _called(office_id)
    return render_template(
        "window/index.html",
        office=office,
        offered=[one.service for one in offered],
        chosen=request.form.get("service") or (called.service if called else ""),
        called=called,
        card="" if "card" in (errors or {}) else request.form.get(_CARD, ""),
        name=request.form.get("name") or (runtime.name_of(host(), called) if called else ""),
        receipts=list(session.get(RECEIPTS, {}))[::-1],
        errors=errors or {},
    )


def _too_old(office_id: str) -> Page:
    """Ask for the card again where a page carries none of this clerk's, or one of yesterday."""
    return _index(office_id, {"card": _("页面已过期，请重新读卡。")}), InvalidInput.status


def _called(office_id: str) -> AppointmentRow | None:
    """Return the number at the reader's counter, whose citizen is there."""
    counter = session.get("counter", "")
    day = runtime.view_day(host(), actor(), office_id, is_again=True)
    entries = day.in_state("called", "in_service")
    found = (one.row for one in entries if counter and one.row.counter == counter)
    return next(found, None)


def _office(office_id: str) -> tuple[Office, list[Definition]]:
    office = runtime.own_office(host(), actor(), office_id).office
    return office, [one for one in services(host()) if one.service.code in office.services]


def _of(offered: list[Definition], code: str) -> Definition | None:
    return next((one for one in offered if one.service.code == code), None)


def _required(offered: list[Definition], code: str) -> Definition:
    found = _of(offered, code)
    if found is None:
        raise NotFound(f"No service {code[:40]} here")
    return found


def _checked(card: Card, name: str) -> str:
    return runtime.check_card(host(), actor(), card.name or name.strip()[:50], card.id_no)


def _card_fault() -> str:
    return str(_("没有读到有效的身份证号码，请重新读卡或核对输入。"))


def _environment() -> Environment:
    return host().environment(host().clock())


def _answer(definition: Definition, entry: Entry) -> Answer:
    return definition.application.submit(entry.posted, _environment())


def _fields(
    definition: Definition, entry: Entry, answer: Answer, *, is_checked: bool, is_shown: bool
) -> list[FieldView]:
    errors: dict[str, Message | str] = {**(answer.errors if is_checked else {}), **entry.errors}
    fields = definition.application.view(
        answer.data,
        errors,
        _environment(),
        language=language(),
        warnings=answer.warnings,
        readonly=is_shown,
    )
    return with_file_names(fields, entry.file_names)


def _form(
    office: Office,
    definition: Definition,
    entry: Entry,
    read: Read,
    *,
    is_checked: bool = False,
) -> str:
    answer = _answer(definition, entry)
    fields = _fields(definition, entry, answer, is_checked=is_checked, is_shown=False)
    people = runtime.people_asked(definition.application)
    return render_template(
        "window/form.html",
        office=office,
        service=definition.service,
        fields=fields,
        entry=entry,
        messages=mistakes(fields),
        people=[(one, label) for one in people if (label := _group_of(fields, one))],
        **_carried(office, read),
    )


def _check_page(  # noqa: PLR0913 - what the page carries
    office: Office,
    definition: Definition,
    entry: Entry,
    answer: Answer,
    read: Read,
    *,
    is_missing: bool = False,
) -> str:
    return render_template(
        "window/check.html",
        office=office,
        service=definition.service,
        fields=_fields(definition, entry, answer, is_checked=False, is_shown=True),
        entry=entry,
        is_missing=is_missing,
        **_carried(office, read),
    )


def _carried(office: Office, read: Read) -> dict[str, Any]:
    called = _called(office.office_id)
    return {
        "read": read,
        "key": request.form.get("_key") or secrets.token_hex(16),
        "number": request.form.get("_number") or (called.appointment_id if called else ""),
        "ticket": called.ticket if called else "",
    }


def _group_of(fields: list[FieldView], person: str) -> str:
    """Return the label of the group that asks for a person's number now; nothing for none."""
    for one in fields:
        asks = (child.name == f"{person}.idNo" and not child.is_hidden for child in one.children)
        if not one.is_hidden and any(asks):
            return one.label
    return ""
