"""A call activity has the data inputs and outputs of what it calls.

Source: BPMN 2.0.2 §10.3.6.
"""

from collections.abc import Iterator

from onething.catalog.data import is_declared_executable, items
from onething.catalog.elements import GLOBAL_TASKS, Element, Elements
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_DATA = ("dataInput", "dataOutput")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield call activities whose data differ from those of the called process or task."""
    called = {
        one.get("id"): {data: _sorted(where.elements, one, data) for data in _DATA}
        for where, one in subject.elements("process", *sorted(GLOBAL_TASKS))
    }
    for diagram, call in subject.elements("callActivity"):
        target = (call.get("calledElement") or "").rpartition(":")[2]
        is_judged = target in called and is_declared_executable(call)
        for data in _DATA if is_judged else ():
            if _sorted(diagram.elements, call, data) != called[target][data]:
                message = f"its {data} elements are not those of {target}"
                yield on(diagram, call, message, "Declare the same data at both.")


def _sorted(elements: Elements, element: Element, data: str) -> list[str]:
    return sorted(one or "" for one in items(elements, element, data))
