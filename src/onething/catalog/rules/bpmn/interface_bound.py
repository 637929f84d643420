"""What supports an interface binds every operation to its own data.

The bound data are the messages of the operation. Source: BPMN 2.0.2 §10.3.6, tables 10.27, 10.28.
"""

from collections.abc import Iterator

from onething.catalog.data import item_of, message_item
from onething.catalog.elements import Element, Elements, children, text_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_ENDS = {"inputDataRef": "inMessageRef", "outputDataRef": "outMessageRef"}


def check(subject: Subject) -> Iterator[Fault]:
    """Yield operations of supported interfaces that are unbound, or bound to other data."""
    bound: dict[Element, dict[str | None, Element]] = {}
    for diagram, reference in subject.elements("supportedInterfaceRef"):
        owner = reference.getparent()
        interface = diagram.elements.find(text_of(reference))
        if owner is None or interface is None:
            continue
        if owner not in bound:
            bound[owner] = {one.get("operationRef"): one for one in children(owner, "ioBinding")}
        for operation in children(interface, "operation"):
            binding = bound[owner].get(operation.get("id"))
            if binding is None:
                message = f"no ioBinding binds the operation {operation.get('id')}"
                yield on(diagram, owner, message, "Add the ioBinding.")
            elif not _fits(diagram.elements, operation, binding):
                message = f"the data bound to {operation.get('id')} are not its messages"
                yield on(diagram, owner, message, "Bind data of the same item.")


def _fits(elements: Elements, operation: Element, binding: Element) -> bool:
    for data, message in _ENDS.items():
        bound = item_of(elements, elements.find(binding.get(data)))
        named = text_of(next(iter(children(operation, message)), None))
        if bound is not None and named and bound != message_item(elements, named):
            return False
    return True
