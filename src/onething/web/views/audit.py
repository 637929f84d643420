"""The auditor's desk: who read whose data, who signed in, who changed accounts."""

from flask import Blueprint, render_template, request

from onething import history, identity
from onething.runtime import require_role
from onething.web.node import actor, host

pages = Blueprint("audit", __name__)
PAGE_SIZE = 50


@pages.get("/audit")
def index() -> str:
    """List readings of personal data, newest first, refused ones among them."""
    require_role(actor(), "auditor")
    case_no = request.args.get("case_no", "").strip() or None
    host().access_log.flush()
    with host().database.read() as conn:
        found = list(
            history.readings(
                conn,
                case_no=case_no,
                before=request.args.get("before", type=int),
                limit=PAGE_SIZE,
            )
        )
    return render_template("audit/index.html", readings=found, size=PAGE_SIZE)


@pages.get("/audit/sign-ins")
def sign_ins() -> str:
    """List attempts to sign in, newest first."""
    require_role(actor(), "auditor", "security_officer")
    before = request.args.get("before", type=int)
    with host().database.read() as conn:
        found = list(identity.attempts(conn, before=before, limit=PAGE_SIZE))
    return render_template("audit/sign_ins.html", attempts=found, size=PAGE_SIZE)
