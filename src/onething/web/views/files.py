"""Files of a case: materials that were given, documents that were issued."""

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
    return _file(row.sha256, f"{row.title}-{row.number}.pdf", "application/pdf")


@pages.get("/cases/<case_no>/materials/<material_id>")
def material(case_no: str, material_id: str) -> Response:
    """Send a material of the case to whoever may see it."""
    view = runtime.view_case(host(), actor(), case_no, f"material {material_id}")
    row = next((one for one in view.materials if one.id == material_id), None)
    if row is None:
        raise NotFound(f"No material {material_id}")
    return _file(row.sha256, row.name, row.type)


def _file(sha256: str, name: str, kind: str) -> Response:
    content = BytesIO(host().store.get(sha256))
    return send_file(content, mimetype=kind, as_attachment=True, download_name=name)
