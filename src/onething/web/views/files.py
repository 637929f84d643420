"""Documents that a case issued: handed out, and withdrawn."""

from io import BytesIO

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import Conflict, InvalidInput, NotFound
from onething.web.node import actor, host

pages = Blueprint("files", __name__)


@pages.get("/cases/<case_no>/documents/<document_id>")
def document(case_no: str, document_id: str) -> Response:
    """Send a document of the case to whoever may see it."""
    view = runtime.view_case(host(), actor(), case_no, f"document {document_id}")
    row = next((one for one in view.documents if one.id == document_id), None)
    if row is None or row.sha256 is None:
        raise NotFound(f"No document {document_id}")
    content = BytesIO(host().store.get(row.sha256))
    name = f"{row.title}-{row.number}.pdf"
    return send_file(content, mimetype="application/pdf", as_attachment=True, download_name=name)


@pages.post("/cases/<case_no>/documents/<document_id>/withdraw")
def withdraw(case_no: str, document_id: str) -> Response:
    """Let a document stand no more, for a reason."""
    reason = request.form.get("reason", "")
    try:
        runtime.withdraw_document(
            host(), actor(), case_no, document_id, reason, key=request.form.get("_key") or None
        )
    except InvalidInput:
        flash(_("没有作废：请写明理由，不超过 2000 字。"), "bad")
    except Conflict:
        flash(_("没有作废：办件已归档，或者文书还没有出具。"), "bad")
    else:
        flash(_("文书已作废，不再供使用，核验时会显示。"), "good")
    return redirect(url_for("case.show", case_no=case_no, _anchor="documents"))
