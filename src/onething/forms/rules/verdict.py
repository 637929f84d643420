"""What a rule is given and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from onething.forms.json_value import Json
from onething.forms.messages import Message


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule may look at beside the value."""

    today: date
    """The legal day."""
    id_type: str | None = None
    """Kind of identity document given beside the number (GA/T 2000.156)."""
    id_number: str | None = None
    """Identity number given beside the value."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's answer: the value as it is stored, and what is wrong or doubtful."""

    value: Json
    problem: Message | None = None
    warning: Message | None = None


Rule = Callable[[Json, Surroundings], Verdict]


def refused(value: Json, message_id: str) -> Verdict:
    """Answer that the value breaks the rule."""
    return Verdict(value, problem=Message(message_id))
