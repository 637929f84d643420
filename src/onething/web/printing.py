"""What every printout of the pages has: who printed it and when, and the way it is sent."""

from io import BytesIO

from flask import send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import identity
from onething.documents import day
from onething.documents.printout import Printout, Seal
from onething.materials import PDF
from onething.web.copies import guarded
from onething.web.language import language
from onething.web.node import actor, host, local
from onething.web.shown import moment_text


def footer() -> tuple[str, str]:
    """Return the two lines at the foot of every page."""
    at = moment_text(host(), host().clock())
    printed = _("打印时间 %(at)s，打印人 %(who)s", at=at, who=actor().name or actor().user)
    return str(printed), str(_("本页由政务服务一件事系统打印，以系统记录为准。"))


def page_label() -> str:
    """Return what numbers a page, with `{}` where the number goes."""
    return str(_("第 %(n)s 页", n="{}"))


def seal_of(department: str | None) -> Seal:
    """Return the place of a department's seal; its name is Chinese, as on the seal itself."""
    with host().database.read() as conn:
        names = {one.code: one.name for one in identity.departments(conn)}
    name = names.get(department or "", "")
    return sealed_by(name)


def sealed_by(name: str) -> Seal:
    """Return the place of a seal, with whose it is and today's date beside it."""
    today = day(local(host().clock()).date(), language())
    return Seal(name, "业务专用章", (name, today))


def send(printout: Printout, name: str) -> Response:
    """Answer with a printout as a PDF that opens in the browser."""
    # Whoever prints loads what handles fonts; no other process does.
    from onething.documents.print_out import print_out  # noqa: PLC0415

    content = BytesIO(print_out(printout, local(host().clock())))
    answer = send_file(content, mimetype=PDF, download_name=f"{name}.pdf")
    return guarded(answer, PDF)
