"""A document that refuses tells how to object.

Source: 行政许可法 第三十八条第二款: the reason, and the right to reconsideration or to sue.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True
_IDS = ("refusal", "rejection", "denial", "not-accepted", "non-acceptance", "not-granted")
_TITLES = ("不予", "驳回")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield numbered documents that refuse and name no remedy."""
    for template in subject.templates.values():
        is_refusal = any(word in template.id for word in _IDS) or any(
            word in template.title for word in _TITLES
        )
        if is_refusal and template.prefix and not template.remedy:
            file = f"bpmn/{subject.package.code}/texts/documents.toml"
            remedy = "Write remedy = how, where and by when to object."
            yield Fault(file, template.id, "the refusal names no remedy", remedy)
