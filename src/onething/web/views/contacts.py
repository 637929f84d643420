"""How a person is told outside the notice centre: addresses, codes, language, wishes."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import Conflict, InvalidInput, NotFound, TooOften
from onething.web.node import actor, host, local
from onething.web.views.signin import account_page

pages = Blueprint("contacts", __name__)
Page = str | Response | tuple[str, int]


@pages.post("/account/contacts/<channel>")
def ask(channel: str) -> Page:
    """Send a code to an address."""
    try:
        runtime.ask_code(host(), actor(), channel, request.form.get("address", ""))
    except TooOften as error:
        until = local(error.until).strftime("%H:%M")
        told = _("验证码发送次数过多，请于 %(until)s 后再试。", until=until)
        return _wrong(channel, told, error.status)
    except InvalidInput as error:
        is_mail = channel == "email"
        told = _("请填写完整的邮箱地址。") if is_mail else _("请填写 11 位手机号码。")
        return _wrong(channel, told, error.status)
    flash(_("验证码已发送，10 分钟内有效。"), "good")
    return _back()


@pages.post("/account/contacts/<channel>/code")
def prove(channel: str) -> Page:
    """Prove an address by its code."""
    try:
        runtime.prove_code(host(), actor(), channel, request.form.get("code", ""))
    except InvalidInput as error:
        return _wrong(channel, _("验证码不正确，请核对后再输一次。"), error.status)
    except (Conflict, NotFound) as error:
        return _wrong(channel, _("验证码已失效，请重新获取。"), error.status)
    flash(_("已验证，以后有新消息会告诉您。"), "good")
    return _back()


@pages.post("/account/contacts/<channel>/switch")
def switch(channel: str) -> Page:
    """Let an address be told of news, or not."""
    runtime.switch_contact(host(), actor(), channel, is_on=request.form.get("on") == "1")
    return _back()


@pages.post("/account/contacts/<channel>/forget")
def forget(channel: str) -> Page:
    """Forget an address."""
    runtime.forget_contact(host(), actor(), channel)
    flash(_("已删除。"), "good")
    return _back()


@pages.post("/account/wishes")
def wishes() -> Page:
    """Choose the language of messages, and which to get."""
    runtime.set_wishes(
        host(),
        actor(),
        request.form.get("message_language", ""),
        only_required=request.form.get("only_required") == "1",
    )
    flash(_("已保存。"), "good")
    return _back()


def _back() -> Response:
    return redirect(url_for("signin.account") + "#messages")


def _wrong(channel: str, told: str, status: int) -> Page:
    return account_page({}, contact_errors={channel: told}), status
