"""Ids are kebab-case English that tell what a thing is.

They stand in scenarios, histories and addresses: check-existing-spouse is read, Task_0x3f is
looked up.
"""

import re
from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "warning"
_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield processes, nodes, flows and decisions with another kind of id."""
    remedy = "Write small letters and hyphens, such as check-existing-spouse."
    for diagram in subject.diagrams:
        for place in diagram.places:
            if not _KEBAB.fullmatch(place.id):
                yield at(place, f"the id {place.id} is not kebab-case", remedy)
        for process in diagram.processes:
            if not _KEBAB.fullmatch(process):
                yield Fault(diagram.file, process, "the process id is not kebab-case", remedy)
