"""The process, the application's forms and the core item that service.toml names exist.

Source: design §2; every service is one parent process, one joint application and one core item.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield names of the manifest that lead nowhere."""
    service, file = subject.service, subject.manifest
    if service.process not in subject.processes:
        message = f"the package has no process {service.process}"
        yield Fault(file, "process", message, "Name the process of the parent diagram.")
    for place, form in () if service.hidden else subject.missing_forms:
        yield Fault(file, place, f"there is no form {form}", f"Add {subject.form_path(form)}.")
    if service.core_item and service.item(service.core_item) is None:
        message = f"there is no item {service.core_item}"
        yield Fault(file, "core_item", message, "Name one of [[items]].")
    core = [item.id for item in service.items if item.core]
    if not core:
        remedy = "Set core = true on the item that the others depend on."
        yield Fault(file, "items", "no item is the core", remedy)
    elif service.core_item and service.core_item not in core:
        message = f"core_item is {service.core_item}, but core = true stands on {', '.join(core)}"
        yield Fault(file, "core_item", message, "Let both name the same item.")
