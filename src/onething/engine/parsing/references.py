"""A BPMN file with its ids: every reference is looked up here or refused."""

from typing import Any

from onething.engine.parsing.findings import Findings, local
from onething.engine.parsing.xml import MODEL

_NAMED = {"message", "signal", "error", "escalation"}


class Document:
    """One file of the bundle."""

    def __init__(self, name: str, root: Any, findings: Findings) -> None:
        self.name = name
        self.root = root
        self.findings = findings
        self.ids: dict[str, Any] = {}
        self.is_drawing = False
        """The process being read cannot be started: its expressions may be any text."""
        for element in root.iter(f"{{{MODEL}}}*"):
            self._index(element)

    def _index(self, element: Any) -> None:
        identifier = element.get("id")
        if identifier is None:
            return
        if identifier in self.ids:
            first = self.ids[identifier].sourceline
            self.findings.add(
                self.name,
                element,
                "duplicate-id",
                f"the id {identifier} is used twice, first in line {first}",
                "Give every element an id of its own.",
            )
        self.ids[identifier] = element

    def find(self, reference: str) -> Any:
        """Return the element of an id, with or without a namespace prefix; None for none."""
        found = self.ids.get(reference)
        return self.ids.get(reference.rpartition(":")[2]) if found is None else found

    def refer(self, element: Any, attribute: str, *kinds: str) -> Any:
        """Return the element that an attribute names; note a finding when there is none."""
        reference = element.get(attribute)
        if not reference:
            return None
        found = self.find(reference)
        if found is not None and (not kinds or local(found) in kinds):
            return found
        expected = " or ".join(kinds) or "element"
        what = f"there is no {expected} with the id {reference} ({attribute})"
        if found is not None:
            what = f"{attribute} names {reference}, which is a {local(found)}, no {expected}"
        self.findings.add(
            self.name, element, "dangling-reference", what, "Name an element that is in the file."
        )
        return None


def children(element: Any, *names: str) -> list[Any]:
    """Return the BPMN children of these names, in order; all BPMN children without names."""
    if not names:
        return [one for one in element if str(one.tag).startswith(f"{{{MODEL}}}")]
    wanted = {f"{{{MODEL}}}{name}" for name in names}
    return [one for one in element if one.tag in wanted]


def child(element: Any, name: str) -> Any:
    """Return the first BPMN child of a name, or None."""
    return element.find(f"{{{MODEL}}}{name}")


def text_of(element: Any) -> str:
    """Return the stripped text of an element; empty for None."""
    return "" if element is None else (element.text or "").strip()


def flag(element: Any, attribute: str, *, default: bool = False) -> bool:
    """Return a boolean attribute, written as a word or a digit. Source: XML Schema 2, 3.2.2."""
    written = (element.get(attribute) or "").strip()
    return written not in {"false", "0"} if default else written in {"true", "1"}
