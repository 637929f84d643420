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

_POLICIES = {JPEG: "default-src 'none'; sandbox; frame-ancestors 'none'"}
"""Browsers show no PDF in a sandbox; stamped copies of PDF files hold nothing that acts."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def shown(copy: Copy) -> Response:
    """Send a copy to look at."""
    if copy.type not in (JPEG, PDF):
        raise NotStampable
    answer = send_file(BytesIO(copy.content), copy.type, download_name=_named(copy))
    answer.headers["Content-Security-Policy"] = _POLICIES.get(copy.type, _POLICY)
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
