"""The elements of a BPMN file, indexed in one walk: by kind, by id, by the flows at a node."""

from collections.abc import Iterator
from functools import cached_property
from typing import cast

from lxml import etree

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Element = etree._Element  # noqa: SLF001 - the library gives its element class no public name

TASKS = frozenset(
    {
        "task",
        "manualTask",
        "userTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
    }
)
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SCOPES | {"callActivity"}
CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
THROWING = frozenset({"endEvent", "intermediateThrowEvent"})
EVENTS = CATCHING | THROWING
GATEWAYS = frozenset(
    {
        "exclusiveGateway",
        "inclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
NODES = ACTIVITIES | EVENTS | GATEWAYS
GLOBAL_TASKS = frozenset(
    {
        "globalTask",
        "globalUserTask",
        "globalManualTask",
        "globalScriptTask",
        "globalBusinessRuleTask",
    }
)


class Elements:
    """Every BPMN element of one file."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._by_kind: dict[str, list[Element]] = {}
        self._by_id: dict[str, Element] = {}
        for one in root.iter(f"{MODEL}*"):
            self._by_kind.setdefault(kind_of(one), []).append(one)
            identifier = one.get("id")
            if identifier is not None:
                self._by_id[identifier] = one

    @property
    def kinds(self) -> frozenset[str]:
        """The names of all elements that the file uses."""
        return frozenset(self._by_kind)

    def of(self, *kinds: str) -> Iterator[Element]:
        """Yield the elements of some kinds, kind by kind, in document order."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    @cached_property
    def by_attribute(self) -> dict[str, list[Element]]:
        """The elements that have an attribute, by its name; `{namespace}name` for foreign ones."""
        found: dict[str, list[Element]] = {}
        for elements in self._by_kind.values():
            for one in elements:
                for name in one.keys():  # noqa: SIM118 - an XML element iterates over its children
                    found.setdefault(str(name), []).append(one)
        return found

    def find(self, reference: str | None) -> Element | None:
        """Return the element of an id, written with or without a namespace prefix."""
        written = (reference or "").strip()
        found = self._by_id.get(written)
        return self._by_id.get(written.rpartition(":")[2]) if found is None else found

    def entering(self, node: Element) -> list[Element]:
        """Return the sequence flows that enter a node."""
        return self._entering.get(node.get("id") or "", [])

    def leaving(self, node: Element) -> list[Element]:
        """Return the sequence flows that leave a node."""
        return self._leaving.get(node.get("id") or "", [])

    @cached_property
    def _entering(self) -> dict[str, list[Element]]:
        return self._flows_by("targetRef")

    @cached_property
    def _leaving(self) -> dict[str, list[Element]]:
        return self._flows_by("sourceRef")

    def _flows_by(self, end: str) -> dict[str, list[Element]]:
        found: dict[str, list[Element]] = {}
        for flow in self.of("sequenceFlow"):
            found.setdefault(flow.get(end) or "", []).append(flow)
        return found

    def definitions(self, event: Element) -> list[Element]:
        """Return the event definitions of an event, own ones and those it refers to."""
        own = [one for one in children(event) if kind_of(one).endswith("EventDefinition")]
        named = (self.find(one.text) for one in children(event, "eventDefinitionRef"))
        return own + [one for one in named if one is not None]

    def triggers(self, event: Element) -> set[str]:
        """Return the kinds of an event's definitions, such as `message`."""
        return {kind_of(one).removesuffix("EventDefinition") for one in self.definitions(event)}


def kind_of(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *kinds: str) -> list[Element]:
    """Return the BPMN children of some kinds in order; all of them without kinds."""
    if not kinds:
        return [one for one in element if str(one.tag).startswith(MODEL)]
    wanted = {f"{MODEL}{kind}" for kind in kinds}
    return [one for one in element if one.tag in wanted]


def text_of(element: Element | None) -> str:
    """Return the stripped text of an element; empty for None."""
    return "" if element is None else (element.text or "").strip()


def is_true(element: Element, attribute: str, default: str = "false") -> bool:
    """Say whether a boolean attribute holds, as XML Schema writes it."""
    return element.get(attribute, default).strip() in {"true", "1"}


def scope_of(element: Element) -> Element | None:
    """Return the process, sub-process or choreography around a flow element."""
    return element.getparent()


def process_of(element: Element) -> Element | None:
    """Return the process that an element belongs to, or is; None outside of processes."""
    if element.tag == f"{MODEL}process":
        return element
    return next(element.iterancestors(f"{MODEL}process"), None)


def line_of(element: Element) -> int | None:
    """Return the line of an element in its file."""
    return cast("int | None", element.sourceline)
