"""A multi-instance activity says how many instances it has.

By a cardinality or a collection. Source: BPMN 2.0.2 §10.3.8, table 10.30.
"""

from collections.abc import Iterator

from onething.catalog.data import is_declared_executable
from onething.catalog.diagram import ZEEBE
from onething.catalog.elements import children
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield multi-instance activities without cardinality and collection."""
    for diagram, loop in subject.elements("multiInstanceLoopCharacteristics"):
        zeebe = loop.find(f".//{ZEEBE}loopCharacteristics")
        is_mapped = zeebe is not None and bool(zeebe.get("inputCollection"))
        if is_mapped or not is_declared_executable(loop):
            continue
        if not children(loop, "loopCardinality", "loopDataInputRef"):
            message = "the multi-instance activity has neither a cardinality nor a collection"
            yield on(diagram, loop, message, "Give it a collection or a loopCardinality.")
