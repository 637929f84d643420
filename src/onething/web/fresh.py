"""Static files under names that change with their content: kept by browsers for a year."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

_VERSION = "v"
_YEAR_S = 365 * 24 * 60 * 60


def register(app: Flask) -> None:
    """Put the content's hash behind every static file's address."""
    folder = Path(app.static_folder or "")

    @app.url_defaults
    def name(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values[_VERSION] = _hash(folder / values["filename"])

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and _VERSION in request.args:
            response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
        return response


@cache
def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""
