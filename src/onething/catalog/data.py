"""What the data of a BPMN file are: items of inputs, outputs, messages and event payloads."""

from onething.catalog.diagram import ZEEBE
from onething.catalog.elements import (
    Element,
    Elements,
    children,
    kind_of,
    process_of,
    text_of,
)

_PAYLOADS = {
    "messageEventDefinition": ("messageRef", "itemRef"),
    "signalEventDefinition": ("signalRef", "structureRef"),
    "escalationEventDefinition": ("escalationRef", "structureRef"),
    "errorEventDefinition": ("errorRef", "structureRef"),
}
_REFERENCES = {"dataObjectReference": "dataObjectRef", "dataStoreReference": "dataStoreRef"}


def item_of(
    elements: Elements, element: Element | None, attribute: str = "itemSubjectRef"
) -> str | None:
    """Return what tells the item of an element apart: two items of one structure are equal.

    A reference to a data object or store has the item of what it refers to. None for no item.
    """
    if element is None:
        return None
    if kind_of(element) in _REFERENCES:
        element = elements.find(element.get(_REFERENCES[kind_of(element)]))
    written = None if element is None else element.get(attribute)
    definition = elements.find(written)
    if definition is None:
        return written or None
    return definition.get("structureRef") or definition.get("id")


def message_item(elements: Elements, reference: str | None) -> str | None:
    """Return the item of a message by its id; None for none."""
    return item_of(elements, elements.find(reference), "itemRef") if reference else None


def payloads(elements: Elements, event: Element) -> list[str | None]:
    """Return the items that an event's definitions carry, in order; others are left out."""
    found = []
    for one in elements.definitions(event):
        if kind_of(one) in _PAYLOADS:
            reference, attribute = _PAYLOADS[kind_of(one)]
            found.append(item_of(elements, elements.find(one.get(reference)), attribute))
    return [one for one in found if one is not None]


def io_of(element: Element) -> Element | None:
    """Return the input/output specification of an activity or process, or None."""
    return next(iter(children(element, "ioSpecification")), None)


def items(elements: Elements, element: Element, kind: str) -> list[str | None]:
    """Return the items of an element's data inputs or outputs (`dataInput`, `dataOutput`)."""
    specification = io_of(element)
    holder = element if specification is None else specification
    return [item_of(elements, one) for one in children(holder, kind)]


def named_by(element: Element, kind: str) -> set[str]:
    """Return the ids that children of one kind, such as `dataInputRefs`, name."""
    return {text_of(one) for one in children(element, kind)}


def is_declared_executable(element: Element) -> bool:
    """Whether an element belongs to a process that says it is executable.

    What the standard asks of executable processes alone is asked where `isExecutable` says so.
    """
    process = process_of(element)
    return process is not None and process.get("isExecutable") in {"true", "1"}


def is_executed_by_standard(task: Element) -> bool:
    """Whether the standard's own attributes say what an executable task does, not zeebe's job."""
    is_job = task.find(f".//{ZEEBE}taskDefinition") is not None
    return is_declared_executable(task) and not is_job
