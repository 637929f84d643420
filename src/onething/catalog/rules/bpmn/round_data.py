"""The item of one round is an item of the collection.

Source: BPMN 2.0.2 §10.3.8, table 10.30.
"""

from collections.abc import Iterator

from onething.catalog.data import item_of
from onething.catalog.elements import children, text_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_PAIRS = (("loopDataInputRef", "inputDataItem"), ("loopDataOutputRef", "outputDataItem"))


def check(subject: Subject) -> Iterator[Fault]:
    """Yield multi-instance loops whose item has another structure than their collection."""
    for diagram, loop in subject.elements("multiInstanceLoopCharacteristics"):
        for collection, item in _PAIRS:
            found = [
                *(diagram.elements.find(text_of(one)) for one in children(loop, collection)),
                *children(loop, item),
            ]
            structures = {item_of(diagram.elements, one) for one in found} - {None}
            if len(structures) > 1:
                message = f"{item} and {collection} have different items"
                yield on(diagram, loop, message, "Use the item of the collection.")
