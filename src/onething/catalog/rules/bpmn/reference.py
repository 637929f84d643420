"""A reference names an element of the kind that belongs there.

A name that leads nowhere means nothing, whatever its author meant. References with the prefix of
another namespace are left to whoever imports it. Source: BPMN 2.0.2 §8.3.1, §15.3.
"""

from collections.abc import Iterator

from onething.catalog.diagram import Diagram
from onething.catalog.elements import Element, kind_of, text_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_DATA = frozenset(
    {
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataInput",
        "dataOutput",
        "property",
        "dataStore",
    }
)
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "itemSubjectRef": frozenset({"itemDefinition"}),
    "itemRef": frozenset({"itemDefinition"}),
    "operationRef": frozenset({"operation"}),
    "messageRef": frozenset({"message"}),
    "processRef": frozenset({"process"}),
    "dataObjectRef": frozenset({"dataObject"}),
    "dataStoreRef": frozenset({"dataStore"}),
    "categoryValueRef": frozenset({"categoryValue"}),
    "inputDataRef": frozenset({"dataInput"}),
    "outputDataRef": frozenset({"dataOutput"}),
    "parameterRef": frozenset({"resourceParameter"}),
}
_TEXTS: dict[str, frozenset[str]] = {
    "inMessageRef": frozenset({"message"}),
    "outMessageRef": frozenset({"message"}),
    "operationRef": frozenset({"operation"}),
    "errorRef": frozenset({"error"}),
    "participantRef": frozenset({"participant"}),
    "supportedInterfaceRef": frozenset({"interface"}),
    "interfaceRef": frozenset({"interface"}),
    "dataInputRefs": frozenset({"dataInput"}),
    "dataOutputRefs": frozenset({"dataOutput"}),
    "inputSetRefs": frozenset({"inputSet"}),
    "outputSetRefs": frozenset({"outputSet"}),
    "loopDataInputRef": _DATA,
    "loopDataOutputRef": _DATA,
    "resourceRef": frozenset({"resource"}),
    "flowNodeRef": frozenset(),
    "messageFlowRef": frozenset({"messageFlow"}),
}
_LINKS = frozenset({"dataInputAssociation", "dataOutputAssociation"})


def check(subject: Subject) -> Iterator[Fault]:
    """Yield references that name nothing, or an element of another kind."""
    for diagram in subject.diagrams:
        for element, name, written, kinds in _references(diagram):
            found = diagram.elements.find(written)
            if found is None and not _is_foreign(element, written):
                message = f"there is no element with the id {written!r} ({name})"
                yield on(diagram, element, message, "Name an element that is in the file.")
            elif found is not None and kinds and kind_of(found) not in kinds:
                message = f"{name} names {written}, which is a {kind_of(found)}"
                yield on(diagram, element, message, f"Name a {' or '.join(sorted(kinds))}.")


def _references(diagram: Diagram) -> Iterator[tuple[Element, str, str, frozenset[str]]]:
    """Yield each reference with its name, its text and the kinds that it may name."""
    elements = diagram.elements
    for name, kinds in _ATTRIBUTES.items():
        for element in elements.by_attribute.get(name, ()):
            if element.get(name):
                yield element, name, element.get(name) or "", kinds
    for name, kinds in _TEXTS.items():
        for element in elements.of(name):
            if text_of(element):
                yield element, name, text_of(element), kinds
    for link in elements.of("association", "messageFlow"):
        for name in ("sourceRef", "targetRef"):
            yield link, name, link.get(name) or "", frozenset()
    yield from _data_ends(diagram)


def _data_ends(diagram: Diagram) -> Iterator[tuple[Element, str, str, frozenset[str]]]:
    for end in diagram.elements.of("sourceRef", "targetRef"):
        link = end.getparent()
        if link is not None and kind_of(link) in _LINKS and text_of(end):
            yield end, kind_of(end), text_of(end), _DATA


def _is_foreign(element: Element, reference: str) -> bool:
    """Whether a reference has the prefix of another namespace than the file's own."""
    prefix, _, name = reference.rpartition(":")
    space = element.nsmap.get(prefix) if prefix and name else None
    return space is not None and space != element.getroottree().getroot().get("targetNamespace")
