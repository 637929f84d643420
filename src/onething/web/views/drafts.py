"""Drafts of applications: save, go on, begin anew, and go on elsewhere with a code."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from onething import runtime
from onething.drafts import KINDS
from onething.errors import NotFound
from onething.runtime import APPLICANTS, require_role
from onething.web.drafting import SAVED, save_posted
from onething.web.entry import posted_entry
from onething.web.limits import limiter
from onething.web.node import actor, host
from onething.web.views.apply import allowed, form_page

pages = Blueprint("drafts", __name__)
Page = str | Response | tuple[str, int]


def _account() -> str:
    """Return whose guesses are counted, from whichever address they come."""
    return f"resume {current_user.get_id() if current_user.is_authenticated else ''}"


@pages.post("/services/<code>/draft")
def save(code: str) -> Page:
    """Save what stands in the form; the page's script is answered with the words alone."""
    definition = allowed(code)
    entry = posted_entry()
    draft, status = save_posted(entry, code)
    if "quiet" in request.args:
        return render_template("draft/state.html", draft=draft), status
    return form_page(definition, entry, draft), status


@pages.post("/services/<code>/draft/code")
def give_code(code: str) -> Page:
    """Save, and show a code by which the same person goes on with the draft elsewhere."""
    definition = allowed(code)
    entry = posted_entry()
    draft, status = save_posted(entry, code)
    if status != SAVED or entry.errors:
        return form_page(definition, entry, draft), status
    given = runtime.give_draft_code(host(), actor(), code)
    return render_template("apply/draft_code.html", service=definition.service, given=given)


@pages.get("/services/<code>/draft")
@pages.get("/services/<code>/draft/code")
def again(code: str) -> Page:
    """Lead whoever opens the address of a saving to the form."""
    return redirect(_form_of(code))


@pages.post("/services/<code>/draft/take")
def take(code: str) -> Page:
    """Go on with the draft that was saved, or with what was left when a session had ended."""
    allowed(code)
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise NotFound
    runtime.take_draft(host(), actor(), code, kind)
    return redirect(_form_of(code))


@pages.post("/services/<code>/draft/discard")
def discard(code: str) -> Page:
    """Delete what was begun and begin anew."""
    allowed(code)
    runtime.discard_drafts(host(), actor(), code)
    return redirect(url_for("apply.form", code=code))


@pages.get("/resume")
def resume() -> Page:
    """Ask for the code of a draft."""
    require_role(actor(), *APPLICANTS)
    return render_template("resume.html", is_wrong=False)


@pages.post("/resume")
@limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"])
@limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"], key_func=_account)
def find() -> Page:
    """Go on with the own draft that a code belongs to, as it is now."""
    try:
        row = runtime.find_draft_by_code(host(), actor(), request.form.get("code", ""))
    except NotFound as error:
        return render_template("resume.html", is_wrong=True), error.status
    return redirect(_form_of(row.subject))


def _form_of(code: str) -> str:
    return url_for("apply.form", code=code, draft=1)
