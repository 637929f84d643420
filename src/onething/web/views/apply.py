"""Apply for a service: fill in one form, check the answers, get a receipt."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.definitions import Definition
from onething.drafts import DraftRow
from onething.errors import (
    AppointmentHeld,
    CaseAlreadyOpen,
    InvalidInput,
    InvitationRefused,
    KeyReused,
    SlotRefused,
    TooOften,
)
from onething.runtime import require_role
from onething.web.appointment_words import refusal
from onething.web.draft_place import place_of
from onething.web.drafting import PageDraft, draft_now, has_drafts, resumed
from onething.web.entry import Entry, posted_answers, posted_entry
from onething.web.filling import Filling
from onething.web.joint_pages import refusal as why_not
from onething.web.node import actor, host, local
from onething.web.prefill import answered_ahead, known_about
from onething.web.qr import qr_image
from onething.web.slot_picker import held_fault, take_office, time_fault
from onething.web.topics import has_chosen_pages, is_moving, paging
from onething.web.views.catalogue import offered

pages = Blueprint("apply", __name__)
Page = str | Response | tuple[str, int]
_OK = 200


@pages.get("/services/<code>/apply")
def form(code: str) -> Page:
    """Ask for everything the service needs, each thing once; what is known stands there.

    Whoever has begun before is asked whether to go on.
    """
    definition = allowed(code)
    saved, left = (begun(code, kind) for kind in ("saved", "left"))
    if left is not None or (saved is not None and "draft" not in request.args):
        return render_template(
            "draft/begun.html",
            place=place_of(code),
            service=definition.service,
            saved=saved,
            left=left,
        )
    if saved is not None:
        return form_page(definition, *resumed(host(), actor(), saved))
    draft, shared = PageDraft.begin(actor(), code), runtime.find_shared(host(), actor(), code)
    if shared is not None:
        draft = replace(draft, draft_id=shared.application)
    filling = Filling.of(definition, Entry(host(), actor()), draft)
    env = host().environment(host().clock())
    known = known_about(host(), actor(), definition)
    known = answered_ahead(definition, posted_answers(request.args), env, known)
    answer = filling.answer(known)
    return filling.page(filling.fields(answer))


@pages.post("/services/<code>/apply")
def check(code: str) -> Page:
    """Take the form or one topic of it: show what is missing or comes next, else all answers."""
    definition = allowed(code)
    entry = posted_entry()
    is_edit = entry.edit(request.form) or has_chosen_pages() or "refresh" in request.args
    take_office(entry.answers, definition.application, definition)
    filling = Filling.of(definition, entry, draft_now(host(), actor(), code))
    edited = filling.edited()
    filling, is_edit = edited or filling, is_edit or edited is not None
    answer = filling.answer()
    if entry.errors or is_edit:
        page = filling.page(filling.fields(answer, is_checked=not is_edit))
        return page, InvalidInput.status if entry.errors else _OK
    checked = filling.fields(answer, is_checked=True)
    here = paging(checked)
    if is_moving() and here.goal is not None:
        page = filling.page(checked if here.is_held else filling.fields(answer), here.goal)
        return page, InvalidInput.status if here.is_held else _OK
    if filling.is_wrong(answer):
        return filling.page(checked, here.first_wrong), InvalidInput.status
    fault = time_fault(definition.application, definition, answer.data)
    if fault is not None:
        return refused(definition, entry, SlotRefused(fault[1], fault[0]))
    return filling.check_page(answer)


@pages.post("/services/<code>/shared")
def share(code: str) -> Page:
    """Let departments be asked about the applicant, or not; what was typed stays typed."""
    definition = allowed(code)
    draft = draft_now(host(), actor(), code)
    try:
        if request.form.get("_consent") == "agreed":
            runtime.agree_to_sharing(host(), actor(), definition, draft.draft_id)
        else:
            runtime.refuse_sharing(host(), actor(), code, draft.draft_id)
    except TooOften as error:
        until = local(error.until).strftime("%H:%M")
        flash(_("查询次数过多，请于 %(until)s 后再试，或者自己填写。", until=until), "bad")
        return form_page(definition, posted_entry(), draft), error.status
    return form_page(definition, posted_entry(), draft)


@pages.get("/services/<code>/shared")
def share_again(code: str) -> Page:
    """Lead whoever opens the address of a consent to the form."""
    return redirect(url_for("apply.form", code=code))


@pages.post("/services/<code>/cases")
def send(code: str) -> Page:
    """Send the application; the same one sent twice, from whichever page, opens one case."""
    definition = allowed(code)
    entry = posted_entry()
    channel = "window" if "applicant" not in actor().roles else "web"
    filling = Filling.of(definition, entry, draft_now(host(), actor(), code))
    answer = filling.answer()
    if filling.other_party(answer) is not None:
        return filling.check_page(answer), InvitationRefused.status
    try:
        started = runtime.start_case(
            host(),
            actor(),
            code,
            entry.answers,
            channel=channel,
            uploads=entry.uploads(definition.application),
            key=request.form.get("_key") or None,
        )
    except CaseAlreadyOpen as error:
        return already_open(definition, error.case_no), error.status
    except KeyReused as error:
        return render_template("apply/already_sent.html", service=definition.service), error.status
    except InvitationRefused as error:
        return filling.check_page(answer, why_not(error.why)), error.status
    except (AppointmentHeld, InvalidInput) as error:
        return refused(definition, entry, error)
    return redirect(url_for("apply.receipt", case_no=started.case_no))


@pages.get("/my/cases/<case_no>/receipt")
def receipt(case_no: str) -> Page:
    """Show case number and query code to whose case it is."""
    require_role(actor(), "applicant", "helper")
    view = runtime.view_receipt(host(), actor(), case_no)
    qr = qr_image(url_for("lookup.form", case_no=case_no, _external=True))
    service = view.definition.service
    return render_template("apply/receipt.html", view=view, service=service, qr=qr)


def refused(definition: Definition, entry: Entry, error: AppointmentHeld | InvalidInput) -> Page:
    """Show the form again at its first mistake, with those that only sending it has found."""
    if isinstance(error, SlotRefused):
        entry.errors[error.field] = refusal(error.reason)
    elif isinstance(error, AppointmentHeld):
        entry.errors.update(held_fault(definition.application, definition))
    else:
        entry.refuse(error.fields)
    filling = Filling.of(definition, entry, draft_now(host(), actor(), definition.service.code))
    fields = filling.fields(filling.answer(), is_checked=True)
    return filling.page(fields, paging(fields).first_wrong), InvalidInput.status


def allowed(code: str) -> Definition:
    """Return a service that is offered and that the reader may apply for."""
    me = actor()
    definition = offered(code)
    require_role(me, *definition.service.start_roles)
    return definition


def begun(code: str, kind: str) -> DraftRow | None:
    """Return the reader's own draft of a service and kind, or None."""
    me = actor()
    return runtime.find_draft(host(), me, code, kind) if has_drafts(me) else None


def form_page(definition: Definition, entry: Entry, draft: PageDraft) -> str:
    """Show an entry for going on with it; what is missing is no mistake yet."""
    filling = Filling.of(definition, entry, draft)
    answer, at = filling.answer(), None
    if not is_moving():
        at = paging(filling.fields(answer, is_checked=True)).first_wrong
    return filling.page(filling.fields(answer), at)


def already_open(definition: Definition, case_no: str) -> str:
    """Show the open case on the same subject; it is linked only for whom it exists."""
    own = runtime.list_cases(host(), actor(), text=case_no, limit=1)
    return render_template(
        "apply/already_open.html", service=definition.service, case_no=case_no, is_own=bool(own)
    )
