"""Ids in service.toml are unique.

Items, lanes, parameters and documents are looked up by them: of two with one id, one is lost.
"""

from collections import Counter
from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield what is declared twice."""
    service = subject.service
    declared = {
        "lanes": [lane.name for lane in service.lanes],
        "items": [item.id for item in service.items],
        "parameters": [one.name for one in service.parameters],
        "documents": [one.id for one in service.documents],
    } | {f"items.{item.id}.materials": [one.id for one in item.materials] for item in service.items}
    for place, names in declared.items():
        for name, times in Counter(names).items():
            if times > 1:
                message = f"{name} is declared {times} times"
                yield Fault(subject.manifest, place, message, "Give each an id of its own.")
