"""A path that an item shows its clerks is asked by a form or set by the process.

A misspelt path shows nothing, and nobody notices.
"""

import re
from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True
_GIVEN = frozenset({"case", "parameters"})


def check(subject: Subject) -> Iterator[Fault]:
    """Yield elements of items that no form asks and no mapping sets."""
    if subject.service.hidden:  # what it shows is asked by the services that call it
        return
    asked = _asked(subject)
    for item in subject.service.items:
        for path in item.elements:
            root = path.partition(".")[0].removesuffix("[]")
            if root not in _GIVEN and path not in asked and root not in _set(subject):
                message = f"no form asks {path} and no step sets it"
                remedy = "Write the path as the form's key says it."
                yield Fault(subject.manifest, f"items.{item.id}", message, remedy)


def _asked(subject: Subject) -> set[str]:
    found: set[str] = set()
    for form in subject.forms.values():
        for field in form.fields:
            parts = field.path.replace("[]", "").split(".")
            found |= {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
            found.add(field.path)
    return found


def _set(subject: Subject) -> set[str]:
    """Return the variables that outputs and results of the diagrams set."""
    pattern = re.compile(r'(?:target|resultVariable|inputElement|outputCollection)="([A-Za-z]\w*)')
    files = subject.package.ending(".bpmn").values()
    return {name for data in files for name in pattern.findall(data.decode("utf-8"))}
