"""An item comes after items of its service, and never after itself.

The promise of a case adds up what runs in a row; a circle would promise nothing.
"""

from collections.abc import Iterator, Mapping

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield items whose `after` names an unknown item or leads back to them."""
    after = {item.id: item.after for item in subject.service.items}
    for item, before in after.items():
        for name in before:
            if name not in after:
                message = f"the service has no item {name}"
                yield Fault(subject.manifest, f"items.{item}", message, "Name one of its items.")
        if item in _all_before(item, after):
            message = "the item comes after itself"
            remedy = "Take one `after` out of the circle."
            yield Fault(subject.manifest, f"items.{item}", message, remedy)


def _all_before(item: str, after: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return every item that comes before one, by whatever way."""
    found: set[str] = set()
    waiting = list(after[item])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(after.get(name, ()))
    return found
