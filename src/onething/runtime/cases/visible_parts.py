"""Which files and reasons of a case a person sees: those of the own items, none by default."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from onething import documents
from onething.cases import CaseRow, ItemRow
from onething.definitions import Service
from onething.documents import DocumentRow
from onething.identity import Actor
from onething.materials import MaterialRow
from onething.runtime.permissions import WORKERS, owns_case


def visible_materials(
    every: list[MaterialRow], actor: Actor, service: Service, data: dict[str, Any] | None
) -> list[MaterialRow]:
    """Return those of a case's materials that a person sees.

    A clerk sees those of the own department's items, those that the visible elements of the
    application name, and those that the clerk gave. An auditor sees that they are there: no
    names of files, and no copies.

    Args:
        every: The case's materials.
        actor: Who looks.
        service: The case's service.
        data: The elements of the application that the person sees; None: every one of them,
            and so every material.
    """
    if data is None:
        return every
    if "auditor" in actor.roles:
        return [replace(one, name=one.id) for one in every]
    own, named = _own_items(actor, service), set(_texts(data))
    return [
        one
        for one in every
        if one.item in own or (one.item is None and one.id in named) or one.given_by == actor.user
    ]


def visible_documents(
    conn: Connection, actor: Actor, case: CaseRow, service: Service
) -> list[DocumentRow]:
    """Return the documents that a person sees: a clerk's own items', and the whole case's."""
    every = documents.of_case(conn, case.instance_id)
    if actor.is_system or owns_case(actor, conn, case):
        return every
    if actor.department is None or not actor.roles & set(WORKERS):
        return []
    own = _own_items(actor, service)
    return [one for one in every if one.item is None or one.item in own]


def visible_reasons(
    items: list[ItemRow], actor: Actor, service: Service, *, sees_all: bool
) -> list[ItemRow]:
    """Return a case's items; a clerk reads the reasons of the own department's alone."""
    if sees_all:
        return items
    own = _own_items(actor, service)
    return [one if one.item_id in own else replace(one, reason=None) for one in items]


def _own_items(actor: Actor, service: Service) -> set[str]:
    if actor.department is None or not actor.roles & set(WORKERS):
        return set()
    return {item.id for item in service.items if item.department == actor.department}


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield every text in a JSON value: a file field holds the ids of its materials."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
