"""The pages of an application of two parties: its answers, its code, and why something is not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import segno
from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from markupsafe import Markup

from onething import runtime
from onething.errors import InvalidInput, InvitationRefused, OnethingError, SlotRefused
from onething.feel import Environment
from onething.forms import Answer, FieldView, Message, Posted
from onething.runtime import InvitationView, KeptFile
from onething.runtime.applications.joint_application import with_answers, with_files_of
from onething.web.entry import Entry, mistakes, with_file_names
from onething.web.language import language
from onething.web.node import host
from onething.web.topics import Paging, paging

_REFUSED = {
    "nobody": later("这份申请不需要对方确认，请返回重新核对。"),
    "same-number": later("双方填写的证件号码相同。请返回修改。"),
    "many": later("您已有 5 份申请在等对方确认。请先处理其中一份。"),
    "self": later("这是您自己发出的邀请，要由另一方本人登录自己的账号确认。"),
    "not-own": later("您账号核验的证件号码与您在申请中填写的不一致。请用本人账号办理。"),
    "over": later("邀请已过期。邀请人可以修改后重新邀请。"),
    "declined": later("对方已不同意这份申请。"),
    "cancelled": later("邀请已取消或者作废。"),
    "opened": later("双方都已确认，申请已经提交。"),
    "changed": later("内容刚刚有更正，请重新核对后再确认。"),
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One answer that the invited party corrected, as people read it."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of the application."""

    file: KeptFile
    label: str
    """Of the field that it answers."""


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """The answers of an application that waits."""

    view: InvitationView

    @property
    def topics(self) -> Paging:
        """All answers, by topic."""
        return paging(self._fields(self.view.joint.answers, {}, is_readonly=True))

    @property
    def changes(self) -> list[ChangeLine]:
        """What the invited party corrected last."""
        shown = self._fields(self.view.joint.answers, {}, is_readonly=False)
        known = {one.name: one for one in _leaves(shown)}
        return [
            ChangeLine(
                known[one.field].label if one.field in known else one.field,
                _said(known.get(one.field), one.old),
                _said(known.get(one.field), one.new),
            )
            for one in self.view.joint.changes
        ]

    @property
    def files(self) -> list[FileLine]:
        """The files, each with what its field is called."""
        shown = self._fields(self.view.joint.answers, {}, is_readonly=True)
        labels = {one.name: one.label for one in _leaves(shown)}
        return [FileLine(one, labels.get(one.field, "")) for one in self.view.joint.files]

    def merged(self, own: Posted) -> Posted:
        """Return the answers with those that the invited party has typed now."""
        return with_answers(self.view.joint.answers, own, self.view.joint.prefix)

    def answer(self, answers: Posted, own: Sequence[KeptFile] = ()) -> Answer:
        """Return what the form makes of answers, with files that the invited party gives now."""
        files = with_files_of(self.view.joint.files, own)
        whole = replace(self.view.joint, answers=answers, files=files).whole
        fixed = self.view.joint.pinned.fixed
        return self.view.definition.application.submit(whole, _environment(), fixed=fixed)

    def own_files(self, entry: Entry) -> list[KeptFile]:
        """Return the files that the invited party gives for own fields; others are left out."""
        of, prefix = self.view.definition, self.view.joint.prefix
        return [
            replace(one, reused=None)
            for one in entry.typed.files
            if runtime.is_own_file(of, prefix, one.field)
        ]

    def correcting(
        self, entry: Entry, answers: Posted, errors: Mapping[str, Message | str] | None = None
    ) -> str:
        """Show the invited party's own answers as a form."""
        told = {**(errors or {}), **entry.errors}
        shown = self._fields(answers, told, is_readonly=False, own=self.own_files(entry))
        fields = list(_own(shown, self.view.joint.prefix))
        return render_template(
            "invitation/correct.html",
            view=self.view,
            entry=entry,
            fields=fields,
            takes_files=any(one.kind == "file" for one in _leaves(fields)),
            messages=mistakes(fields),
        )

    def _fields(
        self,
        answers: Posted,
        errors: Mapping[str, Message | str],
        *,
        is_readonly: bool,
        own: Sequence[KeptFile] = (),
    ) -> list[FieldView]:
        names = {one.id: one.name for one in (*self.view.joint.files, *own)}
        fields = self.view.definition.application.view(
            self.answer(answers, own).data,
            errors,
            _environment(),
            readonly=is_readonly,
            language=language(),
        )
        return with_file_names(fields, names)


def refusal(why: str) -> str:
    """Say why an application cannot be signed so."""
    return str(_REFUSED.get(why, _("现在不能这样操作。请刷新后再试。")))


def stopped(error: OnethingError) -> str:
    """Say why an agreement could not be taken."""
    if isinstance(error, InvitationRefused):
        return refusal(error.why)
    if isinstance(error, InvalidInput) and not isinstance(error, SlotRefused):
        return str(_("办事要求已经更新，这份申请需要由邀请人修改后重新邀请。"))
    return str(_("所选预约时段已满、已过，或者与已有预约冲突。请由邀请人修改后重新邀请。"))


def qr_code(link: str) -> Markup:
    """Return an address as a picture for a phone's camera."""
    picture = segno.make(link, error="m", micro=False)
    return Markup(picture.svg_inline(scale=4, border=2))  # noqa: S704 - drawn here, from figures


def _environment() -> Environment:
    return host().environment(host().clock())


def _own(fields: Iterable[FieldView], prefix: str) -> Iterator[FieldView]:
    """Yield what of a form is one party's: the groups around it, and of a list the one row."""
    for one in fields:
        if one.kind == "group":
            children = tuple(_own(one.children, prefix))
            if children:
                yield replace(one, children=children)
        elif one.kind == "list":
            for row in one.rows:
                children = tuple(_own(row, prefix))
                if children:
                    yield replace(one, kind="group", children=children, rows=(), blank_row=())
        elif one.name.startswith(f"{prefix}."):
            yield replace(one, is_readonly=one.is_readonly or one.name == f"{prefix}.idNo")


def _leaves(fields: Iterable[FieldView]) -> Iterator[FieldView]:
    for one in fields:
        yield one
        yield from _leaves(one.children)
        for row in one.rows:
            yield from _leaves(row)


def _said(one: FieldView | None, value: str) -> str:
    """Return a posted value as it is read: a choice by its label."""
    labels = {option.value: option.label for option in one.options} if one is not None else {}
    return labels.get(value, value) or "—"
