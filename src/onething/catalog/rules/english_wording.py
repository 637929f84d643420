"""What people read of a service has English words.

Whoever reads the pages in English reads names of diagrams, lanes, tasks, tables, fields,
choices, materials and documents in English, too. Source: design §10: English is complete.
"""

from collections.abc import Iterator

from onething.catalog.readings import readings
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield each text without English once, where it first stands."""
    wording = subject.definition.wording("en")
    told: set[str] = set()
    for one in readings(subject):
        if one.text not in wording and one.text not in told:
            told.add(one.text)
            remedy = f"Write it under [wording] in bpmn/{subject.package.code}/texts/en.toml."
            yield Fault(one.file, one.element, f"“{one.text}” has no English words", remedy)
