"""A field says what it asks, in Chinese and in English.

Source: GB/T 37668-2019 (labels for screen readers); design §10: English is complete.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield fields without a label in one of the languages."""
    for path, form in subject.forms.items():
        for field in form.fields:
            if not field.is_field:
                continue
            missing = [name for name in ("zh", "en") if not getattr(field.label, name)]
            if missing:
                message = f"the field {field.path} has no label in {', '.join(missing)}"
                remedy = "Write label, and properties.label_en."
                yield Fault(path, field.id, message, remedy)
