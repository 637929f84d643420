"""Hand one message to the mail server or the messages' provider, at least once.

The call happens outside every transaction under the job's id; a crash before its result is
written repeats it under the same id. What a provider is sent names no person and no content.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection

from onething import connectors, db, jobs, notices
from onething.connectors import Mail, MailServer, is_address, send_mail
from onething.errors import (
    AnswerPending,
    DepartmentRefused,
    DepartmentUnavailable,
    HistoryBroken,
    OnethingError,
)
from onething.jobs import JobRow
from onething.notices import ContactRow
from onething.runtime.host import Host
from onething.runtime.jobs.gates import note_answer, note_failure
from onething.runtime.jobs.patience import wait_of
from onething.runtime.messages.message_texts import address_refused, code_text, news_text
from onething.runtime.messages.tell import News, tell
from onething.runtime.sealing import job_payload

GIVEN_UP_AFTER = timedelta(days=3)
"""So long a message is tried; who signs in meanwhile has read it."""
_DEAD = ("NO_RECORD", "REVOKED")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Message:
    to: str
    subject: str
    text: str
    language: str


def deliver_news(host: Host, job: JobRow) -> None:
    """Send one message: sent, refused, put off, or given up.

    What fails in the database is raised: the job is still to be performed, and was not tried.
    """
    with host.database.read() as conn:
        gate = jobs.gate_of(conn, job.department)
        payload = _payload(host, conn, job)
        message = _message(host, conn, payload) if payload else None
    if gate is not None and gate.state == "open":
        until = gate.probe_at or host.clock()
        host.write(lambda conn: jobs.put_back(conn, job, until))
        return
    if message is None:
        _close(host, job, "cancelled", "dropped")
        return
    try:
        receipt = _send(host, job, message)
    except DepartmentRefused as error:
        note_answer(host, job.department)
        _refused(host, job, payload, error)
    except AnswerPending:
        _taken(host, job, payload, None)
    except OnethingError as error:
        _later(host, job, error)
    except Exception as error:
        if db.is_outage(error):
            raise
        _log.exception("message failed", job=job.id)
        _later(host, job, DepartmentUnavailable(f"{job.operation}: {type(error).__name__}"))
    else:
        _taken(host, job, payload, receipt)


def fail_news(host: Host, job: JobRow, told: str) -> None:
    """Give a message up: it stays readable in the notice centre."""
    _close(host, job, "failed", "failed", told)


def _payload(host: Host, conn: Connection, job: JobRow) -> dict[str, Any]:
    with suppress(HistoryBroken):
        return job_payload(host.keys, conn, job)
    return {}


def _message(host: Host, conn: Connection, payload: dict[str, Any]) -> _Message | None:
    """Return what is to be sent; None where its address or code is not there any more."""
    contact = notices.find_contact(conn, payload["user"], payload["channel"])
    if contact is None:
        return None
    language = notices.reader_of(conn, contact.user).language
    if payload["what"] == "code":
        code = _code(host, contact, payload, host.clock())
        if code is None:
            return None
        subject, text = code_text(language, code)
    elif contact.takes_news and contact.channel in host.settings.channels:
        subject, text = news_text(language, payload.get("case"), host.settings.site_url)
    else:
        return None
    to = host.keys.open(contact.sealed_address).decode()
    return _Message(to, subject, text, language)


def _code(host: Host, contact: ContactRow, payload: dict[str, Any], now: datetime) -> str | None:
    is_due = contact.code_until is not None and contact.code_until > now
    if not is_due or contact.sealed_code is None or contact.number != payload["number"]:
        return None
    return host.keys.open(contact.sealed_code).decode()


def _send(host: Host, job: JobRow, message: _Message) -> str:
    server = mail_server(host) if job.operation == "mail.message.send" else None
    if server is not None:
        if not is_address(message.to):
            raise DepartmentRefused("NO_RECORD", "This is no e-mail address")
        mail = Mail(message.to, message.subject, message.text, job.id, host.clock())
        return send_mail(server, mail)
    operation = connectors.operations()[job.operation]
    if host.departments is None:
        raise DepartmentUnavailable("This node has no way to the departments")
    inputs = {"to": message.to, "text": message.text, "language": message.language}
    if "subject" in operation.inputs["properties"]:
        inputs["subject"] = message.subject
    answer = host.departments.call(operation, inputs, job.id, "", operation.purpose)
    return str(answer["receiptNo"])


def mail_server(host: Host) -> MailServer | None:
    """Return the site's mail server; None where it has none of its own."""
    one = host.settings
    if not one.smtp_host:
        return None
    return MailServer(
        host=one.smtp_host,
        port=one.smtp_port,
        sender=one.smtp_sender,
        security=one.smtp_security,
        user=one.smtp_user,
        password_file=Path(one.smtp_password_file) if one.smtp_password_file else None,
        ca_file=Path(one.smtp_ca_file) if one.smtp_ca_file else None,
        timeout_s=one.smtp_timeout_s,
    )


def _taken(host: Host, job: JobRow, payload: dict[str, Any], receipt: str | None) -> None:
    note_answer(host, job.department)
    now = host.clock()

    def transaction(conn: Connection) -> None:
        if not jobs.is_held(conn, job):
            return
        jobs.finish(conn, job)
        notices.close_delivery(conn, job.instance_id, job.effect_key, "sent", now, receipt)
        notices.set_contact(conn, payload["user"], payload["channel"], bounces=0)

    host.write(transaction)


def _refused(host: Host, job: JobRow, payload: dict[str, Any], error: DepartmentRefused) -> None:
    """Close a message that nobody takes; count against its address where that is dead."""
    now, told = host.clock(), f"{job.operation}: {error.reason}"

    def transaction(conn: Connection) -> None:
        if not jobs.is_held(conn, job):
            return
        jobs.finish(conn, job, "failed", told)
        notices.close_delivery(conn, job.instance_id, job.effect_key, "refused")
        if error.reason in _DEAD:
            _count_bounce(host, conn, payload["user"], payload["channel"], now)

    host.write(transaction)


def _count_bounce(host: Host, conn: Connection, user: str, channel: str, now: datetime) -> None:
    """Count a refusal, tell the owner in the notice centre, and use the address no more at last."""
    contact = notices.find_contact(conn, user, channel, lock=True)
    if contact is None:
        return
    bounces = contact.bounces + 1
    is_dead = contact.state == "verified" and bounces >= host.settings.message_bounces
    values = {"bounces": bounces} | ({"state": "dead"} if is_dead else {})
    notices.set_contact(conn, user, channel, **values)
    kind = "address_dead" if is_dead else "address_refused"
    day = now.astimezone(host.zone).date().isoformat()
    text = address_refused(channel, is_dead=is_dead)
    line = News(f"{kind}.{channel}.{day}", kind, text, link="/account")
    tell(host, conn, user, line, None, now)


def _later(host: Host, job: JobRow, error: OnethingError) -> None:
    """Try again later; the attempt that finds a breaker open or opens it costs none."""
    told = error.message
    gate = note_failure(host, job.department, told)
    now = host.clock()
    if now - job.created_at >= GIVEN_UP_AFTER:
        fail_news(host, job, told)
    elif gate is not None and gate.state == "open":
        until = gate.probe_at or now
        host.write(lambda conn: jobs.put_back(conn, job, until))
    else:
        host.write(lambda conn: jobs.put_off(conn, job, now + wait_of(host, job), told))


def _close(host: Host, job: JobRow, state: str, delivery: str, told: str | None = None) -> None:
    def transaction(conn: Connection) -> None:
        if jobs.is_held(conn, job):
            jobs.finish(conn, job, state, told)
            notices.close_delivery(conn, job.instance_id, job.effect_key, delivery)

    host.write(transaction)
