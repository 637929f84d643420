"""A service's own texts in the reader's language.

A service is written in Chinese; its package says what each text is called in English.
"""

from typing import Any

from flask import g
from flask_babel import lazy_gettext as later

from onething.cases import CaseRow
from onething.connectors import Operation, operations
from onething.definitions import Definition, Item, MaterialRule, Service
from onething.web.language import language
from onething.web.node import host

_OWN_OPERATIONS: dict[str, Any] = {
    "document.issue": later("出具文书"),
    "notice.send": later("发送通知"),
}
"""What the product does itself, by operation."""


def worded(text: str, of: Definition | CaseRow) -> str:
    """Return a text of a service, or of a case's service, in the reader's language.

    A text without other words stays as it is: a clerk's reason, a person's name.
    """
    if language() == "zh":
        return text
    return _definition(of).wording(language()).get(text, text)


def worded_of(text: str, service: str, number: int) -> str:
    """Return a text of a deployment in the reader's language."""
    if language() == "zh":
        return text
    return _deployed(service, number).wording(language()).get(text, text)


def case_title(case: CaseRow) -> str:
    """Return a case's title in the reader's language: its service, and whose case it is."""
    service, separator, whose = case.title.partition(" · ")
    return f"{worded(service, case)}{separator}{whose}"


def service_name(service: Service) -> str:
    """Return a service's name in the reader's language."""
    return (service.name_en if language() == "en" else "") or service.name


def item_name(item: Item) -> str:
    """Return an item's name in the reader's language."""
    return (item.name_en if language() == "en" else "") or item.name


def operation_name(operation: Operation) -> str:
    """Return what an operation of a department does, in the reader's language."""
    return operation.title_en if language() == "en" else operation.title


def operation_title(operation_id: str) -> str:
    """Return what an operation does, by its id; the id where no department offers it."""
    operation = operations().get(operation_id)
    if operation is None:
        return str(_OWN_OPERATIONS.get(operation_id, operation_id))
    return operation_name(operation)


def operation_purpose(operation: Operation) -> str:
    """Return what for an operation moves data, in the reader's language."""
    return operation.purpose_en if language() == "en" else operation.purpose


def operation_basis(operation: Operation) -> tuple[str, ...]:
    """Return the legal bases of an operation in the reader's language."""
    return operation.legal_basis_en if language() == "en" else operation.legal_basis


def item_of(item_id: str | None, case: CaseRow) -> str:
    """Return the name of a case's item in the reader's language; nothing for none."""
    item = _definition(case).service.item(item_id)
    return item_name(item) if item is not None else ""


def material_rule(kind: str | None, case: CaseRow) -> MaterialRule | None:
    """Return what a case's service says of a material, or None."""
    items = _definition(case).service.items
    every = (one for item in items for one in item.materials)
    return next((one for one in every if one.id == kind), None) if kind else None


def _definition(of: Definition | CaseRow) -> Definition:
    """Return the deployment that speaks, looked up once a request."""
    if isinstance(of, Definition):
        return of
    return _deployed(of.service, of.number)


def _deployed(service: str, number: int) -> Definition:
    known: dict[tuple[str, int], Definition] = g.setdefault("definitions", {})
    key = (service, number)
    if key not in known:
        with host().database.read() as conn:
            known[key] = host().definitions.get(conn, *key)
    return known[key]


FILTERS = {
    "worded": worded,
    "case_title": case_title,
    "service_name": service_name,
    "item_name": item_name,
    "operation_name": operation_name,
    "operation_title": operation_title,
    "operation_purpose": operation_purpose,
    "operation_basis": operation_basis,
    "item_of": item_of,
}
"""What the templates call these by."""
