"""Sign in, sign out, the own account, and how pages are shown."""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from onething import identity, runtime
from onething.errors import InvalidInput, LockedOut, NotSignedIn
from onething.web.language import LANGUAGES
from onething.web.limits import limiter
from onething.web.node import actor, host, local
from onething.web.session import begin, choose_post, end

pages = Blueprint("signin", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/sign-in")
def form() -> Page:
    """Ask for account and password."""
    return render_template("signin.html", error="", user="", next=request.args.get("next", ""))


@pages.post("/sign-in")
@limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"])
def enter() -> Page:
    """Sign in, or say what is wrong without telling which part."""
    user = request.form.get("user", "")
    wanted = request.form.get("next", "")
    try:
        person = identity.sign_in(
            host().database,
            user,
            request.form.get("password", ""),
            host().clock(),
            host().settings,
            request.remote_addr or "",
        )
    except LockedOut as error:
        until = local(error.until).strftime("%H:%M")
        text = _("密码错误次数过多，账号已锁定，请于 %(until)s 后再试。", until=until)
        return _refused(text, user, wanted)
    except NotSignedIn:
        return _refused(_("账号或密码不正确。"), user, wanted)
    begin(host(), person)
    if person.must_change_password:
        flash(_("请先修改初始密码。"))
        return redirect(url_for("signin.account"))
    return redirect(_inside(wanted) or url_for("catalogue.index"))


@pages.post("/sign-out")
def leave() -> Page:
    """Sign out."""
    end()
    return redirect(url_for("catalogue.index"))


@pages.post("/display")
def display() -> Page:
    """Choose language and type size."""
    if request.form.get("language") in LANGUAGES:
        session["language"] = request.form["language"]
    if "large" in request.form:
        session["large"] = request.form["large"] == "1"
    return redirect(_inside(request.form.get("next", "")) or url_for("catalogue.index"))


@pages.get("/account")
def account() -> Page:
    """Show the own account and its posts."""
    actor()
    return account_page({})


@pages.post("/account/post")
def post() -> Page:
    """Go on at another of the own posts."""
    actor()
    choose_post(host(), current_user.person, int(request.form.get("post", "0") or 0))
    return redirect(url_for("signin.account"))


@pages.post("/account/password")
def password() -> Page:
    """Change the own password."""
    me = actor()
    old, new = request.form.get("old", ""), request.form.get("password", "")
    if new != request.form.get("again", ""):
        return account_page({"again": _("两次输入不一致")}), InvalidInput.status
    try:
        person = identity.change_password(
            host().database, me, host().clock(), old, new, host().settings
        )
    except InvalidInput as error:
        return account_page(error.fields), error.status
    begin(host(), person)
    flash(_("密码已修改。"), "good")
    return redirect(url_for("signin.account"))


def account_page(
    errors: dict[str, str],
    *,
    identity_errors: dict[str, str] | None = None,
    contact_errors: dict[str, str] | None = None,
) -> str:
    """Show the own account, with what is wrong in one of its forms."""
    is_told = bool(actor().roles & {"applicant", "helper"})
    is_applicant = "applicant" in actor().roles
    return render_template(
        "account.html",
        person=current_user.person,
        errors=errors,
        is_applicant=is_applicant,
        verified=runtime.find_verified(host(), actor()) if is_applicant else None,
        identity_errors=identity_errors or {},
        wishes=runtime.view_wishes(host(), actor()) if is_told else None,
        contact_errors=contact_errors or {},
    )


def _refused(text: str, user: str, wanted: str) -> Page:
    page = render_template("signin.html", error=text, user=user, next=wanted)
    return page, NotSignedIn.status


def _inside(target: str) -> str | None:
    """Return the target when it lies on this site: nobody is sent elsewhere."""
    parts = urlsplit(target)
    is_inside = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_inside and not parts.scheme and not parts.netloc else None
