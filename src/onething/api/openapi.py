"""The OpenAPI description, made from the table of endpoints."""

import re
from typing import Any

from onething import __version__
from onething.api.endpoints import ENDPOINTS, PREFIX, Endpoint

_PARAMETER = re.compile(r"<(\w+)>")
_KINDS: dict[str, dict[str, Any]] = {
    "data": {"type": "object", "description": "Answers of the form, by dotted path or nested."},
    "payload": {"type": "object"},
    "answer": {"type": "object"},
    "kind": {"type": "string", "enum": ["answer", "refusal", "message"]},
    "inputs": {"type": "object"},
    "was_not_done": {
        "type": "boolean",
        "default": False,
        "description": "The department was asked and did nothing.",
    },
    "keep_seconds": {"type": "integer", "minimum": 0},
    "types": {"type": "array", "items": {"type": "string"}},
    "skip": {"type": "boolean", "default": False},
    "even_if_absent": {"type": "boolean", "default": False},
    "hours": {"type": "integer", "minimum": 0, "maximum": 720, "default": 24},
    "from": {"type": "integer", "minimum": 1, "description": "The deployment they go on in now."},
    "to": {"type": "integer", "minimum": 1, "description": "The deployment to go on in."},
    "only": {"type": "array", "items": {"type": "string"}},
    "all": {"type": "boolean", "default": False},
    "has_incident": {"type": "boolean", "default": False},
    "before": {"type": "string", "format": "date-time"},
    "mapping": {"type": "object", "additionalProperties": {"type": "string"}},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    "channel": {"type": "string", "enum": ["window", "web", "mobile", "post", "other"]},
    "content": {"type": "string", "contentEncoding": "base64"},
    "preview": {"type": "boolean", "default": False, "description": "Say it and write nothing."},
    "needs": {"type": "string", "description": "The time a pause needs, such as ND(30)."},
    "correction": {"type": "string", "enum": ["error", "review", "objection"]},
    "hold": {"type": "string", "enum": ["review", "litigation"]},
    "outcome": {"type": "string", "enum": ["maintained", "annulled", "changed"]},
    "dated_on": {"type": "string", "format": "date"},
    "first": {"type": "string", "format": "date"},
    "last": {"type": "string", "format": "date"},
}


def description() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of this version."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        path = _PARAMETER.sub(r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "onething", "version": __version__},
        "servers": [{"url": PREFIX}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "signature": {"type": "apiKey", "in": "header", "name": "Authorization"},
            },
            "schemas": {"Problem": _PROBLEM},
            "responses": {"Problem": _response("A problem", "application/problem+json", _REF)},
        },
    }


_REF = {"$ref": "#/components/schemas/Problem"}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
        "case_no": {"type": "string"},
        "findings": {"type": "array", "items": {"type": "object"}},
    },
}


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": endpoint.handler,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint)],
        "responses": {
            str(endpoint.status): _response("Done", "application/json", _returned(endpoint)),
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }
    if endpoint.is_signed:
        found["security"] = [{"signature": []}]
    if endpoint.method == "POST":
        found["parameters"].append(_header())
        found["requestBody"] = _request(endpoint)
    return found


def _returned(endpoint: Endpoint) -> dict[str, Any]:
    """Return the answer's schema: a page of items where the endpoint pages."""
    if "after" not in endpoint.query:
        return {"type": "object"}
    items = {"type": "array", "items": {"type": "object"}}
    last = {
        "type": ["string", "integer", "null"],
        "description": "`after` of the next page; null at the end.",
    }
    properties = {"items": items, "next": last}
    return {"type": "object", "required": ["items", "next"], "properties": properties}


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    names = _PARAMETER.findall(endpoint.path)
    return [_parameter(name, "path", required=True) for name in names]


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [_parameter(name, "query") for name in endpoint.query]


def _header() -> dict[str, Any]:
    return _parameter("Idempotency-Key", "header") | {
        "description": "A repeated request with the same key is answered, not repeated.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    }


def _parameter(name: str, place: str, *, required: bool = False) -> dict[str, Any]:
    schema = _KINDS.get(name, {"type": "string"})
    return {"name": name, "in": place, "required": required, "schema": schema}


def _request(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.takes != "application/json":
        schema: dict[str, Any] = {"type": "string", "contentMediaType": endpoint.takes}
        return {"required": True, "content": {endpoint.takes: {"schema": schema}}}
    names = [name.rstrip("*") for name in endpoint.body]
    required = [name.rstrip("*") for name in endpoint.body if name.endswith("*")]
    schema = {
        "type": "object",
        "properties": {name: _KINDS.get(name, {"type": "string"}) for name in names},
        "required": required,
    }
    content = {"application/json": {"schema": schema}}
    if endpoint.takes_files:
        content["multipart/form-data"] = {"schema": _with_file(names)}
    return {"required": bool(required), "content": content}


def _with_file(names: list[str]) -> dict[str, Any]:
    """Return the form's schema: the file itself stands for its name and content."""
    fields = {name: {"type": "string"} for name in names if name not in ("name", "content")}
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    return {"type": "object", "properties": {**fields, "file": file}, "required": ["file"]}


def _response(text: str, kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {kind: {"schema": schema}}}
