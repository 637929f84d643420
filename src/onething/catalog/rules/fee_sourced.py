"""A fee has its legal basis or is marked as an assumption.

Source: 价格法 第四十七条: what the state charges stands in a published list.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield items that cost something without saying why."""
    for item in subject.service.items:
        is_assumed = item.assumption is True or "fee" in (item.assumption or ())
        is_explained = isinstance(item.fee, str) or "fee" in item.note or "费" in item.note
        if item.fee and not is_assumed and not is_explained:
            message = f"the fee of {item.fee} has no source"
            remedy = 'Name the list in note, or add "fee" to assumption.'
            yield Fault(subject.manifest, f"items.{item.id}", message, remedy)
