"""Say which cases or incidents a batch is for: by a filter, by their names, or all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onething.errors import InvalidInput
from onething.runtime.incidents.view_causes import IncidentFilter
from onething.runtime.operating.view_instances import Search

_OF_INCIDENTS = ("code", "operation", "department")
_OF_CASES = ("case_no", "number", "status", "has_incident")
_OF_MIGRATIONS = {"service", "number"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a batch is made from."""

    wanted: Search | IncidentFilter | None
    """A search for instances; for a retry a filter of incidents; None where they are named."""
    chosen: tuple[str, ...] | None
    options: dict[str, Any]
    """Of a migration `service`, `from`, `to` and `mapping`."""


def choose(  # noqa: PLR0913 - the ways to choose
    kind: str,
    criteria: Mapping[str, Any],
    *,
    only: Sequence[str] = (),
    is_all: bool = False,
    to: int | None = None,
    mapping: Mapping[str, str] | None = None,
    dashes: str = "",
) -> Choice:
    """Return what a batch is made from; no caller gets all cases by leaving something out.

    Args:
        kind: One of `batches.KINDS`.
        criteria: `service`, `activity`, `before` (an aware instant: begun or raised before it);
            of a retry `code`, `operation`, `department`, of other kinds `case_no`, `number`,
            `status`, `has_incident`. What is empty is left out.
        only: Case numbers; of a retry ids of incidents.
        is_all: All that have not ended.
        to: Of a migration, the deployment to go on in.
        mapping: Of a migration, new ids by old ids.
        dashes: What stands before a name where the caller gives it.

    Raises:
        InvalidInput: They are not chosen in exactly one way, or something does not fit the kind.
    """
    asked = {name: value for name, value in criteria.items() if value}
    options = _options(kind, asked, to, mapping, dashes)
    _require_one_way(kind, set(asked), only, is_all=is_all, dashes=dashes)
    _require_fitting(kind, asked)
    wanted = None if only else _wanted(kind, asked)
    return Choice(wanted, tuple(only) or None, options)


def _options(
    kind: str,
    asked: Mapping[str, Any],
    to: int | None,
    mapping: Mapping[str, str] | None,
    dashes: str,
) -> dict[str, Any]:
    if kind != "migrate":
        if to is not None or mapping:
            raise InvalidInput(f"Only a migration has {dashes}to and {dashes}mapping")
        return {}
    if to is None or not asked.keys() >= _OF_MIGRATIONS:
        raise InvalidInput(f"A migration needs {dashes}service, {dashes}from and {dashes}to")
    service, old = asked["service"], asked["number"]
    return {"service": service, "from": old, "to": to, "mapping": dict(mapping or {})}


def _require_one_way(
    kind: str, filters: set[str], only: Sequence[str], *, is_all: bool, dashes: str
) -> None:
    if not (filters or only or is_all):
        raise InvalidInput(f"Say which cases by a filter or {dashes}only, or say {dashes}all")
    if is_all and (filters or only):
        raise InvalidInput(f"{dashes}all goes with no filter and no {dashes}only")
    needed = _OF_MIGRATIONS if kind == "migrate" else set()
    if only and filters - needed:
        raise InvalidInput(f"{dashes}only goes with no filter")


def _require_fitting(kind: str, asked: Mapping[str, Any]) -> None:
    others = _OF_CASES if kind == "retry" else _OF_INCIDENTS
    strange = {name: f"No filter of {kind}" for name in others if name in asked}
    if strange:
        raise InvalidInput(f"Some filters do not go with {kind}", strange)


def _wanted(kind: str, asked: Mapping[str, Any]) -> Search | IncidentFilter:
    others = dict(asked)
    before: datetime | None = others.pop("before", None)
    if kind == "retry":
        return IncidentFilter(**others, raised_before=before)
    if kind == "resume":
        others.setdefault("status", "suspended")
    return Search(**others, started_before=before)
