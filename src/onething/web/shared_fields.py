"""Shared data on the pages of an application: consent, sources beside fields, objections."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from onething import forms, runtime
from onething.catalog import Supply, supplies
from onething.connectors import Operation, operations
from onething.definitions import Definition
from onething.forms import FieldView, SharedView
from onething.identity import Actor
from onething.runtime import REASON, WRONG, Host, Pinned, SharedData, SharedValue
from onething.web.entry import Entry
from onething.web.language import language
from onething.web.naming import department_name
from onething.web.wording import operation_name

OBJECT, ACCEPT = "_wrong", "_right"
"""Names of the buttons beside a shared value; they carry its path."""
_REASONS = {
    "late": later("部门没有及时答复"),
    "away": later("部门系统暂时联系不上"),
    "none": later("部门没有这项信息"),
    "unfit": later("部门的信息不符合本表要求"),
}
_FAULTS = {
    runtime.NO_REASON: later("请说明共享数据错在哪里"),
    runtime.LONG_REASON: later("说明不超过 500 个字符"),
    runtime.SAME_VALUE: later("与共享数据相同；没有异议请改用共享数据"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What one department would be asked, as the person reads it before agreeing."""

    operation: Operation
    department: str
    labels: list[str]


@dataclass(frozen=True, slots=True)
class Sharing:
    """The shared data of one application's page."""

    host: Host
    supplies: tuple[Supply, ...] = ()
    """What departments could be asked; empty where nobody has verified the person."""
    shared: SharedData | None = None
    """What they told for this very application."""
    pinned: Pinned = field(default_factory=Pinned)
    could_verify: bool = False
    """Verified, this person could have something prefilled."""

    @property
    def state(self) -> str:
        """Empty where nothing is offered, then verify, ask, agreed or refused."""
        if not self.supplies:
            return "verify" if self.could_verify else ""
        if self.shared is None:
            return "ask"
        return "agreed" if self.shared.is_agreed else "refused"

    @property
    def questions(self) -> list[Question]:
        """What would be asked, department by department."""
        found: dict[str, Question] = {}
        for one in self.supplies:
            name = department_name(self.host, one.operation.department)
            question = found.setdefault(one.operation.id, Question(one.operation, name, []))
            question.labels.append(one.component.label.text(language()))
        return list(found.values())

    def missing(self, fields: Iterable[FieldView]) -> list[tuple[str, list[str]]]:
        """Return why fields that are asked stay to be typed, each reason with their labels."""
        found: dict[str, list[str]] = {}
        missing: Mapping[str, str] = self.shared.missing if self.shared else {}
        for one in asked(fields):
            if one.name in missing:
                found.setdefault(str(_REASONS[missing[one.name]]), []).append(one.label)
        return list(found.items())

    @property
    def can_ask_again(self) -> bool:
        """Whether asking once more may bring more."""
        return self.shared is not None and bool({"late", "away"} & {*self.shared.missing.values()})

    def faults(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return what is wrong with objections, by path, in the reader's language."""
        return {path: str(_FAULTS[one]) for path, one in self.pinned.faults(data).items()}

    def shown(self, fields: Iterable[FieldView]) -> list[FieldView]:
        """Return the fields with the source beside what departments gave."""
        if not self.pinned.values:
            return list(fields)
        return [self._shown(one) for one in fields]

    def _shown(self, one: FieldView) -> FieldView:
        value = self.pinned.values.get(one.name) if one.name else None
        if value is not None and not one.children:
            reason = self.pinned.reasons.get(one.name)
            view = self._view(one, value, reason)
            return replace(one, shared=view, is_readonly=one.is_readonly or reason is None)
        return replace(
            one,
            children=tuple(self._shown(child) for child in one.children),
            rows=tuple(tuple(self._shown(cell) for cell in row) for row in one.rows),
        )

    def _view(self, one: FieldView, value: SharedValue, reason: str | None) -> SharedView:
        supply = next((each for each in self.supplies if each.path == one.name), None)
        component = supply.component if supply else None
        text = one.display
        if component is not None:
            text = forms.display(component, value.value, component.options.fixed, language())
        return SharedView(
            source=source_name(self.host, value.operation),
            at=value.at,
            display=text,
            is_disputed=reason is not None,
            reason=reason or "",
        )


def asked(fields: Iterable[FieldView]) -> Iterator[FieldView]:
    """Yield the fields that a page asks or shows, those in groups and rows too."""
    for one in fields:
        if not one.is_hidden:
            yield one
            for inside in (one.children, *one.rows):
                yield from asked(inside)


def label_of(fields: Iterable[FieldView], name: str) -> str:
    """Return the label of the field of a name; nothing where the form asks for no such field."""
    return next((one.label for one in asked(fields) if one.name == name), "")


def sharing_for(
    host: Host, actor: Actor, definition: Definition, application: str, entry: Entry
) -> Sharing:
    """Return the shared data of an application as its page shows them."""
    offered = runtime.offered_supplies(host, actor, definition)
    if not offered:
        could = "applicant" in actor.roles and bool(supplies(definition))
        return Sharing(host, could_verify=could)
    shared = runtime.find_shared(host, actor, definition.service.code)
    if shared is not None and shared.application != application:
        shared = None
    return Sharing(host, offered, shared, Pinned.of(shared, entry.answers))


def edit(entry: Entry, form: Mapping[str, str], sharing: Sharing) -> bool:
    """Do what a button beside a shared value asks; say whether one was pressed."""
    wrong, right = form.get(OBJECT, ""), form.get(ACCEPT, "")
    value = sharing.pinned.values.get(wrong)
    if value is not None:
        entry.answers[wrong + WRONG] = ["1"]
        entry.answers[wrong] = [forms.spelling(value.value)]
    if right in sharing.pinned.values:
        for name in (right, right + WRONG, right + REASON):
            entry.answers.pop(name, None)
    return bool(wrong or right)


def source_name(host: Host, operation_id: str) -> str:
    """Say who gave a value: the department, and what it was asked."""
    operation = operations().get(operation_id)
    if operation is None:
        return operation_id
    name = department_name(host, operation.department)
    return str(_("%(department)s · %(asked)s", department=name, asked=operation_name(operation)))
