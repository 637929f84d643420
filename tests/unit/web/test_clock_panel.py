"""People see every day of their clocks: counted, not counted, paused and due."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onething import runtime, tasks
from onething.catalog import Catalog
from onething.identity import SYSTEM, Actor
from onething.now import FakeClock

LICENCES = Path(__file__).parents[1] / "clocks" / "package"
CITIZEN = Actor("citizen", "citizen", frozenset({"applicant"}))
ZONE = ZoneInfo("Asia/Shanghai")
APPRAISAL = runtime.Pause("handling.licence", "鉴定", "行政许可法 第四十五条", needs="ND(10)")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 2, 9, 10, tzinfo=ZONE).astimezone(UTC))


@pytest.fixture
def case_no(host) -> str:
    """A licence that was applied for and accepted before the Spring Festival."""
    runtime.deploy(host, SYSTEM, Catalog([LICENCES]).package("licence"))
    person = {"name": "张三", "division": "370502"}
    case_no = runtime.start_case(host, CITIZEN, "licence", {"person": person}).case_no
    with host.database.read() as conn:
        (task,) = tasks.worklist(conn, tasks.Filter(case_no=case_no, states=tasks.LIVE))
    runtime.complete(host, SYSTEM, task.id, {"next": "accept", "check": {"finding": ""}})
    return case_no


def days(page) -> dict[str, str]:
    """Return the words of the days of the licence's promise, by their date."""
    panel = page.text.partition("许可 · ")[2] or page.text.partition("Licence · ")[2]
    strip = panel.partition("</table>")[0]
    return dict(re.findall(r'class="on">(\d\d-\d\d)</span>.*?class="hide">([^<]*)<', strip))


def test_weekends_holidays_and_worked_days_say_what_they_are(browse, case_no):
    told = days(browse("citizen").get(f"/my/cases/{case_no}"))

    assert told["02-09"] == "起算日，当日不计"
    assert told["02-10"] == "计为第 1 日"
    assert told["02-14"] == "调休上班日（春节），计为第 5 日"
    assert told["02-16"] == "春节，不计"
    assert told["02-24"] == "计为第 6 日"


def test_a_paused_day_says_why(browse, host, clock, case_no):
    runtime.move_clock(host, SYSTEM, case_no, APPRAISAL)
    clock.advance(timedelta(days=1))

    page = browse("citizen").get(f"/my/cases/{case_no}")

    assert days(page)["02-10"] == "暂停，不计：鉴定"
    assert "行政许可法 第四十五条" in page.text
    assert "暂停结束后继续计时，到期日顺延" in page.text


def test_a_paused_day_says_why_in_english_where_the_service_has_the_words(
    browse, host, clock, case_no
):
    article = replace(APPRAISAL, reason="行政许可法 第四十五条")
    runtime.move_clock(host, SYSTEM, case_no, article)
    clock.advance(timedelta(days=1))
    browser = browse("citizen")
    browser.post("/display", {"language": "en"})

    page = browser.get(f"/my/cases/{case_no}")

    assert days(page)["02-10"] == "paused, not counted: Administrative Licensing Law, art. 45"


def test_the_applicant_is_not_told_which_account_paused(browse, host, case_no):
    runtime.move_clock(host, SYSTEM, case_no, APPRAISAL)

    public = browse("citizen").get(f"/my/cases/{case_no}")
    internal = browse("auditor").get(f"/cases/{case_no}")

    assert "经办：" not in public.text.partition('id="clocks"')[2]
    assert "经办：系统自动" in internal.text


def test_the_strip_speaks_english(browse, case_no):
    browser = browse("citizen")
    browser.post("/display", {"language": "en"})

    page = browser.get(f"/my/cases/{case_no}")

    assert "make-up working day (Spring Festival), counted as day 5" in page.text
