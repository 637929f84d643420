"""Tell people: a line in the notice centre, and a word at the addresses that they chose.

Called within the transaction of what there is to tell: either both stand or neither. What goes
out is a job of the outbox, so that it outlives any crash.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from onething import jobs, notices, tracing
from onething.cases import CaseRow
from onething.connectors import department_of
from onething.feel.json import canonical
from onething.jobs import JobRow
from onething.notices import NewsDeliveryRow, NewsRow
from onething.runtime.host import Host
from onething.runtime.messages.news_kinds import FOR_WORKERS, OUTWARD
from onething.runtime.sealing import NEWS, CaseSeal

GATHERED = timedelta(minutes=1)
"""So long a message waits for more news of its case: people are told once of what comes
together."""
OPERATIONS = {"sms": "messages.sms.send", "email": "mail.message.send"}
"""The operation by which each channel's messages leave."""


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell: one line for one person."""

    line_id: str
    """Told a second time under the same id, a clerk's line counts on; an applicant's stays."""
    kind: str
    text: Mapping[str, Any] | None = None
    """As `news_words.said` makes it; None where the kind says it all."""
    is_required: bool = False
    """The law wants it delivered."""
    link: str | None = None
    """Path of the page to go to; None: the case's own."""


@dataclass(frozen=True, slots=True)
class About:
    """The case that news is about."""

    instance_id: str
    case_no: str
    seal: CaseSeal


def about_case(host: Host, conn: Connection, case: CaseRow) -> About:
    """Return a case as news is about it."""
    seal = CaseSeal(host.keys.of_case(conn, case.instance_id))
    return About(case.instance_id, case.case_no, seal)


def tell(  # noqa: PLR0913 - who is told what, of what and when
    host: Host, conn: Connection, user: str, news: News, about: About | None, at: datetime
) -> None:
    """Put a line into a person's notice centre, in the caller's transaction, and send word.

    Args:
        host: The node.
        conn: The caller's transaction.
        user: Account of whom to tell.
        news: What to tell.
        about: The case it is about; None for none.
        at: Now.
    """
    row = NewsRow(
        instance_id=about.instance_id if about else "",
        line_id=news.line_id,
        user=user,
        kind=news.kind,
        case_no=about.case_no if about else None,
        link=news.link,
        sealed=None if news.text is None else seal_text(host, about, news.text),
        is_required=news.is_required,
        count=1,
        at=at,
    )
    is_new = notices.add_news(conn, row, counts=news.kind in FOR_WORKERS)
    if is_new and news.kind in OUTWARD and host.settings.channels:
        _send_word(host, conn, row)


def seal_text(host: Host, about: About | None, text: Mapping[str, Any]) -> bytes:
    """Seal a line's text: under the case's key, where it is about one."""
    return host.keys.seal(canonical(text)) if about is None else about.seal.close(text)


def queue_message(  # noqa: PLR0913 - the parts of one job
    host: Host,
    conn: Connection,
    instance_id: str,
    effect_key: str,
    channel: str,
    payload: Mapping[str, Any],
    due_at: datetime,
) -> None:
    """Put a message to one address into the outbox; the address itself is read when it is sent."""
    operation, now = OPERATIONS[channel], host.clock()
    row = JobRow(
        instance_id=instance_id,
        effect_key=effect_key,
        kind=NEWS,
        token=None,
        operation=operation,
        department=department_of(operation),
        payload=host.keys.seal(canonical({**payload, "channel": channel, **tracing.headers()})),
        state="queued",
        round=0,
        attempts=0,
        retries=0,
        due_at=due_at,
        asked_at=None,
        error=None,
        answer=None,
        created_at=now,
    )
    jobs.queue_all(conn, [row])


def _send_word(host: Host, conn: Connection, row: NewsRow) -> None:
    known = [one for one in notices.contacts_of(conn, row.user) if one.takes_news]
    wanted = [one.channel for one in known if one.channel in host.settings.channels]
    if not wanted:
        return
    if not row.is_required and notices.reader_of(conn, row.user).only_required:
        return
    for channel in wanted:
        job = _gathering(conn, row, channel)
        if job is None:
            whose = host.keys.digest(["news of", row.user])[:12]
            job = f"news.{row.line_id}.{channel}.{whose}"
            payload = {"user": row.user, "what": "news", "case": row.case_no}
            queue_message(host, conn, row.instance_id, job, channel, payload, row.at + GATHERED)
        delivery = NewsDeliveryRow(
            row.instance_id, row.line_id, row.user, channel, job, "waiting", row.at
        )
        notices.add_delivery(conn, delivery)


def _gathering(conn: Connection, row: NewsRow, channel: str) -> str | None:
    """Return the job that is about to tell this person of the case anyway; hold it there."""
    key = notices.waiting_delivery(conn, row.instance_id, row.user, channel)
    if key is None:
        return None
    job = jobs.get(conn, row.instance_id, key)
    return key if job.state == "queued" and jobs.is_held(conn, job) else None
