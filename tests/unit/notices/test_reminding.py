"""People are reminded at a time, unless the reason is gone by then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from onething import cases, runtime
from onething.runtime import Reminder
from unit.clocks.node import APPLICANT, OPERATOR, at

TEXT = runtime.said("明天有预约", "You have an appointment tomorrow")


def remind(site, hours: int, **more) -> None:
    due = site.host.clock() + timedelta(hours=hours)
    reminder = Reminder("visit", APPLICANT.user, due, TEXT, **more)
    site.host.write(lambda conn: runtime.remind(site.host, conn, reminder))


def told(site) -> list[str]:
    return [one.text["title"] for one in site.lines() if one.row.kind == "reminder"]


def sweep_after(site, hours: int) -> None:
    site.world.clock.advance(timedelta(hours=hours))
    runtime.send_reminders(site.host)


def test_a_reminder_is_told_at_its_time_and_once(site):
    remind(site, 24, link="/appointments")
    sweep_after(site, 23)
    assert told(site) == []

    sweep_after(site, 1)
    sweep_after(site, 1)

    assert told(site) == ["明天有预约"]
    assert site.lines()[0].row.link == "/appointments"


def test_a_reminder_goes_out_as_a_message_as_well(site):
    site.reach()
    site.records.clear()
    remind(site, 24)

    sweep_after(site, 24)
    site.send()

    assert len(site.sms()) == 1


def test_a_cancelled_reminder_is_not_told(site):
    remind(site, 24)

    assert site.host.write(lambda conn: runtime.cancel_reminder(conn, "visit")) == 1
    sweep_after(site, 24)

    assert told(site) == []


def test_a_later_reminder_takes_the_place_of_the_earlier_one(site):
    remind(site, 24)
    remind(site, 48)

    sweep_after(site, 24)
    assert told(site) == []
    sweep_after(site, 24)

    assert told(site) == ["明天有预约"]


def test_a_reminder_about_a_case_is_sealed_under_its_key(site, case_no):
    def command(conn):
        about = runtime.about_case(site.host, conn, cases.get(conn, case_no))
        reminder = Reminder("visit", APPLICANT.user, site.host.clock(), TEXT)
        runtime.remind(site.host, conn, reminder, about)

    site.host.write(command)
    sweep_after(site, 0)

    (line,) = site.lines()
    assert line.row.case_no == case_no


@pytest.fixture
def asked(site, case_no) -> str:
    """A case whose applicant has ten working days to supplement: to the end of 16 March."""
    site.decide(case_no, "supplement")
    return case_no


def test_an_applicant_is_reminded_a_day_before_the_end_of_a_supplement(site, asked):
    due_at = site.task(asked).due_at

    site.world.clock.move_to(due_at - timedelta(hours=24, minutes=1))
    runtime.send_reminders(site.host)
    assert told(site) == []
    sweep_after(site, 1)

    assert told(site) == ["“补齐材料”即将到期"]
    last = (due_at - timedelta(days=1)).astimezone(site.host.zone)
    assert f"{last.month}月{last.day}日" in site.lines()[0].text["body"][0]


def test_who_has_supplemented_is_not_reminded(site, asked):
    due_at = site.task(asked).due_at
    runtime.complete(site.host, APPLICANT, site.task(asked).id, {"check": {"finding": "好"}})

    site.world.clock.move_to(due_at - timedelta(hours=12))
    runtime.send_reminders(site.host)

    assert told(site) == []


def test_the_hours_are_a_setting_and_none_reminds_nobody(site, case_no):
    site.host.settings = replace(site.host.settings, reminder_hours=0)
    site.decide(case_no, "supplement")

    site.world.clock.move_to(site.task(case_no).due_at)
    runtime.send_reminders(site.host)

    assert told(site) == []


def test_a_suspended_case_reminds_nobody_until_it_goes_on(site, asked):
    due_at = site.task(asked).due_at
    runtime.suspend(site.host, OPERATOR, asked, "核查")
    site.world.clock.move_to(due_at - timedelta(hours=20))
    runtime.send_reminders(site.host)
    assert told(site) == []

    runtime.resume(site.host, OPERATOR, asked, "核查完毕")
    sweep_after(site, 2)

    assert told(site) == ["“补齐材料”即将到期"]


def test_a_reminder_whose_case_was_erased_is_given_up_without_stopping_others(site, asked):
    remind(site, 1)
    site.host.write(lambda conn: site.host.keys.erase(conn, site.instance(asked)))
    site.world.clock.move_to(at("2026-04-20"))

    runtime.send_reminders(site.host)

    assert told(site) == ["明天有预约"]
