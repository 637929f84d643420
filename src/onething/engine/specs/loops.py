"""Loop characteristics: how often an activity is done."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from onething.engine.runtime import loops
from onething.engine.runtime.instance import StepFailed

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance
    from onething.engine.runtime.token import Token

_ENDLESS = 1 << 62


@dataclass(slots=True)
class StandardLoop:
    """While or until: rounds one after another. Source: BPMN 2.0 §13.3.6."""

    condition: Any = None
    maximum: Any = None
    """Expression that gives the greatest number of rounds."""
    test_before: bool = False
    sequential: bool = True
    collects: bool = False
    output_collection: str = ""

    def plan(self, instance: "Instance", body: "Token") -> dict[str, Any]:
        """Return the memory of the loop before its first round."""
        total = _ENDLESS
        if self.maximum is not None:
            total = _number(instance.evaluate(self.maximum, body), "loopMaximum")
        return {"total": total, "begun": 0, "done": 0, "terminated": 0}

    def may_begin(self, instance: "Instance", body: "Token") -> bool:
        """Say whether the next round begins: the condition is asked before or after."""
        begun = body.internal_data["begun"]
        if self.condition is None or (begun == 0 and not self.test_before):
            return True
        return instance.holds(self.condition, body, {"loopCounter": begun + int(self.test_before)})

    def locals(self, _memory: dict[str, Any], index: int) -> dict[str, Any]:
        """Return the variables of a round."""
        return {"loopCounter": index + 1}

    def keeps(self, name: str) -> bool:
        """Say whether a variable stays in its round."""
        return name == "loopCounter"

    def output_of(self, _instance: "Instance", _token: "Token") -> Any:
        """Return what a round adds to the output collection: nothing."""
        return None

    def is_over(self, _instance: "Instance", _token: "Token", _counts: dict[str, int]) -> bool:
        """Say whether the rounds end early: the loop condition is asked by `may_begin`."""
        return False

    def behave(self, _instance: "Instance", _body: "Token") -> None:
        """Throw no event after a round."""


@dataclass(slots=True)
class MultiInstance:
    """One round an item, one after another or all at once. Source: BPMN 2.0 §13.3.7."""

    sequential: bool = False
    cardinality: Any = None
    collection: Any = None
    element: str = ""
    output_collection: str = ""
    output_element: Any = None
    completion: Any = None
    behaviour: str = "All"
    events: list[Any] = field(default_factory=list)
    """Definitions that the behaviours None and One throw."""
    complex_events: list[tuple[Any, list[Any]]] = field(default_factory=list)
    """Condition and definitions of the behaviour Complex."""
    output_names: frozenset[str] = frozenset()
    """Variables that the output element reads: what a round gives them stays in it."""
    reads_name: bool = False
    """The output element is one plain name."""

    @property
    def collects(self) -> bool:
        """Whether the rounds' results become a list."""
        return bool(self.output_collection)

    def plan(self, instance: "Instance", body: "Token") -> dict[str, Any]:
        """Return the memory before the first round: how many, and over what."""
        items = None
        if self.collection is not None:
            items = instance.evaluate(self.collection, body)
            if not isinstance(items, list):
                raise StepFailed(
                    "not-a-list", f"{self.collection.text} gives {items!r}, not a list"
                )
            total = len(items)
        else:
            if self.cardinality is None:
                raise StepFailed("not-a-number", "there is neither a cardinality nor a collection")
            total = _number(instance.evaluate(self.cardinality, body), "loopCardinality")
        if total > instance.context.limits.rounds:
            raise StepFailed("rounds-limit", f"{total} instances of one activity are too many")
        memory = {"total": total, "planned": total, "begun": 0, "done": 0, "terminated": 0}
        return memory | {"items": items, "outputs": {}}

    def may_begin(self, _instance: "Instance", _body: "Token") -> bool:
        """Say yes: how many rounds there are was decided at the beginning."""
        return True

    def locals(self, memory: dict[str, Any], index: int) -> dict[str, Any]:
        """Return the variables of a round."""
        data: dict[str, Any] = {"loopCounter": index + 1}
        if memory["items"] is not None and self.element:
            data[self.element] = memory["items"][index]
        for name in self.output_names if self.reads_name else ():
            data.setdefault(name, None)
        return data

    def keeps(self, name: str) -> bool:
        """Say whether a variable stays in its round."""
        return name in {"loopCounter", self.element} or name in self.output_names

    def output_of(self, instance: "Instance", token: "Token") -> Any:
        """Return what a round adds to the output collection."""
        if not self.collects or self.output_element is None:
            return None
        return instance.evaluate(self.output_element, token)

    def is_over(self, instance: "Instance", token: "Token", counts: dict[str, int]) -> bool:
        """Say whether the completion condition ends the other rounds."""
        return self.completion is not None and instance.holds(self.completion, token, counts)

    def behave(self, instance: "Instance", body: "Token") -> None:
        """Throw the event that the behaviour asks for after a round. Source: table 10.31."""
        first = body.internal_data["done"] == 1
        if self.behaviour == "None" or (self.behaviour == "One" and first):
            body.spec.behave(instance, body, self.events)
        elif self.behaviour == "Complex":
            counts = loops.counts(body)
            for condition, events in self.complex_events:
                if instance.holds(condition, body, counts):
                    body.spec.behave(instance, body, events)


def _number(value: Any, what: str) -> int:
    if isinstance(value, bool) or value is None or isinstance(value, str | list | dict):
        raise StepFailed("not-a-number", f"{what} gives {value!r}, not a whole number")
    number = int(value)
    if number != value or number < 0:
        raise StepFailed("not-a-number", f"{what} gives {value}, not a whole number from 0")
    return number
