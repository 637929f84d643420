"""Apply for a service: fill in one form, check the answers, get a receipt."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from onething import runtime
from onething.definitions import Definition
from onething.drafts import DraftRow
from onething.errors import CaseAlreadyOpen, InvalidInput, KeyReused
from onething.feel import Environment
from onething.forms import Answer, FieldView, Message
from onething.runtime import require_role
from onething.web.draft_place import place_of
from onething.web.drafting import PageDraft, draft_now, has_drafts, resumed, with_file_notes
from onething.web.entry import Entry, mistakes, posted_entry, with_file_names
from onething.web.language import language
from onething.web.node import actor, host
from onething.web.prefill import known_about
from onething.web.topics import has_chosen_pages, is_moving, is_paged, paging
from onething.web.views.catalogue import offered

pages = Blueprint("apply", __name__)
Page = str | Response | tuple[str, int]
_RECEIPTS = "receipts"
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
    draft = PageDraft.begin(actor(), code)
    known = known_about(host(), actor(), definition)
    answer = definition.application.submit(known, _environment())
    entry = Entry(host(), actor())
    return _form(definition, entry, _fields(definition, entry, answer), draft)


@pages.post("/services/<code>/apply")
def check(code: str) -> Page:
    """Take the form or one topic of it: show what is missing or comes next, else all answers."""
    definition = allowed(code)
    entry = posted_entry()
    draft = draft_now(host(), actor(), code)
    is_edit = entry.edit(request.form) or has_chosen_pages() or "refresh" in request.args
    answer = _answer(definition, entry)
    if entry.errors or is_edit:
        fields = _fields(definition, entry, answer, is_checked=not is_edit)
        page = _form(definition, entry, fields, draft)
        return page, InvalidInput.status if entry.errors else _OK
    checked = _fields(definition, entry, answer, is_checked=True)
    here = paging(checked)
    if is_moving() and here.goal is not None:
        fields = checked if here.is_held else _fields(definition, entry, answer)
        page = _form(definition, entry, fields, draft, here.goal)
        return page, InvalidInput.status if here.is_held else _OK
    if not answer.is_valid:
        return _form(definition, entry, checked, draft, here.first_wrong), InvalidInput.status
    return _check_page(definition, entry, answer, draft)


@pages.post("/services/<code>/cases")
def send(code: str) -> Page:
    """Send the application; the same one sent twice, from whichever page, opens one case."""
    definition = allowed(code)
    entry = posted_entry()
    channel = "window" if "applicant" not in actor().roles else "web"
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
        return _already_open(definition, error.case_no), error.status
    except KeyReused as error:
        return render_template("apply/already_sent.html", service=definition.service), error.status
    except InvalidInput:
        answer, draft = _answer(definition, entry), draft_now(host(), actor(), code)
        fields = _fields(definition, entry, answer, is_checked=True)
        at = paging(fields).first_wrong
        return _form(definition, entry, fields, draft, at), InvalidInput.status
    session[_RECEIPTS] = {**session.get(_RECEIPTS, {}), started.case_no: started.query_code}
    return redirect(url_for("apply.receipt", case_no=started.case_no))


@pages.get("/my/cases/<case_no>/receipt")
def receipt(case_no: str) -> Page:
    """Show case number and query code, once, to whoever applied."""
    actor()
    view = runtime.view_case(host(), actor(), case_no, "receipt")
    code = session.get(_RECEIPTS, {}).get(case_no)
    return render_template("apply/receipt.html", view=view, query_code=code)


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


def _environment() -> Environment:
    return host().environment(host().clock())


def _answer(definition: Definition, entry: Entry) -> Answer:
    return definition.application.submit(entry.posted, _environment())


def form_page(definition: Definition, entry: Entry, draft: PageDraft) -> str:
    """Show an entry for going on with it; what is missing is no mistake yet."""
    answer, at = _answer(definition, entry), None
    if not is_moving():
        at = paging(_fields(definition, entry, answer, is_checked=True)).first_wrong
    return _form(definition, entry, _fields(definition, entry, answer), draft, at)


def _form(
    definition: Definition,
    entry: Entry,
    fields: list[FieldView],
    draft: PageDraft,
    at: int | None = None,
) -> str:
    """Show the form, or the topic of it at a place; where none is named, the posted page's."""
    fields = with_file_notes(fields) if draft.is_resumed else fields
    shown = paging(fields, at) if is_paged(actor()) else None
    return render_template(
        "apply/form.html",
        service=definition.service,
        fields=fields,
        paging=shown,
        entry=entry,
        messages=mistakes(shown.topic.fields if shown else fields),
        draft=draft,
    )


def _fields(
    definition: Definition, entry: Entry, answer: Answer, *, is_checked: bool = False
) -> list[FieldView]:
    """Return the form as it is shown, with its mistakes once it was checked."""
    errors: dict[str, Message | str] = {**(answer.errors if is_checked else {}), **entry.errors}
    fields = definition.application.view(
        answer.data, errors, _environment(), language=language(), warnings=answer.warnings
    )
    return with_file_names(fields, entry.file_names)


def _check_page(definition: Definition, entry: Entry, answer: Answer, draft: PageDraft) -> str:
    """Show all answers once more, by topic, each with a way back to it."""
    fields = definition.application.view(
        answer.data, {}, _environment(), readonly=True, language=language()
    )
    return render_template(
        "apply/check.html",
        service=definition.service,
        paging=paging(with_file_names(fields, entry.file_names)),
        is_paged=is_paged(actor()),
        entry=entry,
        draft=draft,
    )


def _already_open(definition: Definition, case_no: str) -> str:
    """Show the open case on the same subject; it is linked only for whom it exists."""
    own = runtime.list_cases(host(), actor(), text=case_no, limit=1)
    return render_template(
        "apply/already_open.html", service=definition.service, case_no=case_no, is_own=bool(own)
    )
