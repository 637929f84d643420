"""Documents that a case issued."""

from io import BytesIO

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import NotFound
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
