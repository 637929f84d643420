"""Data come from what holds them and go to where they can be kept.

The data input of a process is only read, its data output only written; an activity's input is
filled and its output is taken. Source: BPMN 2.0.2 §10.4.1.
"""

from collections.abc import Iterator

from onething.catalog.diagram import Diagram
from onething.catalog.elements import Element, children, kind_of, text_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_WRITTEN = {"process": "dataInput", "activity": "dataOutput"}
_READ = {"process": "dataOutput", "activity": "dataInput"}


def check(subject: Subject) -> Iterator[Fault]:
    """Yield data associations that write what is only read, or read what is only written."""
    for diagram, link in subject.elements("dataInputAssociation", "dataOutputAssociation"):
        for end, forbidden, does in (("targetRef", _WRITTEN, "fill"), ("sourceRef", _READ, "read")):
            for data in _ends(diagram, link, end):
                if kind_of(data) == forbidden[_owner(data)]:
                    message = f"a data association cannot {does} {data.get('id')}"
                    yield on(diagram, link, message, f"Name another {end}.")


def _ends(diagram: Diagram, link: Element, end: str) -> Iterator[Element]:
    for reference in children(link, end):
        found = diagram.elements.find(text_of(reference))
        if found is not None and kind_of(found) in {"dataInput", "dataOutput"}:
            yield found


def _owner(data: Element) -> str:
    """Return whether a process holds the data, or an activity or event."""
    around = data.getparent()
    if around is not None and kind_of(around) == "ioSpecification":
        around = around.getparent()
    return "process" if around is not None and kind_of(around) == "process" else "activity"
