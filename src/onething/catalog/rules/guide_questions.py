"""The guide asks what the application asks, in choices that name nobody, and of a known decision.

Its answers stand in the address of a page that people send to each other and print.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True
_CHOICES = ("radio", "select", "checkbox", "checklist", "taglist")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield the questions and the decision of `[guide]` that cannot be asked."""
    rule = subject.service.guide
    if not rule.questions:
        return
    asked = {one.path: one for one in subject.definition.application.fields}
    for path in rule.questions:
        field = asked.get(path)
        if field is None:
            yield _fault(subject, f"the application does not ask for {path}")
        elif field.type not in _CHOICES:
            yield _fault(subject, f"{path} is no choice: whatever is typed could name somebody")
    if rule.decision and rule.decision not in subject.decisions:
        yield _fault(subject, f"there is no decision {rule.decision}")


def _fault(subject: Subject, message: str) -> Fault:
    return Fault(subject.manifest, "guide", message, "Name choices of the application.")
