"""An item that the law frees of charge has no fee.

Source: 婚姻登记条例 (婚姻登记不得收取费用); an item says so by "zero-fee" in special.
"""

from collections.abc import Iterator
from decimal import Decimal

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield items with a fee that the law forbids."""
    for item in subject.service.items:
        if "zero-fee" not in item.special or isinstance(item.fee, str):
            continue
        if Decimal(item.fee) > 0:
            message = f"a fee of {item.fee} stands on an item that is free by law"
            yield Fault(subject.manifest, f"items.{item.id}", message, "Set fee = 0.")
