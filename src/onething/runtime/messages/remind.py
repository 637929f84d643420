"""Remind people of something at a time, unless its reason is gone by then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection

from onething import cases, instances, notices, tasks
from onething.errors import NotFound, OnethingError
from onething.feel.json import parse
from onething.notices import ReminderRow
from onething.runtime.host import Host
from onething.runtime.messages.tell import About, News, seal_text, tell
from onething.runtime.sealing import CaseSeal
from onething.tasks import TaskRow

SWEEP = 100
_AGAIN = timedelta(hours=1)
"""So long a reminder waits that cannot be told now."""
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to tell one person at a time."""

    id: str
    """Unique in its case, or among all that are about none; a second one takes its place."""
    user: str
    """Account of whom to remind."""
    at: datetime
    text: Mapping[str, Any]
    """As `news_words.said` makes it."""
    link: str | None = None
    """Path of the page to go to; None: the case's own."""
    token: str | None = None
    """The task that it is about: it moves with the task's end, and goes with the task."""


def remind(host: Host, conn: Connection, reminder: Reminder, about: About | None = None) -> None:
    """Let a person be reminded, in the caller's transaction.

    One whose time has passed already is told at the next sweep; the caller leaves out what
    comes too late.

    Args:
        host: The node.
        conn: The caller's transaction.
        reminder: Whom to remind of what, and when.
        about: The case it is about; None for none.
    """
    row = ReminderRow(
        instance_id=about.instance_id if about else "",
        reminder_id=reminder.id,
        user=reminder.user,
        case_no=about.case_no if about else None,
        token=reminder.token,
        link=reminder.link,
        sealed=seal_text(host, about, reminder.text),
        due_at=reminder.at,
    )
    notices.put_reminder(conn, row)


def cancel_reminder(conn: Connection, reminder_id: str, instance_id: str = "") -> int:
    """Remind nobody of this any more, in the caller's transaction; return how many would be."""
    return notices.drop_reminders(conn, instance_id, reminder_id)


def send_reminders(host: Host, limit: int = SWEEP) -> int:
    """Tell the reminders that are due, longest overdue first; return how many were looked at.

    Each in a transaction of its own. One that fails is logged and put off for an hour.
    """
    now = host.clock()
    with host.database.read() as conn:
        due = notices.due_reminders(conn, now, limit)
    for row in due:
        try:
            host.write(partial(_tell, host, row, now))
        except OnethingError:
            _log.exception("reminder failed", reminder=row.reminder_id)
            host.write(partial(notices.put_off_reminder, row=row, until=now + _AGAIN))
    return len(due)


def reminded_at(host: Host, due_at: datetime) -> datetime:
    """Return when a person is reminded of something that is due at an instant."""
    return due_at - timedelta(hours=host.settings.reminder_hours)


def _tell(host: Host, row: ReminderRow, now: datetime, conn: Connection) -> None:
    until = _until(host, conn, row, now)
    if until is not None:
        notices.put_off_reminder(conn, row, until)
        return
    if not notices.take_reminder(conn, row) or not _is_wanted(conn, row):
        return
    about = _about(host, conn, row)
    opened = about.seal.open(row.sealed) if about else _opened(host, row)
    line = News(f"reminder.{row.reminder_id}", "reminder", opened, link=row.link)
    tell(host, conn, row.user, line, about, now)


def _until(host: Host, conn: Connection, row: ReminderRow, now: datetime) -> datetime | None:
    """Return until when a reminder has to wait: its case is suspended, or its task has longer."""
    if not row.instance_id:
        return None
    case = instances.find(conn, row.instance_id)
    if case is not None and case.is_suspended:
        return now + _AGAIN
    task = _task(conn, row)
    if task is None or task.due_at is None:
        return None
    at = reminded_at(host, task.due_at)
    return at if at > now else None


def _is_wanted(conn: Connection, row: ReminderRow) -> bool:
    mine = cases.party_of(conn, row.instance_id, row.user) if row.instance_id else None
    if mine is not None and mine.ended_at is not None:
        return False  # the mandate has ended meanwhile
    if row.token is None:
        return True
    task = _task(conn, row)
    return task is not None and task.is_live


def _task(conn: Connection, row: ReminderRow) -> TaskRow | None:
    if row.token is None:
        return None
    try:
        return tasks.get(conn, row.instance_id, row.token)
    except NotFound:
        return None


def _about(host: Host, conn: Connection, row: ReminderRow) -> About | None:
    if not row.instance_id:
        return None
    seal = CaseSeal(host.keys.of_case(conn, row.instance_id))
    return About(row.instance_id, row.case_no or "", seal)


def _opened(host: Host, row: ReminderRow) -> Mapping[str, Any]:
    text: Mapping[str, Any] = parse(host.keys.open(row.sealed))
    return text
