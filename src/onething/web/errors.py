"""Errors as pages that say what to do."""

from http import HTTPStatus

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from onething import db
from onething.errors import NotSignedIn, OnethingError
from onething.web import drafting
from onething.web.language import language, readable
from onething.web.node import host

_HELP = {
    400: (later("请求无法识别"), later("请返回上一页重试。")),
    401: (later("请先登录"), later("登录后可以继续。")),
    403: (
        later("您的账号没有这项权限"),
        later("您可以换用有权限的账号登录。需要帮助的，请拨打 12345。"),
    ),
    404: (
        later("没有找到该内容"),
        later("网址可能不完整，内容可能已经移走，或者您无权查看。请核对网址，或者从首页重新进入。"),
    ),
    409: (later("内容已被更新"), later("别人或者您在另一处已经改过。请刷新页面，核对后再试。")),
    413: (later("文件或内容过大"), later("请压缩或者分开后再试。")),
    415: (later("文件类型不被接受"), later("内容可能与扩展名不符。请另存为 PDF 或者 JPG 后再试。")),
    422: (later("填写的内容有误"), later("请返回上一页，按提示修改。")),
    429: (later("操作过于频繁"), later("请过几分钟再试。")),
    500: (later("系统出现异常"), later("问题已经记录。请过几分钟再试；急需办理的，请拨打 12345。")),
    503: (
        later("系统暂时无法读写数据"),
        later("请稍后再试。再次提交前，请先核对上一次是否已经生效。"),
    ),
}
"""By status: what is the matter, and what to do."""
_STALE = (
    later("这个页面已过期"),
    later("页面停留太久，或者已换账号登录，内容没有提交。请返回上一页，刷新后再提交。"),
)
"""What a form is answered that another session showed."""
Help = tuple[LazyString, LazyString]
Answer = tuple[str, int] | tuple[str, int, dict[str, str]]
_log = structlog.get_logger()
_SAY_ENOUGH = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
"""What an error says beyond these is of roles and ids, for developers."""
_SERVER_ERROR = 500
_OUTAGE = 503
_OUTAGE_S = 10
"""Seconds after which a browser may ask again when the database did not answer."""


def register(app: Flask) -> None:
    """Answer every error of the pages with a page."""
    app.register_error_handler(OnethingError, _own)
    app.register_error_handler(CSRFError, _without_session)
    app.register_error_handler(HTTPException, _http)
    for kind in (SQLAlchemyError, OSError):
        app.register_error_handler(kind, _storage)


def _own(error: OnethingError) -> Answer | Response:
    if isinstance(error, NotSignedIn):
        kept = _kept()
        if kept is not None:
            return kept
        return redirect(url_for("signin.form", next=request.full_path))  # type: ignore[return-value]
    is_said = error.status in _SAY_ENOUGH or error.message == _of_its_kind(error)
    return _page(error.status, "" if is_said else error.message)


def _of_its_kind(error: OnethingError) -> str:
    """Return what every error of this kind says: the page's heading says it in plain words."""
    return (type(error).__doc__ or "").partition("\n")[0]


def _without_session(error: CSRFError) -> Answer | Response:
    """Answer a form whose session is over: what was typed is kept and offered again."""
    return _kept() or _page(error.code or HTTPStatus.BAD_REQUEST, told=_STALE)


def _kept() -> Answer | Response | None:
    """Keep what came without its session, and lead back to it.

    Who is signed in as somebody else meanwhile is told nothing of it.
    """
    draft = drafting.leave(host())
    held = drafting.holder()
    if draft is None or held is None:
        return None
    if current_user.is_authenticated and current_user.actor.user != held[0]:
        return None
    if "quiet" in request.args:
        return render_template("draft/state.html", draft=draft), NotSignedIn.status
    flash(_("登录已过期。您填写的内容已保留，登录后可以继续。"))
    return redirect(draft.place.form)  # type: ignore[return-value]


def _http(error: HTTPException) -> Answer | HTTPException:
    status = error.code or _SERVER_ERROR
    if status < 400:  # noqa: PLR2004 - redirects pass
        return error
    return _page(status)  # the library's words are for developers


def _storage(error: Exception) -> Answer:
    """Answer an outage by a page that reads nothing: not even who asks can be known."""
    if not db.is_outage(error):
        raise error
    _log.warning("storage unavailable", path=request.path, error=type(error).__name__)
    # Without the pages' context: menu and account would ask the database again.
    template = current_app.jinja_env.get_template("outage.html")
    heading, advice = _HELP[_OUTAGE]
    told = {"heading": heading, "advice": advice, "status": _OUTAGE}
    page = template.render(**told, language=language())
    return page, _OUTAGE, {"Retry-After": str(_OUTAGE_S)}


def _page(status: int, detail: str = "", told: Help | None = None) -> Answer:
    heading, advice = told or _HELP.get(status, _HELP[500])
    shown = {"status": status, "heading": heading, "advice": advice, "detail": readable(detail)}
    try:
        page = render_template("error.html", **shown)
    except SQLAlchemyError as error:  # the page's menu asks who is signed in
        return _storage(error)
    return page, status
