"""Where the parties of an application stand in it, and their identity numbers."""

import re
from collections.abc import Mapping
from typing import Any

from onething.definitions import Definition
from onething.runtime.host import Host

_PATH = re.compile(r"=\s*([A-Za-z_]\w*)(?:\[([1-9]\d?)\])?\s*")


def place_of(expression: str) -> tuple[str, int | None] | None:
    """Return name and row (counted from 0) of a party's path such as `=adopters[2]`, or None."""
    match = _PATH.fullmatch(expression)
    if match is None:
        return None
    return match[1], int(match[2]) - 1 if match[2] else None


def prefix_of(expression: str) -> str | None:
    """Return where a party's answers stand in what was posted, such as `b` or `adopters[1]`."""
    place = place_of(expression)
    if place is None:
        return None
    name, row = place
    return name if row is None else f"{name}[{row}]"


def person_at(data: Mapping[str, Any], expression: str) -> Mapping[str, Any]:
    """Return the person at a party's path of an application's data; empty where there is none."""
    place = place_of(expression)
    if place is None:
        return {}
    name, row = place
    found = data.get(name)
    if row is not None:
        found = found[row] if isinstance(found, list) and row < len(found) else None
    return found if isinstance(found, Mapping) else {}


def plain_number(text: str) -> str:
    """Return an identity number without spaces, in capitals."""
    return "".join(text.split()).upper()


def number_digest(host: Host, id_no: str) -> str:
    """Return the keyed digest that stands for an identity number, as verified identities have."""
    return host.keys.digest(["identity", id_no])


def applicant_of(definition: Definition) -> str:
    """Return the name of the applicant among the manifest's parties."""
    service = definition.service
    named = (name for name, text in service.parties.items() if text == service.applicant)
    return next(named, "applicant")
