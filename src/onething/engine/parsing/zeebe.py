"""Extension elements: the `zeebe:` namespace is read, unknown behaviour in it refused."""

from typing import Any

from onething.engine.parsing.findings import local
from onething.engine.parsing.references import Document, child
from onething.engine.parsing.xml import ZEEBE

_KNOWN = {
    "assignmentDefinition",
    "calledDecision",
    "calledElement",
    "formDefinition",
    "ioMapping",
    "loopCharacteristics",
    "priorityDefinition",
    "properties",
    "script",
    "subscription",
    "taskDefinition",
    "taskHeaders",
    "taskSchedule",
    "userTask",
    "userTaskForm",
    "versionTag",
}


class Extensions:
    """The zeebe elements of one BPMN element."""

    def __init__(self, document: Document, element: Any) -> None:
        self._by_name: dict[str, Any] = {}
        self._document = document
        container = child(element, "extensionElements")
        for one in () if container is None else container:
            if str(one.tag).startswith(f"{{{ZEEBE}}}"):
                self._take(element, one)

    def _take(self, element: Any, one: Any) -> None:
        name = local(one)
        if name in _KNOWN:
            self._by_name[name] = one
            return
        if self._document.is_drawing:
            return
        self._document.findings.add(
            self._document.name,
            element,
            "unknown-zeebe-element",
            f"zeebe:{name} would change what the model does and is not supported",
            f"Remove zeebe:{name}.",
        )

    def get(self, name: str) -> Any:
        """Return a zeebe element by name, or None."""
        return self._by_name.get(name)

    def attribute(self, name: str, attribute: str) -> str | None:
        """Return an attribute of a zeebe element; None when either is missing or empty."""
        found = self._by_name.get(name)
        return None if found is None else found.get(attribute) or None

    def parts(self, name: str, part: str) -> list[Any]:
        """Return the parts of a zeebe element, as the inputs of an ioMapping."""
        found = self._by_name.get(name)
        return [] if found is None else found.findall(f"{{{ZEEBE}}}{part}")

    def properties(self) -> dict[str, str]:
        """Return the zeebe properties by name."""
        return {
            one.get("name") or "": one.get("value") or ""
            for one in self.parts("properties", "property")
        }
