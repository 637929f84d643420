"""What an identity number tells: sex and date of birth of its holder.

A readonly field of the element `….sex` or `….birth` beside an identity number takes its value
from the number; a field that a person fills in must agree with it. Source: report §1.10.
"""

from collections.abc import Mapping

from onething.feel import Environment
from onething.forms.component import Component
from onething.forms.json_value import Json
from onething.forms.messages import Message
from onething.forms.paths import read
from onething.forms.rules.identity import holder_of
from onething.forms.surroundings import Place, around

_DERIVED = ("sex", "birth")


def derive(
    place: Place, form: tuple[Component, ...], data: Mapping[str, Json], env: Environment
) -> str | None:
    """Give the value that the identity number beside a place tells, or None."""
    element = place.component.element
    key = element.id.rpartition(".")[2] if element is not None else ""
    if key not in _DERIVED or not place.component.is_field:
        return None
    beside = around(place, form, data, env)
    told = holder_of(beside.id_number, beside) if beside.id_number else None
    return told[_DERIVED.index(key)] if told else None


def disagreement(
    place: Place, form: tuple[Component, ...], data: Mapping[str, Json], env: Environment
) -> Message | None:
    """Say that an entered sex or birth differs from what the number tells, or None."""
    entered = read(data, place.steps) if place.component.is_field else None
    told = derive(place, form, data, env) if entered is not None else None
    if told is None or told == entered or place.component.element is None:
        return None
    return Message(f"{place.component.element.id.rpartition('.')[2]}.mismatch")
