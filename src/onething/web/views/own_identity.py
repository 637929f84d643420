"""Who stands behind the own account: verified once, shown masked, withdrawn at will."""

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import Conflict, ConnectorError, InvalidInput, TooOften
from onething.web.limits import limiter
from onething.web.node import actor, host, local
from onething.web.views.signin import account_page

pages = Blueprint("own_identity", __name__)
Page = str | Response | tuple[str, int]
_UNAVAILABLE = 503


@pages.post("/account/identity")
@limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"])
def verify() -> Page:
    """Ask the police whether name and number belong together."""
    name, id_no = request.form.get("name", ""), request.form.get("idNo", "")
    try:
        runtime.verify_identity(host(), actor(), name, id_no)
    except InvalidInput as error:
        return _again(_wrong(error.fields)), error.status
    except TooOften as error:
        until = local(error.until).strftime("%H:%M")
        told = {"": _("核验次数过多，请于 %(until)s 后再试。", until=until)}
        return _again(told), error.status
    except Conflict as error:
        told = {"": _("此证件号码已用于另一个账号。请用那个账号登录，或者到窗口说明情况。")}
        return _again(told), error.status
    except ConnectorError:
        told = {"": _("公安系统暂时联系不上。可以稍后再核验；不核验也可以办理，自己填写即可。")}
        return _again(told), _UNAVAILABLE
    flash(_("身份已核验。"), "good")
    return redirect(url_for("signin.account"))


@pages.post("/account/identity/withdraw")
def withdraw() -> Page:
    """Forget who it is; cases stay."""
    if runtime.withdraw_identity(host(), actor()):
        flash(_("已撤回身份核验。已提交的办件不受影响。"), "good")
    return redirect(url_for("signin.account"))


@pages.get("/account/identity")
@pages.get("/account/identity/withdraw")
def again() -> Page:
    """Lead whoever opens the address of a form to the account."""
    return redirect(url_for("signin.account"))


def _again(errors: dict[str, str]) -> str:
    return account_page({}, identity_errors=errors)


def _wrong(fields: dict[str, str]) -> dict[str, str]:
    """Say what is wrong; who is not known and whose name is another are told the same."""
    if "mismatch" in fields.values():
        return {"": _("姓名与身份号码不一致，或者查无此人。请核对后再试。")}
    words = {
        "name": _("请填写身份证上的姓名"),
        "idNo": _("身份号码不正确：应为 18 位，最后一位可以是 X。请对照身份证核对"),
    }
    return {name: words[name] for name in fields if name in words}
