"""Look a case up by its number and query code, without an account."""

import hmac
import re
from http import HTTPStatus

from flask import Blueprint, current_app, render_template, request
from werkzeug.wrappers import Response

from onething import cases, runtime
from onething.cases import CaseRow
from onething.errors import NotFound
from onething.identity import Actor
from onething.web.limits import limiter
from onething.web.node import host

pages = Blueprint("lookup", __name__)
Page = str | Response | tuple[str, int]
_STRANGER = Actor("query-code")
"""Whoever holds a case's query code, in the log of readings."""


@pages.get("/lookup")
def form() -> Page:
    """Ask for case number and query code; a receipt's QR code brings the number along."""
    case_no = request.args.get("case_no", "")[:40]
    return render_template("lookup.html", case=None, items=[], error="", case_no=case_no)


@pages.post("/lookup")
@limiter.limit(lambda: current_app.config["SIGN_IN_LIMIT"])
def find() -> Page:
    """Show the states of a case's items: no name and no value of the application."""
    case_no = _typed("case_no")
    row = _case(case_no)
    is_erased = row is not None and _is_erased(row)
    found = None if row is None or is_erased or not _opens(row) else row
    runtime.log_access(host(), _STRANGER, case_no[:64], "lookup", (), allowed=found is not None)
    if found is None:
        error, status = ("erased", HTTPStatus.GONE) if is_erased else ("unknown", NotFound.status)
        page = render_template("lookup.html", case=None, items=[], error=error, case_no=case_no)
        return page, status
    with host().database.read() as conn:
        rows = cases.items(conn, found.instance_id)
        definition = host().definitions.get(conn, found.service, found.number)
    order = {item.id: place for place, item in enumerate(definition.service.items)}
    rows.sort(key=lambda row: order.get(row.item_id, len(order)))
    return render_template(
        "lookup.html",
        case=found,
        service=definition.service,
        items=[(definition.service.item(row.item_id), row) for row in rows],
        error="",
        case_no=case_no,
    )


def _typed(name: str) -> str:
    """Return what was typed, without the spaces and hyphens that people put between groups."""
    return re.sub(r"[\s-]", "", request.form.get(name, ""))


def _case(case_no: str) -> CaseRow | None:
    with host().database.read() as conn:
        try:
            return cases.get(conn, case_no)
        except NotFound:
            return None


def _is_erased(case: CaseRow) -> bool:
    """Whether no code opens the case any more: which of its codes was the last is erased, too."""
    with host().database.read() as conn:
        return host().keys.is_erased(conn, case.instance_id)


def _opens(case: CaseRow) -> bool:
    """Whether the code that was typed is the case's present one."""
    with host().database.read() as conn:
        wanted = runtime.query_code_digest(host(), conn, case)
    return hmac.compare_digest(wanted, host().keys.digest(_typed("query_code").upper()))
