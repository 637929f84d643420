"""Answers travel compressed to browsers that take it.

How long a compressed answer is could tell a listener what secret it shares with what was put
into the request (BREACH). Random bytes of random number in its gzip header blur that length, as
"Heal the BREACH" (2022) proposes.
"""

import gzip
import secrets
from io import BytesIO

from flask import Flask, Response, request

_TYPES = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/json",
        "application/xml",
        "image/svg+xml",
    }
)
_FEWEST_BYTES = 600
_MOST_BYTES = 4 * 1024 * 1024
_MOST_RANDOM = 100
_LEVEL = 4
_OK = 200


def register(app: Flask) -> None:
    """Compress the answers of an application."""

    @app.after_request
    def compress(response: Response) -> Response:
        if not _is_worth_it(response):
            return response
        response.vary.add("Accept-Encoding")
        if not request.accept_encodings.quality("gzip"):
            return response
        response.direct_passthrough = False
        body = response.get_data()
        if _FEWEST_BYTES <= len(body) <= _MOST_BYTES:
            response.set_data(_gzipped(body))
            response.headers["Content-Encoding"] = "gzip"
            etag, is_weak = response.get_etag()
            if etag is not None and not is_weak:
                response.set_etag(etag, weak=True)
        return response


def _is_worth_it(response: Response) -> bool:
    is_plain = response.status_code == _OK or response.status_code >= 400  # noqa: PLR2004
    is_text = response.mimetype in _TYPES and "Content-Encoding" not in response.headers
    is_static = request.endpoint == "static"
    return is_plain and is_text and (is_static or not response.is_streamed)


def _gzipped(body: bytes) -> bytes:
    """Compress, with a name of random length in the header."""
    name = secrets.token_hex(_MOST_RANDOM // 2)[: secrets.randbelow(_MOST_RANDOM)]
    out = BytesIO()
    with gzip.GzipFile(
        filename=name, mode="wb", fileobj=out, compresslevel=_LEVEL, mtime=0
    ) as file:
        file.write(body)
    return out.getvalue()
