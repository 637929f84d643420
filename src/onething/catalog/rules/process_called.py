"""Every process of a service is its parent process or called by another.

A diagram that nothing starts is a drawing that grows old unnoticed.
"""

from collections.abc import Iterator

from onething.catalog.elements import MODEL
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True
_TRIGGERS = ("messageEventDefinition", "timerEventDefinition", "signalEventDefinition")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield own processes that nothing calls and no event starts."""
    called = {
        node.extension("calledElement", "processId") or node.element.get("calledElement") or ""
        for node in subject.nodes("callActivity")
    } | {subject.service.process}
    started = {
        node.process
        for node in subject.nodes("startEvent")
        if any(node.element.find(f"{MODEL}{name}") is not None for name in _TRIGGERS)
    }
    if any(name.startswith("=") for name in called):
        return
    own = f"bpmn/{subject.package.code}/"
    for diagram in subject.diagrams:
        for process in diagram.processes:
            if diagram.file.startswith(own) and process not in called | started:
                remedy = "Call it, or remove it."
                yield Fault(diagram.file, process, "nothing starts this process", remedy)
