"""The diagrams themselves, for the viewer in the page."""

from flask import Blueprint, Response, request

from onething.web.language import DEFAULT, LANGUAGES
from onething.web.lettering import lettered
from onething.web.node import actor, host

pages = Blueprint("diagrams", __name__)
_DAY_S = 86_400


@pages.get("/diagrams/<service>/<int:number>/<process>.bpmn")
def bpmn(service: str, number: int, process: str) -> Response:
    """Return the BPMN file of a process; a deployment never changes, so it may be kept.

    `?language=en` letters it in English.
    """
    actor()
    with host().database.read() as conn:
        definition = host().definitions.get(conn, service, number)
    asked = request.args.get("language", DEFAULT)
    wording = definition.wording(asked if asked in LANGUAGES else DEFAULT)
    diagram = lettered(definition.diagram(process), wording)
    response = Response(diagram, mimetype="application/xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = f"private, max-age={_DAY_S}, immutable"
    return response
