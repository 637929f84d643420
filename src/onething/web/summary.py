"""What a post may see of an application, grouped as the applicant filled it in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from onething.cases import CaseRow
from onething.definitions import Definition
from onething.forms import FieldView
from onething.identity import Actor
from onething.runtime import Host, visible_elements
from onething.web.language import language

_BARE = frozenset({"text", "separator", "spacer", "table", "list"})


@dataclass(slots=True)
class Section:
    """One group of the application with what was answered in it."""

    title: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    """(label, value) in the form's order; nothing empty."""


def shown_elements(
    host: Host, actor: Actor, definition: Definition, case: CaseRow, data: dict[str, Any]
) -> list[Section]:
    """Return the application's answers that this person may see.

    Conditions of the form are not asked: they may read what the post must not see, and an
    answer that was given is shown wherever it stood.
    """
    with host.database.read() as conn:
        only = visible_elements(conn, actor, case, definition.service)
    fields = definition.application.view(
        data, {}, host.environment(host.clock()), readonly=True, language=language(), only=only
    )
    return sections(fields)


def sections(fields: Iterable[FieldView]) -> list[Section]:
    """Return shown fields by group, each row of a list on its own, without what is empty."""
    loose = Section("")
    found = [loose]
    for one in fields:
        if one.kind == "group":
            found += _group(one)
        elif one.kind == "list":
            found += _rows(one)
        else:
            loose.facts += _facts([one])
    return [section for section in found if section.facts]


def _group(one: FieldView) -> Iterator[Section]:
    yield Section(one.label, list(_facts(one.children)))
    for child in one.children:
        if child.kind == "list":
            yield from _rows(child)


def _rows(one: FieldView) -> Iterator[Section]:
    for number, row in enumerate(one.rows, start=1):
        title = _("%(name)s %(n)s", name=one.label, n=number)
        yield Section(str(title), list(_facts(row)))


def _facts(fields: Iterable[FieldView]) -> Iterator[tuple[str, str]]:
    for one in fields:
        if one.kind == "group":
            yield from _facts(one.children)
        elif one.kind not in _BARE and one.display:
            yield one.label, one.display
