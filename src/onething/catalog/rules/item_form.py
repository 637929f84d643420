"""An item asks for what its clerks may see, and its condition reads what every case is asked.

What nobody may see is collected for nothing (个人信息保护法 art. 6); a condition over what only
the item itself asks would never become true. Source: design §7.
"""

from collections.abc import Iterator

from onething import feel
from onething.catalog.subject import Fault, Subject
from onething.definitions import Item
from onething.errors import ExpressionError, Severity
from onething.forms import Form, Part

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield fields that an item asks and does not declare, and conditions that read too much."""
    if subject.missing_forms:
        return
    frame, *parts = subject.definition.application_parts
    asked_of_all = _names(subject.definition.form_of(frame))
    for part in parts:
        item = subject.service.item(part.item)
        if item is not None:
            yield from _unseen(subject, item, part)
            yield from _unasked(subject, item, asked_of_all, subject.definition.form_of(part))


def _unseen(subject: Subject, item: Item, part: Part) -> Iterator[Fault]:
    declared = {path.replace("[]", "") for path in item.elements}
    for field in subject.definition.form_of(part).fields:
        path = field.path.replace("[]", "")
        steps = path.split(".")
        around = {".".join(steps[:length]) for length in range(1, len(steps) + 1)}
        is_declared = around & declared or any(one.startswith(f"{path}.") for one in declared)
        if not is_declared:
            message = f"{item.id} asks for {path}, which its clerks may not see"
            remedy = f"Add it to the elements of the item in {subject.manifest}, or do not ask."
            yield Fault(part.file, field.id, message, remedy)


def _unasked(subject: Subject, item: Item, asked_of_all: set[str], own: Form) -> Iterator[Fault]:
    """Yield the names that a condition reads and only the item's own form asks."""
    try:
        read = feel.compile_attribute(item.condition).free_names if item.condition else frozenset()
    except ExpressionError:
        return  # told by feel-of-manifest
    for name in sorted(read & _names(own) - asked_of_all):
        message = f"the condition reads {name}, which only the item itself asks"
        yield Fault(subject.manifest, f"items.{item.id}", message, "Ask for it in the application.")


def _names(form: Form) -> set[str]:
    """Return the variables that a form fills."""
    return {field.path.partition(".")[0].partition("[")[0] for field in form.fields}
