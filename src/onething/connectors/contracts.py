"""The contracts of all operations, read from ``operations/*.toml``.

``in`` and ``out`` of an operation are written short: a name of ``types.toml`` (``idNo``; with
``?`` behind it the field may be missing), a table of fields, or a list with one such entry.
They are read into JSON Schemas that allow declared fields only.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from jsonschema import Draft202012Validator

from onething.errors import ConnectorError

Schema = dict[str, Any]
"""A JSON Schema of draft 2020-12."""

_ID = re.compile(r"[a-z]+(\.[a-z_]+){1,3}", re.ASCII)
_TYPES = "types.toml"


@dataclass(frozen=True)
class Operation:
    """One call that a department offers, and the terms under which data move."""

    id: str
    """``<department>.<path>``, as service tasks name it."""
    department: str
    title: str
    title_en: str
    inputs: Schema
    """Everything that may leave: an object of declared fields."""
    answer: Schema
    """Everything that is taken from the answer."""
    timeout_s: float
    """Seconds for the whole call, connection and answer together."""
    retries: int
    """How often a call that found the department unavailable is tried again."""
    per_second: float
    """Most calls of this operation in a second, from one process; the department's highest
    holds for all workers together."""
    legal_basis: tuple[str, ...]
    legal_basis_en: tuple[str, ...]
    purpose: str
    purpose_en: str
    changes: bool
    """Whether the department's records change."""
    concurrency: int = 4
    """Most calls of the department at one time, from all workers together."""
    deduplicates: bool = True
    """Whether the department tells a call that is repeated under its key from a second one."""
    query: str | None = None
    """The operation that tells what became of a call whose answer was lost."""
    supplies: tuple[str, ...] = ()
    """Kinds of material that nobody has to bring where this is asked, by their ids."""

    @property
    def path(self) -> str:
        """The address behind the department's own: ``/household/get``."""
        return "/" + self.id.partition(".")[2].replace(".", "/")

    @cached_property
    def input_check(self) -> Draft202012Validator:
        """The compiled schema of what is sent."""
        return check(self.inputs)

    @cached_property
    def answer_check(self) -> Draft202012Validator:
        """The compiled schema of what is received."""
        return check(self.answer)


@cache
def operations() -> Mapping[str, Operation]:
    """Return the contracts that ship with the package, by operation id."""
    return load(resources.files(__package__) / "operations")


@cache
def types() -> Mapping[str, Schema]:
    """Return the named types that ship with the package."""
    found: Mapping[str, Schema] = _toml(resources.files(__package__) / "operations" / _TYPES)[
        "types"
    ]
    return found


def department_of(operation_id: str) -> str:
    """Return the department of an operation; empty for what is no department's."""
    operation = operations().get(operation_id)
    return operation.department if operation else ""


def suppliers(kind: str) -> list[str]:
    """Return the operations whose answer stands for a kind of material."""
    return [one.id for one in operations().values() if kind in one.supplies]


def load(directory: Traversable) -> dict[str, Operation]:
    """Read the contracts of a directory.

    Raises:
        ConnectorError: a file does not follow the format; names file and operation.
    """
    named = _toml(directory / _TYPES).get("types", {})
    found: dict[str, Operation] = {}
    for file in sorted(directory.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml") or file.name == _TYPES:
            continue
        for operation in _department(file.name, _toml(file), named):
            if operation.id in found:
                raise ConnectorError(f"{file.name}: {operation.id} is declared twice")
            found[operation.id] = operation
    _require_queries(found)
    return found


def _require_queries(found: Mapping[str, Operation]) -> None:
    """Raise ConnectorError for a query that cannot tell what became of a call."""
    for operation in found.values():
        if operation.query is None:
            continue
        query = found.get(operation.query)
        if query is None or query.changes or query.department != operation.department:
            told = "is no operation of the department that changes nothing"
            raise ConnectorError(f"{operation.id}: the query {operation.query} {told}")
        missing = set(query.inputs["required"]) - set(operation.inputs["properties"])
        if missing:
            raise ConnectorError(f"{operation.query} asks for {', '.join(sorted(missing))}")


def _toml(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except ValueError as error:
        raise ConnectorError(f"{file.name}: {error}") from error


def _department(name: str, data: Mapping[str, Any], types: Mapping[str, Schema]) -> list[Operation]:
    """Read one department's file; an operation overrides the terms of its department."""
    terms = {key: value for key, value in data.items() if key != "operations"}
    contracts = []
    for entry in data.get("operations", []):
        try:
            contracts.append(_operation({**terms, **entry}, types))
        except (KeyError, TypeError, ValueError) as error:
            where = f"{name}: {entry.get('id', '?')}"
            raise ConnectorError(f"{where}: {type(error).__name__}: {error}") from error
    return contracts


def _operation(entry: Mapping[str, Any], types: Mapping[str, Schema]) -> Operation:
    if not _ID.fullmatch(entry["id"]) or not entry["id"].startswith(entry["department"] + "."):
        raise ValueError(f"an id is {entry['department']}.<words>")
    if not entry["legal_basis"] or not entry["purpose"]:
        raise ValueError("data move on a legal basis and for a purpose only")
    if len(entry["legal_basis_en"]) != len(entry["legal_basis"]):
        raise ValueError("each legal basis has its English in legal_basis_en")
    return Operation(
        id=entry["id"],
        department=entry["department"],
        title=entry["title"],
        title_en=entry["title_en"],
        inputs=fields(entry["in"], types),
        answer=fields(entry["out"], types),
        timeout_s=float(entry["timeout_s"]),
        retries=int(entry["retries"]),
        per_second=float(entry["per_second"]),
        legal_basis=tuple(entry["legal_basis"]),
        legal_basis_en=tuple(entry["legal_basis_en"]),
        purpose=entry["purpose"],
        purpose_en=entry["purpose_en"],
        changes=bool(entry["changes"]),
        concurrency=int(entry.get("concurrency", 4)),
        deduplicates=bool(entry.get("deduplicates", True)),
        query=entry.get("query"),
        supplies=tuple(entry.get("supplies", ())),
    )


def fields(short: Mapping[str, Any], types: Mapping[str, Schema]) -> Schema:
    """Return the schema of an object of declared fields, from its short form."""
    optional = {key for key, value in short.items() if _is_optional(value)}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key in short if key not in optional],
        "properties": {key: _schema(value, types) for key, value in short.items()},
    }


def check(schema: Schema) -> Draft202012Validator:
    """Compile a schema; formats are asserted, so that 30 February is no date."""
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _is_optional(short: Any) -> bool:  # noqa: ANN401 - any TOML value may stand here
    return isinstance(short, str) and short.endswith("?")


def _schema(short: Any, types: Mapping[str, Schema]) -> Schema:  # noqa: ANN401 - any TOML value
    if isinstance(short, str):
        named = types[short.removesuffix("?")]
        return {"anyOf": [named, {"type": "null"}]} if _is_optional(short) else dict(named)
    if isinstance(short, Mapping):
        return fields(short, types)
    if isinstance(short, list) and len(short) == 1:
        return {"type": "array", "maxItems": 1000, "items": _schema(short[0], types)}
    raise TypeError(f"neither a type, nor a table, nor a list with one entry: {short!r}")
