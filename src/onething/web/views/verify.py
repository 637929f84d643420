"""Check a document that somebody shows: anybody may, with its number and check code."""

import hmac

from flask import Blueprint, current_app, render_template, request
from werkzeug.wrappers import Response

from onething import documents
from onething.documents import DocumentRow
from onething.errors import NotFound
from onething.web.limits import limiter
from onething.web.node import host

pages = Blueprint("verify", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/verify")
@limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"])
def form() -> Page:
    """Ask for number and check code, and say whether such a document was issued."""
    number = request.args.get("number", "").strip()
    code = request.args.get("code", "").strip()
    if not (number and code):
        return render_template("verify.html", number=number, document=None, is_wrong=False)
    found = _found(number, code)
    page = render_template("verify.html", number=number, document=found, is_wrong=found is None)
    return page if found else (page, NotFound.status)


def _found(number: str, code: str) -> DocumentRow | None:
    with host().database.read() as conn:
        try:
            row = documents.by_number(conn, number)
        except NotFound:
            return None
    stated = (row.check_code or "").upper().encode()
    return row if stated and hmac.compare_digest(stated, code.upper().encode()) else None
