"""A data object that is shown in a state is called by its name and the state: Order [paid].

Source: BPMN 2.0.2 §10.4.1.
"""

from collections.abc import Iterator

from onething.catalog.elements import children
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield data object references with a state that are named in another way."""
    for diagram, shown in subject.elements("dataObjectReference"):
        data = diagram.elements.find(shown.get("dataObjectRef"))
        for state in children(shown, "dataState"):
            name = None if data is None else f"{data.get('name') or ''} [{state.get('name')}]"
            if shown.get("name") and name is not None and _spaced(shown.get("name")) != name:
                message = f"it is called {shown.get('name')!r}, not {name!r}"
                yield on(diagram, shown, message, f"Call it {name}.")


def _spaced(name: str | None) -> str:
    return " ".join((name or "").replace("[", " [").split())
