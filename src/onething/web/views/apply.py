"""Apply for a service: fill in one form, check the answers, get a receipt."""

import secrets

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from onething import runtime
from onething.definitions import Definition
from onething.errors import CaseAlreadyOpen, InvalidInput
from onething.feel import Environment
from onething.forms import Answer, Message
from onething.runtime import require_role
from onething.web.entry import Entry, mistakes, with_file_names
from onething.web.language import language
from onething.web.node import actor, host
from onething.web.prefill import known_about
from onething.web.views.catalogue import offered

pages = Blueprint("apply", __name__)
Page = str | Response | tuple[str, int]
_RECEIPTS = "receipts"


@pages.get("/services/<code>/apply")
def form(code: str) -> Page:
    """Ask for everything the service needs, each thing once; what is known stands there."""
    definition = _allowed(code)
    known = known_about(host(), actor(), definition)
    answer = definition.application.submit(known, _environment())
    return _form(definition, Entry(host(), actor()), answer, is_checked=False)


@pages.post("/services/<code>/apply")
def check(code: str) -> Page:
    """Take the form: show it again where something is missing, else show all answers."""
    definition = _allowed(code)
    entry = _entry()
    is_edit = entry.edit(request.form) or "refresh" in request.args
    answer = _answer(definition, entry)
    is_checked = not is_edit
    if entry.errors or (is_checked and not answer.is_valid):
        page = _form(definition, entry, answer, is_checked=is_checked)
        return page, InvalidInput.status
    if is_edit:
        return _form(definition, entry, answer, is_checked=False)
    fields = definition.application.view(
        answer.data, {}, _environment(), readonly=True, language=language()
    )
    return render_template(
        "apply/check.html",
        service=definition.service,
        fields=with_file_names(fields, entry.file_names),
        entry=entry,
        key=secrets.token_hex(16),
    )


@pages.post("/services/<code>/cases")
def send(code: str) -> Page:
    """Send the application; the same page sent twice opens one case."""
    definition = _allowed(code)
    entry = _entry()
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
    except InvalidInput:
        answer = _answer(definition, entry)
        return _form(definition, entry, answer, is_checked=True), InvalidInput.status
    session[_RECEIPTS] = {**session.get(_RECEIPTS, {}), started.case_no: started.query_code}
    return redirect(url_for("apply.receipt", case_no=started.case_no))


@pages.get("/my/cases/<case_no>/receipt")
def receipt(case_no: str) -> Page:
    """Show case number and query code, once, to whoever applied."""
    actor()
    view = runtime.view_case(host(), actor(), case_no, "receipt")
    code = session.get(_RECEIPTS, {}).get(case_no)
    return render_template("apply/receipt.html", view=view, query_code=code)


def _allowed(code: str) -> Definition:
    me = actor()
    definition = offered(code)
    require_role(me, *definition.service.start_roles)
    return definition


def _entry() -> Entry:
    entry = Entry(host(), actor())
    entry.take(request.form, request.files)
    return entry


def _environment() -> Environment:
    return host().environment(host().clock())


def _answer(definition: Definition, entry: Entry) -> Answer:
    return definition.application.submit(entry.posted, _environment())


def _form(definition: Definition, entry: Entry, answer: Answer, *, is_checked: bool) -> str:
    errors: dict[str, Message | str] = {**(answer.errors if is_checked else {}), **entry.errors}
    fields = definition.application.view(
        answer.data, errors, _environment(), language=language(), warnings=answer.warnings
    )
    return render_template(
        "apply/form.html",
        service=definition.service,
        fields=with_file_names(fields, entry.file_names),
        entry=entry,
        messages=mistakes(fields),
    )


def _already_open(definition: Definition, case_no: str) -> str:
    """Show the open case on the same subject; it is linked only for whom it exists."""
    own = runtime.list_cases(host(), actor(), text=case_no, limit=1)
    return render_template(
        "apply/already_open.html", service=definition.service, case_no=case_no, is_own=bool(own)
    )
