"""Tell the parties of a case: notices, documents, and what they have to do."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from onething import cases, documents, instances
from onething.cases import CaseRow
from onething.definitions import Definition
from onething.documents import Template
from onething.runtime.host import Host
from onething.runtime.messages.news_kinds import TODO
from onething.runtime.messages.news_words import said
from onething.runtime.messages.remind import Reminder, remind, reminded_at
from onething.runtime.messages.tell import About, News, tell
from onething.tasks import TaskRow

_APPLYING = ("applicant", "handler", "agent")
"""Parties for whom the accounts speak whose case it is."""
_AN_INSTANT = timedelta(microseconds=1)


def recipients(host: Host, conn: Connection, case: CaseRow, party: str | None) -> list[str]:
    """Return the accounts of a party of a case; none where nobody has one.

    Who agreed to the application in an own session, or is acted for, is told what its applicant
    is told; whose mandate has ended is told nothing. A party that the manifest names is told for
    itself: whoever agreed as it, else who filed the case where it is the applicant.
    """
    if party in _APPLYING:
        return cases.accounts_of(conn, case.instance_id, case.submitted_by)
    known = cases.parties(conn, case.instance_id)
    agreed = [one.user for one in known if one.party == party and one.user and not one.ended_at]
    if agreed or not _is_applicant(host, conn, case, party):
        return agreed
    return cases.accounts_of(conn, case.instance_id, case.submitted_by)


def _is_applicant(host: Host, conn: Connection, case: CaseRow, party: str | None) -> bool:
    """Whether a party of the manifest is the person who applies."""
    row = instances.get(conn, case.instance_id)
    service = host.definitions.get(conn, row.service, row.number).service
    return party is not None and service.parties.get(party) == service.applicant


def tell_notice(  # noqa: PLR0913 - who is told what
    host: Host,
    conn: Connection,
    case: CaseRow,
    about: About,
    notice_id: str,
    party: str,
    template: Template,
    text: Mapping[str, Any],
) -> None:
    """Tell a party of a notice, in the transaction that keeps it."""
    line = News(notice_id, "notice", text, is_required=bool(template.legal_basis))
    for user in recipients(host, conn, case, party):
        tell(host, conn, user, line, about, host.clock())


def tell_document(  # noqa: PLR0913 - who is told what
    host: Host,
    conn: Connection,
    case: CaseRow,
    about: About,
    document_id: str,
    party: str | None,
    template: Template,
    text: Mapping[str, Any],
) -> None:
    """Tell a party of a document: what a notice says, of a certificate its title alone."""
    if template.style != "notice":
        blank = {"body": [], "remedy": "", "fields": []}
        text = {**text, **blank, "en": {"title": template.title_en or template.title, **blank}}
    line = News(f"document.{document_id}", "document", text, is_required=bool(template.legal_basis))
    for user in recipients(host, conn, case, party):
        tell(host, conn, user, line, about, host.clock())


def tell_tasks(  # noqa: PLR0913 - who is told what
    host: Host,
    conn: Connection,
    case: CaseRow,
    about: About,
    definition: Definition,
    rows: Iterable[TaskRow],
) -> None:
    """Tell parties of tasks that opened for them, and remind them before their end."""
    english = definition.wording("en")
    for row in rows:
        name_en = english.get(row.name, row.name)
        text = said(f"请您办理：{row.name}", f"Something to do: {name_en}")
        for user in recipients(host, conn, case, row.party):
            tell(host, conn, user, News(f"{TODO}{row.token}", "todo", text), about, row.opened_at)
            _remind(host, conn, about, row, user, name_en)


def _remind(  # noqa: PLR0913 - who is reminded of what
    host: Host, conn: Connection, about: About, row: TaskRow, user: str, name_en: str
) -> None:
    if row.due_at is None or not host.settings.reminder_hours:
        return
    at = reminded_at(host, row.due_at)
    if at <= row.opened_at:
        return  # it opened when the reminder would have been due
    on = (row.due_at - _AN_INSTANT).astimezone(host.zone).date()
    text = said(
        f"“{row.name}”即将到期",
        f"“{name_en}” is due soon",
        (f"请在{documents.day(on)}结束前办理。",),
        (f"Please do it by the end of {documents.day(on, 'en')}.",),
    )
    reminder = Reminder(f"task.{row.token}", user, at, text, token=row.token)
    remind(host, conn, reminder, about)
