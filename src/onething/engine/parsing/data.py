"""Data of activities: inputs, outputs and the associations that fill and empty them."""

from typing import Any

from onething.engine.parsing import expressions
from onething.engine.parsing.findings import local
from onething.engine.parsing.references import Document, child, children, text_of
from onething.engine.specs.flow import Association


def variable(document: Document, reference: str) -> str:
    """Return the variable that a data object, input, output or property stands for."""
    found = document.find(reference)
    if found is not None and local(found) == "dataObjectReference":
        found = document.find(found.get("dataObjectRef") or "")
    return reference if found is None else str(found.get("name") or found.get("id") or reference)


def into(document: Document, element: Any) -> tuple[Association, ...]:
    """Return the associations that fill an activity's inputs. Source: BPMN 2.0 §10.4.2."""
    found = _between(document, element, "dataInputAssociation", "targetRef", "dataInput")
    return tuple(_read(document, element, one) for one in found)


def out_of(document: Document, element: Any) -> tuple[Association, ...]:
    """Return the associations that bring an activity's outputs out. Source: BPMN 2.0 §10.4.2."""
    found = _between(document, element, "dataOutputAssociation", "sourceRef", "dataOutput")
    return tuple(_read(document, element, one) for one in found)


def _between(document: Document, element: Any, name: str, end: str, kind: str) -> list[Any]:
    """Return the associations that are run: both ends named, the inner one declared.

    Others are only drawn, as those that a change in another language than FEEL belongs to.
    """
    found = []
    for one in children(element, name):
        inner = document.find(text_of(child(one, end)))
        ends = [text_of(child(one, "sourceRef")), text_of(child(one, "targetRef"))]
        is_declared = inner is not None and local(inner) == kind
        if is_declared and all(ends) and _is_feel(one):
            found.append(one)
    return found


def _is_feel(association: Any) -> bool:
    change = child(association, "transformation")
    return child(association, "assignment") is None and (
        change is None or text_of(change).startswith("=")
    )


def _read(document: Document, element: Any, association: Any) -> Association:
    change = text_of(child(association, "transformation"))
    return Association(
        source=variable(document, text_of(child(association, "sourceRef"))),
        target=variable(document, text_of(child(association, "targetRef"))),
        change=expressions.formula(document, element, change),
    )
