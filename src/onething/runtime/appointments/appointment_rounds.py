"""What the worker does about appointments: no-shows, reminders, places of cases that ended."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from onething import appointments, cases, notices
from onething.appointments import AppointmentRow, Office
from onething.errors import Conflict
from onething.identity import SYSTEM
from onething.notices import NoticeRow
from onething.runtime.appointments.booking import office_names, release
from onething.runtime.host import Host
from onething.runtime.messages.news_words import said
from onething.runtime.messages.tell import News, about_case, tell
from onething.runtime.sealing import CaseSeal

_SHORTEST_WAIT = timedelta(minutes=5)
_REMIND_FROM = 9
"""Hour of the day before from which people are reminded: an assumption, nobody is woken."""
KEEPS_NAMES = timedelta(days=30)
"""So long the name of who had an appointment is kept behind its day: an assumption."""
REMINDER = "appointment-reminder"
_ZH = "不能到场请提前改期或者取消。"
_EN = "If you cannot come, move it or give it up beforehand."


def tend_appointments(host: Host) -> int:
    """Do what is due about appointments; return how many were touched."""
    touched = mark_no_shows(host) + free_ended(host) + close_days(host)
    return touched + remind(host) + _drop_names(host)


def mark_no_shows(host: Host) -> int:
    """Give up bookings whose holder has not come in the time that the office waits.

    The place is free then for those who wait without a booking; who comes late is put back.
    """
    now, offices = host.clock(), office_names(host)
    with host.database.read() as conn:
        found = appointments.overdue(conn, now - _SHORTEST_WAIT)
    over = [one for one in found if _is_over(one, offices.get(one.office_id), now)]
    return sum(_end(host, one, "no_show", now) for one in over)


def close_days(host: Host) -> int:
    """End what an office left open on an earlier day."""
    now = host.clock()
    today = now.astimezone(host.zone).date().isoformat()
    with host.database.read() as conn:
        found = appointments.left_open(conn, today)
    ends = {"in_service": "done"}
    return sum(_end(host, one, ends.get(one.state, "no_show"), now) for one in found)


def free_ended(host: Host) -> int:
    """Give up bookings to come whose case has ended: withdrawn, refused or closed."""
    with host.database.read() as conn:
        found = appointments.to_free(conn)

    def transaction(conn: Connection, row: AppointmentRow) -> int:
        release(host, conn, SYSTEM, row, "case ended")
        return 1

    return sum(_try(host, one, transaction) for one in found)


def remind(host: Host) -> int:
    """Tell whoever has an appointment tomorrow; a case's applicant gets it as a notice too."""
    now = host.clock()
    local = now.astimezone(host.zone)
    if local.hour < _REMIND_FROM:
        return 0
    midnight = datetime.combine(local.date(), datetime.min.time(), host.zone)
    since, until = midnight + timedelta(days=1), midnight + timedelta(days=2)
    with host.database.read() as conn:
        found = appointments.to_remind(conn, since, until)
    offices = office_names(host) if found else {}

    def transaction(conn: Connection, row: AppointmentRow) -> int:
        _tell(host, conn, row, offices.get(row.office_id), now)
        appointments.change(
            conn, row, now=now, actor=SYSTEM.user, detail={"reminded": True}, reminded_at=now
        )
        return 1

    return sum(_try(host, one, transaction) for one in found)


def _tell(
    host: Host, conn: Connection, row: AppointmentRow, office: Office | None, now: datetime
) -> None:
    if office is None or row.slot_at is None:
        return
    at = row.slot_at.astimezone(host.zone).strftime("%Y-%m-%d %H:%M")
    code = f"{row.code[:4]}-{row.code[4:]}"
    text = said(
        "明天有预约",
        "You have an appointment tomorrow",
        (f"时间：{at}", f"地点：{office.name}（{office.address}）", f"预约码：{code}", _ZH),
        (
            f"Time: {at}",
            f"Place: {office.name_en} ({office.address_en})",
            f"Code: {code}",
            _EN,
        ),
    )
    line_id = f"{REMINDER}-{row.appointment_id}-{row.day}"
    if row.instance_id is not None:
        _tell_applicant(host, conn, row.instance_id, News(line_id, "reminder", text), now)
    elif row.user is not None:
        link = f"/my/appointments/{row.appointment_id}"
        tell(host, conn, row.user, News(line_id, "reminder", text, link=link), None, now)


def _tell_applicant(
    host: Host, conn: Connection, instance_id: str, news: News, now: datetime
) -> None:
    """Tell the applicant of a case, beside a notice in it; nobody once its key is erased."""
    key = host.keys.find(conn, instance_id)
    if key is None or news.text is None:
        return
    notice = NoticeRow(
        instance_id=instance_id,
        notice_id=news.line_id,
        template=REMINDER,
        party="applicant",
        sealed=CaseSeal(key).close(news.text),
        at=now,
    )
    if notices.add(conn, notice):
        case = cases.of_instance(conn, instance_id)
        tell(host, conn, case.submitted_by, news, about_case(host, conn, case), now)


def _is_over(row: AppointmentRow, office: Office | None, now: datetime) -> bool:
    waits = timedelta(minutes=office.no_show_minutes) if office else _SHORTEST_WAIT
    return row.slot_at is not None and row.slot_at + waits <= now


def _end(host: Host, row: AppointmentRow, state: str, now: datetime) -> int:
    def transaction(conn: Connection, one: AppointmentRow) -> int:
        if one.state == "booked":
            appointments.free_slot(conn, one)
        appointments.change(conn, one, now=now, actor=SYSTEM.user, state=state)
        return 1

    return _try(host, row, transaction)


def _try(host: Host, row: AppointmentRow, one: Callable[[Connection, AppointmentRow], int]) -> int:
    """Run a change in a transaction of its own; what somebody changed meanwhile is left alone."""

    def transaction(conn: Connection) -> int:
        appointments.lock_day(conn, row.office_id, row.day)
        fresh = appointments.find(conn, row.appointment_id)
        is_same = fresh is not None and (fresh.state, fresh.slot_at) == (row.state, row.slot_at)
        return one(conn, fresh) if fresh is not None and is_same else 0

    try:
        return host.write(transaction)
    except Conflict:
        return 0


def _drop_names(host: Host) -> int:
    before = (host.clock().astimezone(host.zone).date() - KEEPS_NAMES).isoformat()
    return host.write(lambda conn: appointments.drop_personal(conn, before))
