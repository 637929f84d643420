"""Every form of a service is shown by some task.

A form that nobody shows is out of date the day the law changes.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield the service's own forms that neither a task nor the manifest names."""
    named = {node.extension("formDefinition", "formId") or "" for node in subject.nodes("userTask")}
    named |= {item.form for item in subject.service.items} | {subject.service.application}
    used = {subject.form_path(one) for one in named if one}
    own = f"forms/{subject.package.code}/"
    for path in subject.forms:
        if path.startswith(own) and path not in used:
            yield Fault(path, "", "no task shows this form", "Bind it to a task, or remove it.")
