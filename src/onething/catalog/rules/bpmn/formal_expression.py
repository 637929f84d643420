"""Where a file declares an expression language, the conditions of an executable process are formal.

xsi:type="tFormalExpression" says that a condition is written in that language; any other one is
a text for people. Source: BPMN 2.0.2 §8.4.6.
"""

from collections.abc import Iterator

from onething.catalog.data import is_declared_executable
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield conditions of flows that are no formal expressions."""
    for diagram, one in subject.elements("conditionExpression"):
        is_formal = one.get(_TYPE, "").rpartition(":")[2] == "tFormalExpression"
        has_language = bool(diagram.root.get("expressionLanguage"))
        if has_language and not is_formal and is_declared_executable(one):
            remedy = 'Write xsi:type="tFormalExpression".'
            yield on(diagram, one, "the condition is no formal expression", remedy)
