"""Applications of two parties: invite the other one, read, correct, agree, decline, give up."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import (
    AppointmentHeld,
    CaseAlreadyOpen,
    InvalidInput,
    InvitationRefused,
    NotFound,
    TooLarge,
    TooOften,
)
from onething.runtime import Application, InvitationView, require_role
from onething.web.drafting import draft_now
from onething.web.entry import Entry, posted_entry
from onething.web.filling import Filling
from onething.web.joint_pages import AnswersPage, qr_code, refusal, stopped
from onething.web.limits import limiter
from onething.web.node import actor, host, local
from onething.web.views.apply import allowed, already_open, refused

pages = Blueprint("invitations", __name__)
Page = str | Response | tuple[str, int]


def _account() -> str:
    """Return whose guesses are counted, from whichever address they come."""
    return f"join {current_user.get_id() if current_user.is_authenticated else ''}"


@pages.post("/services/<code>/invitations")
def invite(code: str) -> Page:
    """Agree to the application in the own name, and invite the other party."""
    definition, entry = allowed(code), posted_entry()
    filling = Filling.of(definition, entry, draft_now(host(), actor(), code))
    answer = filling.answer()
    if "_agreed" not in request.form:
        told = _("请先勾选同意，再邀请对方。")
        return filling.check_page(answer, told), InvalidInput.status
    given = Application(code, entry.answers, entry.typed.files)
    try:
        row = runtime.invite(host(), actor(), given, key=filling.draft.draft_id)
    except CaseAlreadyOpen as error:
        return already_open(definition, error.case_no), error.status
    except InvitationRefused as error:
        return filling.check_page(answer, refusal(error.why)), error.status
    except TooLarge as error:
        return filling.check_page(answer, _("内容超过 200 KB，请缩短后再试。")), error.status
    except InvalidInput as error:
        return refused(definition, entry, error)
    return redirect(url_for("invitations.show", invitation_id=row.invitation_id))


@pages.get("/services/<code>/invitations")
def again(code: str) -> Page:
    """Lead whoever opens the address of an inviting to the form."""
    return redirect(url_for("apply.form", code=code))


@pages.get("/join")
def join() -> Page:
    """Ask for the code that the other party handed over."""
    require_role(actor(), runtime.INVITES)
    return _join_page()


@pages.post("/join")
@limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"])
@limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"], key_func=_account)
def find() -> Page:
    """Come to an invitation with its code."""
    code, id_no = request.form.get("code", ""), request.form.get("idNo", "")
    try:
        invitation_id = runtime.join_invitation(host(), actor(), code, id_no)
    except TooOften as error:
        until = local(error.until).strftime("%H:%M")
        return _join_page(_("尝试次数过多，请于 %(until)s 后再试。", until=until)), error.status
    except InvitationRefused as error:
        return _join_page(refusal(error.why)), error.status
    except NotFound as error:
        told = _("邀请码或者证件号码不正确，邀请已失效，或者不是发给您的。请与邀请人核对。")
        return _join_page(told), error.status
    return redirect(url_for("invitations.show", invitation_id=invitation_id))


@pages.get("/invitations/<invitation_id>")
def show(invitation_id: str) -> Page:
    """Show an application that waits: all answers, and what the reader can do."""
    return _page(invitation_id)


@pages.post("/invitations/<invitation_id>/agree")
def agree(invitation_id: str) -> Page:
    """Agree in the own name; whoever comes last opens the case."""
    if "_agreed" not in request.form:
        return _page(invitation_id, _("请先勾选同意，再确认。"), InvalidInput.status)
    seen = request.form.get("_seen", "")
    try:
        case_no = runtime.agree_to_application(host(), actor(), invitation_id, seen)
    except CaseAlreadyOpen as error:
        view = runtime.view_invitation(host(), actor(), invitation_id)
        return already_open(view.definition, error.case_no), error.status
    except (InvitationRefused, InvalidInput, AppointmentHeld) as error:
        return _page(invitation_id, stopped(error), error.status)
    if case_no is not None:
        return redirect(url_for("apply.receipt", case_no=case_no))
    flash(_("已确认。对方确认后，申请自动提交。"), "good")
    return redirect(url_for("invitations.show", invitation_id=invitation_id))


@pages.get("/invitations/<invitation_id>/correct")
def correct(invitation_id: str) -> Page:
    """Show the invited party's own answers for correcting."""
    view = _of_invited(invitation_id)
    return AnswersPage(view).correcting(Entry(host(), actor()), view.joint.answers)


@pages.post("/invitations/<invitation_id>/correct")
def take_correction(invitation_id: str) -> Page:
    """Take corrected answers; the inviter checks everything anew."""
    page, entry = AnswersPage(_of_invited(invitation_id)), posted_entry()
    is_edit = entry.edit(request.form) or "refresh" in request.args
    merged, files = page.merged(entry.answers), page.own_files(entry)
    if is_edit and not entry.errors:
        return page.correcting(entry, merged)
    answer = page.answer(merged, files)
    if entry.errors or not answer.is_valid:
        return page.correcting(entry, merged, answer.errors), InvalidInput.status
    try:
        is_new = runtime.correct_application(host(), actor(), invitation_id, entry.answers, files)
    except InvitationRefused as error:
        return _page(invitation_id, refusal(error.why), error.status)
    except InvalidInput as error:
        return page.correcting(entry, merged, answer.errors), error.status
    told = _("已更正。请您确认全部内容，邀请人也会重新确认。") if is_new else _("没有改动。")
    flash(told, "good" if is_new else "")
    return redirect(url_for("invitations.show", invitation_id=invitation_id))


@pages.post("/invitations/<invitation_id>/decline")
def decline(invitation_id: str) -> Page:
    """Say no, with a reason."""
    try:
        reason = request.form.get("reason", "")
        runtime.decline_invitation(host(), actor(), invitation_id, reason)
    except InvitationRefused as error:
        return _page(invitation_id, refusal(error.why), error.status)
    except InvalidInput as error:
        return _page(invitation_id, _("请写明不同意的理由，不超过 500 字。"), error.status)
    flash(_("已告知邀请人您不同意。申请没有提交。"))
    return redirect(url_for("tracker.index"))


@pages.post("/invitations/<invitation_id>/code")
def renew(invitation_id: str) -> Page:
    """Put a new code in the place of the one that was handed over."""
    try:
        runtime.renew_code(host(), actor(), invitation_id)
    except InvitationRefused as error:
        return _page(invitation_id, refusal(error.why), error.status)
    flash(_("已换新的邀请码，原来的邀请码不能再用。"), "good")
    return redirect(url_for("invitations.show", invitation_id=invitation_id))


@pages.post("/invitations/<invitation_id>/cancel")
def cancel(invitation_id: str) -> Page:
    """Give the application up."""
    try:
        runtime.cancel_invitation(host(), actor(), invitation_id)
    except InvitationRefused as error:
        return _page(invitation_id, refusal(error.why), error.status)
    flash(_("已取消邀请，申请内容已删除。"), "good")
    return redirect(url_for("tracker.index"))


@pages.post("/invitations/<invitation_id>/change")
def change(invitation_id: str) -> Page:
    """Void the invitation and go on with the answers."""
    try:
        code = runtime.take_back_application(host(), actor(), invitation_id)
    except InvitationRefused as error:
        return _page(invitation_id, refusal(error.why), error.status)
    flash(_("邀请已作废。修改后请重新邀请对方。"))
    return redirect(url_for("apply.form", code=code, draft=1))


@pages.get("/invitations/<invitation_id>/<any(agree, decline, code, cancel, change):what>")
def back(invitation_id: str, what: str) -> Page:  # noqa: ARG001 - part of the address
    """Lead whoever opens the address of a form to the application."""
    return redirect(url_for("invitations.show", invitation_id=invitation_id))


def _page(invitation_id: str, error: str = "", status: int = 200) -> Page:
    """Show an application that waits; what has become a case is shown as one."""
    view = runtime.view_invitation(host(), actor(), invitation_id)
    if view.row.case_no is not None:
        return redirect(url_for("tracker.case", case_no=view.row.case_no))
    link = _link(view.code) if view.code else ""
    page = render_template(
        "invitation/show.html",
        view=view,
        error=error,
        link=link,
        qr=qr_code(link) if link else "",
        answers=AnswersPage(view),
    )
    return page, status


def _link(code: str) -> str:
    """Return the address to hand over; the code in it is nothing without the account."""
    base = host().settings.public_url.rstrip("/")
    path = url_for("invitations.join", code=code)
    return base + path if base else request.url_root.rstrip("/") + path


def _join_page(error: str = "") -> str:
    code = request.form.get("code") or request.args.get("code", "")
    verified = runtime.find_verified(host(), actor())
    return render_template(
        "invitation/join.html", error=error, code=code[:20], is_verified=verified is not None
    )


def _of_invited(invitation_id: str) -> InvitationView:
    view = runtime.view_invitation(host(), actor(), invitation_id)
    if view.is_inviter or view.state != "awaiting":
        raise NotFound("Nothing to correct")
    return view
