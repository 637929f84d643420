"""Headers that keep a page to itself."""

from flask import Flask, Response, request

_POLICY = "; ".join(  # noqa: FLY002 - one directive a line is easier to read
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""The diagram viewer sets styles on elements; nothing else comes from a page itself."""

_KEPT = (None, "no-cache")
"""What a browser would keep a page or a file of a case under: files come with no-cache."""


def register(app: Flask) -> None:
    """Send the headers with every answer."""
    app.after_request(_guard)


def _guard(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if not request.path.startswith("/static/") and headers.get("Cache-Control") in _KEPT:
        headers["Cache-Control"] = "no-store"
    return response
