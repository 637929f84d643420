"""A form on which a clerk can refuse demands the reason.

Source: 行政许可法 第三十八条第二款: a refusal states its reason.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity
from onething.feel import Environment
from onething.forms import Component, Form

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True
_REFUSALS = frozenset(
    {"refuse", "refused", "reject", "rejected", "deny", "denied", "not_competent"}
)
_REASONS = ("reason", "finding", "ground")
_AT = datetime(2026, 1, 1, tzinfo=UTC)


def check(subject: Subject) -> Iterator[Fault]:
    """Yield choices of user tasks that refuse while the form lets the reason be left out."""
    ids = (node.extension("formDefinition", "formId") for node in subject.nodes("userTask"))
    for form_id in dict.fromkeys(one for one in ids if one):
        form = subject.form(form_id)
        if form is not None:
            yield from _of(form, subject.form_path(form_id))


def _of(form: Form, path: str) -> Iterator[Fault]:
    for field in form.fields:
        for value in _refusing(field):
            if not _demands_reason(form, field, value):
                remedy = "Add a text field whose key ends in reason, required where it refuses."
                yield Fault(path, field.path, f"{value} may be chosen without a reason", remedy)


def _refusing(field: Component) -> list[str]:
    if field.value_type != "choice" or "[]" in field.path:
        return []
    return [str(one.value) for one in field.options.fixed if one.value in _REFUSALS]


def _demands_reason(form: Form, field: Component, value: str) -> bool:
    """Whether an answer that refuses and says nothing else is told that the reason is missing."""
    data: object = value
    for name in reversed(field.path.split(".")):
        data = {name: data}
    answer = form.submit(data, Environment(_AT))  # type: ignore[arg-type]
    return any(path.rpartition(".")[2].lower().endswith(_REASONS) for path in answer.errors)
