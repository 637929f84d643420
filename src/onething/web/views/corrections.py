"""Open a case that follows a closed one: kind, legal basis, reason, and what is different."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import CaseAlreadyOpen, CaseArchived, CorrectionRefused, InvalidInput
from onething.forms import FieldView, Message, Posted
from onething.runtime import Beginning, Correction
from onething.web.correction_words import KINDS, refused
from onething.web.entry import Entry, mistakes, posted_entry
from onething.web.hold_words import field_errors
from onething.web.language import language
from onething.web.node import actor, host

pages = Blueprint("corrections", __name__)
Page = str | Response | tuple[str, int]
_OWN = ("kind", "basis", "reason")


@pages.get("/cases/<case_no>/follow")
def form(case_no: str) -> Page:
    """Show the closed case's application, to be corrected, and ask why."""
    beginning = _beginning(case_no)
    if isinstance(beginning, Response):
        return beginning
    return _page(case_no, beginning, Entry(host(), actor()))


@pages.post("/cases/<case_no>/follow")
def follow(case_no: str) -> Page:
    """Open the case, or show what is missing; a button inside the form only edits it."""
    beginning = _beginning(case_no)
    if isinstance(beginning, Response):
        return beginning
    entry = posted_entry()
    if entry.edit(request.form) or "refresh" in request.args:
        return _page(case_no, beginning, entry)
    given = request.form
    correction = Correction(*(given.get(f"_{name}", "") for name in _OWN))
    try:
        started = runtime.correct_case(
            host(),
            actor(),
            case_no,
            entry.answers,
            correction,
            key=given.get("_key") or None,
        )
    except InvalidInput as error:
        return _page(case_no, beginning, entry, error), error.status
    except CaseAlreadyOpen as error:
        flash(_("同一件事已有办件正在办理：%(which)s。", which=error.case_no), "bad")
        return _page(case_no, beginning, entry), error.status
    except CorrectionRefused as error:
        flash(refused(error), "bad")
        return redirect(url_for("case.show", case_no=case_no))
    flash(
        _(
            "已开立后续办件 %(which)s。查询码 %(code)s 只显示这一次，请告知申请人。",
            which=started.case_no,
            code=started.query_code,
        ),
        "good",
    )
    return redirect(url_for("case.show", case_no=case_no, _anchor="links"))


def _beginning(case_no: str) -> Beginning | Response:
    """Return what the new case begins with, or lead back to the old one, saying why not."""
    try:
        return runtime.begin_correction(host(), actor(), case_no)
    except CorrectionRefused as error:
        flash(refused(error), "bad")
    except CaseArchived:
        flash(_("本件已归档，须由运维先恢复。"), "bad")
    return redirect(url_for("case.show", case_no=case_no))


def _page(
    case_no: str, beginning: Beginning, entry: Entry, error: InvalidInput | None = None
) -> str:
    case = runtime.view_case(host(), actor(), case_no, "follow").case
    posted = entry.posted if request.method == "POST" else Posted()
    fields = _fields(beginning, posted, is_checked=error is not None)
    told = field_errors(error) if error is not None else {}
    errors = {name: told[name] for name in _OWN if name in told}
    return render_template(
        "case/follow.html",
        case=case,
        fields=fields,
        entry=entry,
        messages=[*((f"_{name}", text) for name, text in errors.items()), *mistakes(fields)],
        unseen=_unseen(fields) if told and not errors else [],
        errors=errors,
        kinds=KINDS,
        bases=beginning.definition.service.correction.bases,
        asked_kind=request.args.get("kind"),
        given=request.form,
        key=request.form.get("_key") or secrets.token_hex(16),
    )


def _fields(beginning: Beginning, posted: Posted, *, is_checked: bool) -> list[FieldView]:
    """Return the fields that this person sees, with their mistakes once they were checked."""
    answer = beginning.answer(host(), posted or {})
    errors: dict[str, Message | str] = dict(answer.errors) if is_checked else {}
    return beginning.definition.application.view(
        answer.data,
        errors,
        host().environment(host().clock()),
        language=language(),
        warnings=answer.warnings,
        only=beginning.paths,
    )


def _unseen(fields: list[FieldView]) -> list[str]:
    """Return whether something is wrong that this person does not see, as one line."""
    if mistakes(fields):
        return []
    return [_("原申请中有您看不到的内容不符合现行表单，请由综合窗口开立后续办件。")]
