"""Read a request's body within its bounds, write an answer with exact numbers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from flask import Request, Response
from werkzeug.exceptions import UnsupportedMediaType

from onething.api.endpoints import Endpoint
from onething.errors import InvalidInput, TooLarge
from onething.feel.json import canonical, parse

MAX_DEPTH = 64
"""No form is nested deeper."""
MAX_EXPONENT = 400
"""A number is written out in full: an exponent of a million would be a megabyte."""
JSON_LIMIT_BYTES = 1024 * 1024
"""Largest JSON body; only files are larger."""
_MOST_TOLD = 20
"""So many unknown names are told; a body may hold thousands."""
JSON = "application/json"
FORM = "multipart/form-data"
ZIP = "application/zip"


def read(request: Request, endpoint: Endpoint) -> Any:  # noqa: ANN401 - an object, or a zip's bytes
    """Return the body that an endpoint takes: a JSON object, a form's fields, a zip's bytes.

    Raises:
        UnsupportedMediaType: It is of another media type than the endpoint takes.
        InvalidInput: It is not what its media type says.
        TooLarge: It is longer or nested deeper than allowed.
    """
    if endpoint.method == "GET":
        return {}
    if request.mimetype == FORM and endpoint.takes_files:
        return _known(request.form.to_dict(), endpoint)
    data = request.get_data()
    if endpoint.takes == ZIP:
        if request.mimetype not in (ZIP, "application/octet-stream"):
            raise UnsupportedMediaType(f"Send {ZIP}")
        return data
    if not data:
        return {}
    if request.mimetype != JSON:
        raise UnsupportedMediaType(f"Send {JSON}, not {request.mimetype or 'an unnamed type'}")
    if len(data) > JSON_LIMIT_BYTES and not endpoint.takes_files:
        raise TooLarge(f"A JSON body has at most {JSON_LIMIT_BYTES} bytes")
    return _known(_object(data), endpoint)


def _known(body: dict[str, Any], endpoint: Endpoint) -> dict[str, Any]:
    """Refuse names that the endpoint does not know: a misspelt one would silently do nothing."""
    known = {name.rstrip("*") for name in endpoint.body}
    unknown = sorted(body.keys() - known)
    if unknown:
        told = f"The body has {', '.join(sorted(known)) or 'no names'}"
        raise InvalidInput(told, dict.fromkeys(unknown[:_MOST_TOLD], "no such name"))
    return body


def answer(body: Any, status: int) -> Response:  # noqa: ANN401 - any JSON value
    """Return the answer: instants as ISO 8601 in UTC, decimals with all their digits."""
    return Response(orjson.dumps(body, default=_plain), status, mimetype=JSON)


def _object(data: bytes) -> dict[str, Any]:
    try:
        body = parse(data)
    except RecursionError:
        raise TooLarge(f"The body is nested deeper than {MAX_DEPTH}") from None
    except ValueError as error:
        raise InvalidInput(f"The body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise InvalidInput("The body is a JSON object")
    _check(body)
    return body


def _check(body: dict[str, Any]) -> None:
    """Refuse nesting that no form has, and numbers and texts that cannot be written down."""
    level = 0
    here: list[Any] = [body]
    while here:
        level += 1
        if level > MAX_DEPTH:
            raise TooLarge(f"The body is nested deeper than {MAX_DEPTH}")
        inside = [one for value in here for one in _inside(value)]
        for one in inside:
            _check_leaf(one)
        here = [one for one in inside if isinstance(one, (dict, list))]


def _inside(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    return [*value, *value.values()] if isinstance(value, dict) else value


def _check_leaf(value: Any) -> None:  # noqa: ANN401 - any JSON value
    if isinstance(value, Decimal) and abs(value.adjusted()) > MAX_EXPONENT:
        raise InvalidInput("A number has an exponent of at most 400")
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise InvalidInput("A text holds half a surrogate pair") from None


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(canonical(value))
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
