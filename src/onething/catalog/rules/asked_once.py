"""An application asks for no element twice in one context.

Whoever typed a value once shall not type it again. Source: report §1.2 (一表申请).
"""

from collections.abc import Iterator

from onething.catalog.arithmetic import asked_twice
from onething.catalog.subject import Fault, Subject
from onething.errors import ModelRefused, Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield paths of the joint application that mean the same."""
    if subject.missing_forms:
        return
    try:
        application = subject.definition.application
    except ModelRefused:
        return  # told by form-conflict
    file = subject.form_path(subject.service.application)
    for paths in asked_twice(application):
        message = f"{' and '.join(paths)} are bound to one element"
        yield Fault(file, paths[0], message, "Ask once, and let the other read that path.")
