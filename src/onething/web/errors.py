"""Errors as pages that say what to do."""

from flask import Flask, Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as later
from werkzeug.exceptions import HTTPException

from onething.errors import NotSignedIn, OnethingError
from onething.web.language import language

_HELP = {
    400: later("请求无法识别，请返回上一页重试。"),
    401: later("请先登录。"),
    403: later("您的岗位没有这项权限。如确需办理，请联系管理员。"),
    404: later("没有找到该内容，或者它不属于您的岗位范围。"),
    409: later("内容已被他人更新，请刷新后再试。"),
    413: later("文件或内容过大，请压缩后重试。"),
    415: later("文件类型不被接受，或内容与扩展名不符。"),
    422: later("填写的内容有误，请按提示修改。"),
    429: later("操作过于频繁，请稍后再试。"),
    500: later("系统出现异常，已记录。请稍后再试。"),
}
_SERVER_ERROR = 500


def register(app: Flask) -> None:
    """Answer every error of the pages with a page."""
    app.register_error_handler(OnethingError, _own)
    app.register_error_handler(HTTPException, _http)


def _own(error: OnethingError) -> tuple[str, int] | Response:
    if isinstance(error, NotSignedIn):
        return redirect(url_for("signin.form", next=request.full_path))  # type: ignore[return-value]
    return _page(error.status, error.message)


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    status = error.code or _SERVER_ERROR
    if status < 400:  # noqa: PLR2004 - redirects pass
        return error
    return _page(status, error.description or "")


def _page(status: int, detail: str) -> tuple[str, int]:
    advice = _HELP.get(status, _HELP[500])
    is_readable = language() != "zh" or any(letter > "\u2fff" for letter in detail)
    page = render_template(
        "error.html", status=status, advice=advice, detail=detail if is_readable else ""
    )
    return page, status
