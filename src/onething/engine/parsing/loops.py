"""Loop characteristics of an activity."""

from typing import Any

from onething import feel
from onething.engine.parsing import data, events, expressions
from onething.engine.parsing.references import Document, child, children, flag, text_of
from onething.engine.parsing.xml import ZEEBE
from onething.engine.specs.loops import MultiInstance, StandardLoop


def read(document: Document, element: Any) -> Any:
    """Return the loop of an activity, or None."""
    standard = child(element, "standardLoopCharacteristics")
    several = child(element, "multiInstanceLoopCharacteristics")
    if standard is not None:
        return _standard(document, element, standard)
    if several is not None:
        return _several(document, element, several)
    return None


def _standard(document: Document, element: Any, loop: Any) -> StandardLoop:
    maximum = loop.get("loopMaximum")
    if maximum is not None and not maximum.strip().lstrip("=").strip():
        maximum = None
    return StandardLoop(
        condition=expressions.formula(document, element, text_of(child(loop, "loopCondition"))),
        maximum=expressions.formula(document, element, maximum),
        test_before=flag(loop, "testBefore"),
    )


def _several(document: Document, element: Any, loop: Any) -> MultiInstance:
    made = MultiInstance(
        sequential=flag(loop, "isSequential"),
        cardinality=expressions.formula(document, element, text_of(child(loop, "loopCardinality"))),
        completion=expressions.formula(
            document, element, text_of(child(loop, "completionCondition"))
        ),
        behaviour=loop.get("behavior", "All"),
    )
    _collection(document, element, loop, made)
    _behaviour(document, element, loop, made)
    return made


def _collection(document: Document, element: Any, loop: Any, made: MultiInstance) -> None:
    zeebe = loop.find(f".//{{{ZEEBE}}}loopCharacteristics")
    if zeebe is not None:
        made.collection = expressions.formula(document, element, zeebe.get("inputCollection"))
        made.element = zeebe.get("inputElement") or ""
        made.output_collection = zeebe.get("outputCollection") or ""
        made.output_element = expressions.formula(document, element, zeebe.get("outputElement"))
    elif child(loop, "loopDataInputRef") is not None:
        _data_items(document, element, loop, made)
    output = made.output_element
    if output is not None:
        made.output_names = output.free_names
        made.reads_name = output.free_names == frozenset({output.text.strip()})


def _data_items(document: Document, element: Any, loop: Any, made: MultiInstance) -> None:
    """Read the collection of plain BPMN: data inputs by reference, items by name."""
    source = _data_name(document, element, text_of(child(loop, "loopDataInputRef")))
    made.collection = expressions.formula(document, element, f"={source}")
    item = child(loop, "inputDataItem")
    if item is not None:
        made.element = item.get("name") or item.get("id") or ""
    target, output = text_of(child(loop, "loopDataOutputRef")), child(loop, "outputDataItem")
    if target and output is not None:
        made.output_collection = _data_name(document, element, target)
        name = output.get("name") or output.get("id") or ""
        made.output_element = feel.compile_attribute(f"={name}")


def _data_name(document: Document, element: Any, reference: str) -> str:
    """Follow a data association from an activity's input or output to the data object."""
    for association in children(element, "dataInputAssociation", "dataOutputAssociation"):
        ends = [text_of(child(association, "sourceRef")), text_of(child(association, "targetRef"))]
        if reference in ends:
            reference = next((one for one in ends if one and one != reference), reference)
    return data.variable(document, reference)


def _behaviour(document: Document, element: Any, loop: Any, made: MultiInstance) -> None:
    key = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}.get(made.behaviour)
    if key is not None:
        target = document.refer(loop, key)
        made.events = _made(document, element, target)
    for one in children(loop, "complexBehaviorDefinition"):
        condition = expressions.formula(document, element, text_of(child(one, "condition")))
        thrown = child(one, "event")
        found = [] if thrown is None else events.read(document, thrown)
        if condition is not None:
            made.complex_events.append((condition, found))


def _made(document: Document, element: Any, target: Any) -> list[Any]:
    made = None if target is None else events.make(document, element, target)
    return [] if made is None else [made]
