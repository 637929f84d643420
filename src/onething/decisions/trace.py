"""What an evaluation leaves for history: matched rules and input values."""

from dataclasses import dataclass

from onething.feel import Environment, Value
from onething.feel.environment import Run


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """A rule of a decision table that matched."""

    decision: str
    """Name of the decision or knowledge model that the table stands in."""
    rule_id: str
    number: int
    """The rule's number in its table, counted from 1."""


class Trace(Run):
    """The counters of one evaluation, with what it met on the way."""

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self.matched: list[RuleMatch] = []
        self.inputs: dict[str, Value] = {}
