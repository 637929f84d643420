"""One application being filled in: its entry, draft and shared data, and the pages that show it."""

from dataclasses import dataclass
from typing import Any, Self

from flask import render_template, request

from onething import runtime
from onething.definitions import Cosigner, Definition
from onething.feel import Environment
from onething.forms import Answer, FieldView, Message
from onething.web.acting_words import acting_refusal
from onething.web.drafting import PageDraft
from onething.web.entry import Entry, mistakes, with_file_names
from onething.web.language import language
from onething.web.node import actor, host
from onething.web.prefill import leave_out_own
from onething.web.shared_fields import Sharing, asked, edit, sharing_for
from onething.web.slot_picker import with_slots
from onething.web.topics import is_paged, paging


@dataclass(frozen=True, slots=True)
class Filling:
    """An application on its way from page to page."""

    definition: Definition
    entry: Entry
    draft: PageDraft
    sharing: Sharing

    @classmethod
    def of(cls, definition: Definition, entry: Entry, draft: PageDraft) -> Self:
        """Return an entry of the reader's with what departments told for it."""
        sharing = sharing_for(host(), actor(), definition, draft.draft_id, entry)
        if runtime.is_acting(entry.answers):  # departments tell of who is signed in, not of others
            sharing = Sharing(host())
            leave_out_own(host(), actor(), definition, entry)
        return cls(definition, entry, draft, sharing)

    def edited(self) -> Self | None:
        """Return it as a button beside a shared value has left it; None where none was pressed."""
        if not edit(self.entry, request.form, self.sharing):
            return None
        return type(self).of(self.definition, self.entry, self.draft)

    def answer(self, known: dict[str, Any] | None = None) -> Answer:
        """Return what the form makes of the entry, or of what is known at first."""
        raw = self.entry.posted if known is None else known
        fixed = self.sharing.pinned.fixed
        return self.definition.application.submit(raw, _environment(), fixed=fixed)

    def is_wrong(self, answer: Answer) -> bool:
        """Whether the form or an objection has mistakes, or nobody may act for the applicant."""
        faults = self.sharing.faults(answer.data) or self._acting_fault(answer)
        return not answer.is_valid or bool(faults)

    def _acting_fault(self, answer: Answer) -> dict[str, str]:
        """Say at its field what stands against acting for a family member."""
        fault = runtime.acting_fault(self.definition, answer.data, _environment())
        return {} if fault is None else {fault[0]: acting_refusal(self.definition, fault[1])}

    def fields(self, answer: Answer, *, is_checked: bool = False) -> list[FieldView]:
        """Return the form as it is shown, with its mistakes once it was checked."""
        errors: dict[str, Message | str] = {}
        if is_checked:
            errors |= {**self.sharing.faults(answer.data), **self._acting_fault(answer)}
            errors |= answer.errors
        errors |= self.entry.errors
        fields = self.definition.application.view(
            answer.data, errors, _environment(), language=language(), warnings=answer.warnings
        )
        fields = with_slots(fields, self.definition.application, self.definition, answer.data)
        return self.sharing.shown(with_file_names(fields, self.entry.file_names))

    def page(self, fields: list[FieldView], at: int | None = None) -> str:
        """Show the form, or the topic of it at a place; where none is named, the posted page's."""
        shown = paging(fields, at) if is_paged(actor()) else None
        return render_template(
            "apply/form.html",
            service=self.definition.service,
            definition=self.definition,
            fields=fields,
            paging=shown,
            sharing=self.sharing,
            missing=self.sharing.missing(fields),
            given=sum(one.shared is not None for one in asked(fields)),
            entry=self.entry,
            messages=mistakes(shown.topic.fields if shown else fields),
            draft=self.draft,
        )

    def other_party(self, answer: Answer) -> Cosigner | None:
        """Return the party whom the reader has to invite: nobody where a window or helper files."""
        if runtime.INVITES not in actor().roles or self.is_wrong(answer):
            return None
        return runtime.find_cosigner(self.definition, answer.data, _environment())

    def check_page(self, answer: Answer, error: str = "") -> str:
        """Show all answers once more, by topic, each with a way back to it."""
        fields = self.definition.application.view(
            answer.data, {}, _environment(), readonly=True, language=language()
        )
        return render_template(
            "apply/check.html",
            service=self.definition.service,
            paging=paging(self.sharing.shown(with_file_names(fields, self.entry.file_names))),
            is_paged=is_paged(actor()),
            entry=self.entry,
            draft=self.draft,
            definition=self.definition,
            other=self.other_party(answer),
            days=host().settings.invitation_days,
            error=error,
        )


def _environment() -> Environment:
    return host().environment(host().clock())
