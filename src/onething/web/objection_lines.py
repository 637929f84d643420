"""Objections to shared data as clerks, departments and applicants read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as later

from onething import forms
from onething.definitions import Definition
from onething.forms import Component
from onething.runtime import CaseView, Host, ObjectionView
from onething.web.language import language
from onething.web.shared_fields import source_name
from onething.web.words import Word, word_of

_STATES = {
    "open": ("warn", "!", later("有异议，待部门答复")),
    "corrected": ("good", "✓", later("部门已更正")),
    "kept": ("", "–", later("部门核实无误")),
}


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """One objection in the reader's language."""

    id: str
    case_no: str
    label: str
    source: str
    state: Word
    is_open: bool
    raised_at: datetime
    shared: str = ""
    """What the department gave; empty for who may not see it, with all below."""
    given: str = ""
    reason: str = ""
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What departments gave to one application."""

    source: str
    at: datetime
    labels: list[str]


def objection_lines(
    host: Host, definition: Definition, views: Iterable[ObjectionView]
) -> list[ObjectionLine]:
    """Return objections of one service as people read them."""
    return [_line(host, definition, one) for one in views]


def told_by(host: Host, definition: Definition, view: CaseView) -> list[Told]:
    """Return what of a case departments gave, each with its source and instant."""
    found: dict[tuple[str, str], Told] = {}
    for one in view.shared:
        key = (str(one["operation"]), str(one["askedAt"]))
        source, at = source_name(host, key[0]), datetime.fromisoformat(key[1])
        told = found.setdefault(key, Told(source, at, []))
        told.labels.append(_label(definition, str(one["path"])))
    return list(found.values())


def _line(host: Host, definition: Definition, view: ObjectionView) -> ObjectionLine:
    row, told = view.row, view.told
    return ObjectionLine(
        id=row.id,
        case_no=row.case_no,
        label=_label(definition, row.path),
        source=source_name(host, row.operation),
        state=word_of(_STATES, row.state),
        is_open=row.state == "open",
        raised_at=row.raised_at,
        shared=_value(definition, row.path, told, "shared"),
        given=_value(definition, row.path, told, "given"),
        reason=str(told.get("reason", "")),
        answer=view.answer,
        answered_at=row.answered_at,
    )


def _component(definition: Definition, path: str) -> Component | None:
    template = "".join(
        f"[]{part.partition(']')[2]}" if at else part for at, part in enumerate(path.split("["))
    )
    fields = definition.application.fields
    return next((one for one in fields if one.path == template), None)


def _label(definition: Definition, path: str) -> str:
    component = _component(definition, path)
    return component.label.text(language()) if component else path


def _value(definition: Definition, path: str, told: Mapping[str, Any], name: str) -> str:
    value, component = told.get(name), _component(definition, path)
    if value is None:
        return "—" if told else ""
    if component is None:
        return str(value)
    return forms.display(component, value, component.options.fixed, language())
