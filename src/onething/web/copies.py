"""Stamped copies on their way to a browser: to look at, or to keep.

Nothing that came from outside is answered as it came. What a browser shows was drawn anew here,
of a type that this code made, in a page of its own without scripts.
"""

from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

from onething.errors import NotStampable
from onething.materials import JPEG, PDF
from onething.runtime import Copy

_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_POLICIES = {JPEG: f"{_NOTHING}; sandbox", PDF: f"{_NOTHING}; style-src 'unsafe-inline'"}
"""Browsers show no PDF in a sandbox, and their viewer styles itself; stamped copies of PDF files
hold nothing that acts."""


def shown(copy: Copy) -> Response:
    """Send a copy to look at."""
    if copy.type not in _POLICIES:
        raise NotStampable
    answer = send_file(BytesIO(copy.content), copy.type, download_name=_named(copy))
    return guarded(answer, copy.type)


def guarded(answer: Response, kind: str) -> Response:
    """Let what a browser shows in a tab of its own load nothing, send nothing and run nothing."""
    answer.headers["Content-Security-Policy"] = _POLICIES[kind]
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def kept(copy: Copy) -> Response:
    """Send a copy to keep."""
    return send_file(
        BytesIO(copy.content), copy.type, as_attachment=True, download_name=_named(copy)
    )


def _named(copy: Copy) -> str:
    """Name a copy as its file is named; a picture's copy is always a JPEG."""
    stem, dot, _suffix = copy.name.rpartition(".")
    return f"{stem if dot else copy.name}{'.jpg' if copy.type == JPEG else '.pdf'}"
