"""What a person sees of the shared data of a case, and of the objections to them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from onething import sharing
from onething.feel.json import parse
from onething.history import Event
from onething.runtime.host import Host
from onething.runtime.sealing import text_opener
from onething.runtime.sharing.shared_values import DATA
from onething.sharing import ObjectionRow


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """One objection as a person may see it."""

    row: ObjectionRow
    told: Mapping[str, Any]
    """shared, given, reason and askedAt; empty where the reader sees that there is one only."""
    answer: str = ""
    """What the department answered."""


def shared_notes(events: Collection[Event], elements: Collection[str] | None) -> list[Any]:
    """Return what the application has of departments, as far as the elements may be seen."""
    personal = next(iter(events)).personal if events else None
    given = (personal or {}).get("input", {}).get("variables", {}).get(DATA, ())
    return [one for one in given if is_visible(one["path"], elements)]


def objections_seen(
    host: Host, conn: Connection, instance_id: str, elements: Collection[str] | None
) -> list[ObjectionView]:
    """Return the objections of a case to elements that may be seen; None sees all."""
    rows = sharing.objections_of(conn, instance_id)
    seen = [row for row in rows if is_visible(row.path, elements)]
    return [opened(host, conn, row) for row in seen]


def is_visible(path: str, elements: Collection[str] | None) -> bool:
    """Whether a place of the application is among the elements that a person may see."""
    if elements is None:
        return True
    name = "".join(part.partition("]")[2] if "]" in part else part for part in path.split("["))
    seen = (one.replace("[]", "") for one in elements)
    return any(name == one or name.startswith(f"{one}.") for one in seen)


def opened(host: Host, conn: Connection, row: ObjectionRow) -> ObjectionView:
    """Return an objection with what it says; once the case's key is erased, it says nothing."""
    unseal = text_opener(host.keys, conn, row.instance_id)
    told = unseal(row.sealed)
    answer = unseal(row.sealed_answer) if row.sealed_answer else ""
    return ObjectionView(row, parse(told) if told else {}, answer)
