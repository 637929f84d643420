"""What shared data supply is not demanded of people.

A material with an operation, or of a kind that an operation or another item's source supplies,
is no upload or paper that people need: it is shared first, and asked for only where sharing fails.
Paper that is handed in and kept is `surrendered`. Source: 政务数据共享条例; design §7.
"""

from collections.abc import Iterator

from onething import connectors
from onething.catalog.subject import Fault, Subject
from onething.definitions import MaterialRule
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield demanded materials that an operation supplies, and file fields that demand one."""
    service = subject.service
    shared = {
        one.sort: one.operation or ""
        for item in service.items
        for one in item.materials
        if one.is_shared
    }
    needed = {
        field.path
        for form in subject.forms.values()
        for field in form.fields
        if field.value_type == "file"
        and (field.bounds.required or field.behaviour.required is not None)
    }
    for item in service.items:
        for one in item.materials:
            place = f"items.{item.id}.materials.{one.id}"
            supplier = _supplier(one, shared)
            if supplier and not one.is_shared and _is_demanded(one):
                message = f"{supplier} supplies it, and people must bring it"
                remedy = f'Write source = "SHARE", operation = "{supplier}", fallback = "UPLOAD".'
                yield Fault(subject.manifest, place, message, remedy)
            if one.is_shared and one.field in needed:
                message = f"the field {one.field} demands what {one.operation} supplies"
                yield Fault(subject.manifest, place, message, "Do not require the field.")


def _is_demanded(one: MaterialRule) -> bool:
    by_hand = one.source in ("UPLOAD", "PAPER")
    return by_hand and one.required is not False and not one.surrendered


def _supplier(one: MaterialRule, shared: dict[str, str]) -> str:
    found = connectors.suppliers(one.sort) or connectors.suppliers(one.id)
    return one.operation or shared.get(one.sort, "") or next(iter(found), "")
