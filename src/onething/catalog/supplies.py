"""What shared data can supply in an application, about whoever applies and nobody else.

Source: 政务数据共享条例 (no repeated collection where sharing suffices); 个人信息保护法 art. 6.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from onething import connectors
from onething.connectors import Operation
from onething.definitions import Definition
from onething.forms import Component, Form

ASKED_BY = frozenset({"idNo", "name"})
"""What a department may be asked by before a case exists: who the verified person is."""
APPLICANT = "applicant"
_PATH = re.compile(r"=\s*([A-Za-z_]\w*)\s*(?:\[\s*(\d{1,3})\s*\])?\s*")


@dataclass(frozen=True, slots=True)
class Supply:
    """One field of an application that an operation can fill in for whoever applies."""

    path: str
    """Where the value stands: `a.name`, `adopters[0].name`."""
    component: Component
    operation: Operation
    field: str
    """Field of the operation's answer."""


def supplies(definition: Definition, form: Form | None = None) -> tuple[Supply, ...]:
    """Return what shared data can supply to a service's application, in the form's order.

    Args:
        definition: The service.
        form: Another form of it, such as the application of some of its items; None: the whole.
    """
    place = applicant_place(definition.service.applicant)
    asked = (form or definition.application).fields
    found = (_supply(one, place) for one in asked if one.is_field and not one.readonly)
    return tuple(one for one in found if one is not None)


def applicant_place(expression: str) -> str:
    """Return where the applicant stands: `a`, `adopters[0]` for `=adopters[1]`, or nothing."""
    match = _PATH.fullmatch(expression)
    if match is None:
        return ""
    return match[1] if match[2] is None else f"{match[1]}[{int(match[2]) - 1}]"


def _supply(one: Component, place: str) -> Supply | None:
    element = one.element
    if element is None or not element.share_field:
        return None
    operation = connectors.operations().get(element.share)
    path = _path(one.path, place, is_of_applicant=element.share_of == APPLICANT)
    if operation is None or not path or not answers(operation, element.share_field):
        return None
    return Supply(path, one, operation, element.share_field)


def answers(operation: Operation, field: str) -> bool:
    """Whether an operation tells a field of a person who is known by number and name alone."""
    needed: Collection[str] = operation.inputs["required"]
    told: Collection[str] = operation.answer["properties"]
    return not operation.changes and ASKED_BY.issuperset(needed) and field in told


def _path(path: str, place: str, *, is_of_applicant: bool) -> str:
    """Return the place of a field that tells of the applicant; empty for all others."""
    context, _, key = path.rpartition(".")
    if place and context.replace("[]", "") == place.partition("[")[0]:
        return f"{place}.{key}"
    return path if is_of_applicant and "[]" not in path else ""
