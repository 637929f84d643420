"""Supervisors pause, resume and extend clocks on their page, and permit a second notice."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onething import clocks, identity, runtime, tasks
from onething.catalog import Catalog
from onething.identity import SYSTEM, Actor
from onething.now import FakeClock

LICENCES = Path(__file__).parents[1] / "clocks" / "package"
CITIZEN = Actor("citizen", "citizen", frozenset({"applicant"}))
ZONE = ZoneInfo("Asia/Shanghai")
PEOPLE = {
    "head": {"roles": ["supervisor"], "department_code": "civil"},
    "clerk": {"roles": ["clerk"], "department_code": "civil"},
    "desk": {"roles": ["clerk"], "department_code": "window"},
    "desk-head": {"roles": ["supervisor"], "department_code": "window"},
}
PAUSE = {
    "move": "pause",
    "reason": "鉴定",
    "basis": "行政许可法 第四十五条",
    "number": "10",
    "unit": "ND",
}
EXTEND = {
    "move": "extend",
    "reason": "案情复杂",
    "basis": "行政许可法 第四十二条",
    "number": "5",
    "unit": "WD",
}
CONFIRM = {"confirm": "1", "_key": "one"}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 3, 2, 10, tzinfo=ZONE).astimezone(UTC))


@pytest.fixture
def licence(host):
    """The package of licences, with the people who handle and supervise them."""
    runtime.deploy(host, SYSTEM, Catalog([LICENCES]).package("licence"))
    now = host.clock()
    identity.put_department(host.database, SYSTEM, now, code="civil", name="民政局")
    for user, post in PEOPLE.items():
        given = {"password": "Morgenstern-7", "must_change_password": False}
        settings = host.settings
        identity.add_person(
            host.database, SYSTEM, now, user=user, name=user, settings=settings, **given
        )
        identity.give_post(host.database, SYSTEM, now, user=user, **post)


@pytest.fixture
def applied(host, licence) -> str:
    person = {"name": "张三", "division": "370502"}
    return runtime.start_case(host, CITIZEN, "licence", {"person": person}).case_no


@pytest.fixture
def accepted(host, applied) -> str:
    decide(host, applied, "accept")
    return applied


@pytest.fixture
def asked_once(host, applied) -> str:
    decide(host, applied, "supplement")
    decide(host, applied, "provide")
    return applied


def task_of(host, case_no):
    with host.database.read() as conn:
        (task,) = tasks.worklist(conn, tasks.Filter(case_no=case_no, states=tasks.LIVE))
    return task.id


def decide(host, case_no, decision):
    answers = {"next": decision, "check": {"finding": decision}}
    runtime.complete(host, SYSTEM, task_of(host, case_no), answers)


def entries(host, case_no, clock_id="handling.licence"):
    with host.database.read() as conn:
        instance_id = tasks.split_id(task_of(host, case_no))[0]
        found = {one.clock_id: one for one in clocks.of_case(conn, instance_id)}
    return [one.kind for one in found[clock_id].entries]


def page_of(case_no, clock_id="handling.licence"):
    return f"/cases/{case_no}/clocks/{clock_id}"


def test_a_supervisor_finds_the_way_from_the_case(browse, accepted):
    page = browse("head").get(f"/cases/{accepted}")

    assert page_of(accepted) in page.text
    assert browse("head").get(page_of(accepted)).status_code == 200


def test_a_clerk_finds_no_way_and_none_is_there(browse, accepted):
    clerk = browse("clerk")

    assert page_of(accepted) not in clerk.get(f"/cases/{accepted}").text
    assert clerk.get(page_of(accepted)).status_code == 404
    assert clerk.post(page_of(accepted), PAUSE | CONFIRM).status_code == 403


def test_a_move_is_tried_before_it_is_done(browse, host, accepted):
    page = browse("head").post(page_of(accepted), EXTEND)

    assert "2026-03-16 → <strong>2026-03-23</strong>" in page.text
    assert entries(host, accepted) == ["start"]


def test_what_was_tried_is_done_on_confirmation_once(browse, host, accepted):
    head = browse("head")
    tried = head.post(page_of(accepted), PAUSE)
    sent = {name: values[0] for name, values in head.hidden(tried).items()} | {"confirm": "1"}

    head.post(page_of(accepted), sent)
    again = head.post(page_of(accepted), sent)

    assert again.status_code == 302
    assert entries(host, accepted) == ["start", "pause"]


def test_a_paused_clock_is_resumed_and_then_extended(browse, host, accepted):
    head = browse("head")
    head.post(page_of(accepted), PAUSE | {"confirm": "1", "_key": "a"})

    head.post(page_of(accepted), {"move": "resume", "confirm": "1", "_key": "b"})
    head.post(page_of(accepted), EXTEND | {"confirm": "1", "_key": "c"})

    assert entries(host, accepted) == ["start", "pause", "resume", "extension"]
    page = head.get(page_of(accepted)).text
    assert "已经延长过一次" in page
    assert "10 个工作日 + 5 个工作日" in page


def test_the_applicant_reads_the_notice_and_nobody_else_does(browse, host, accepted):
    browse("head").post(page_of(accepted), EXTEND | CONFIRM)

    page = browse("citizen").get(f"/my/cases/{accepted}")

    assert "办理期限延长5个工作日，至2026年4月9日止。" in page.text.partition('id="notices"')[2]
    assert browse("other").get(f"/my/cases/{accepted}").status_code == 404


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"move": "resume"}, "没有暂停"),
        (PAUSE | {"first": "2026-03-03"}, "将来的日期"),
        (PAUSE | {"first": "2026-02-27"}, "不能早于起算日"),
        (PAUSE | {"first": "2026-02-30"}, "日期须真实存在"),
        (PAUSE | {"reason": ""}, "请写明理由"),
        (PAUSE | {"number": ""}, "请写明理由、依据和时长"),
        (EXTEND | {"number": "-1"}, "最长十年"),
        (EXTEND | {"number": "2501"}, "最长十年"),
        (EXTEND | {"unit": "WH"}, "请写明理由"),
        (EXTEND | {"move": "stop"}, "请写明理由"),
    ],
)
def test_what_makes_no_sense_is_refused_in_plain_words(browse, host, accepted, form, told):
    page = browse("head").post(page_of(accepted), form | CONFIRM)

    assert page.status_code in {409, 422}
    assert told in page.text.partition("<main")[2]
    assert entries(host, accepted) == ["start"]


def test_refusals_speak_english(browse, accepted):
    head = browse("head")
    head.post("/display", {"language": "en"})

    page = head.post(page_of(accepted), {"move": "resume"} | CONFIRM)

    assert "The clock is not paused" in page.text


def test_the_clerk_who_asks_twice_is_told_to_turn_to_the_supervisor(browse, host, asked_once):
    desk = browse("desk")
    task = f"/tasks/{task_of(host, asked_once)}"
    desk.get(task)

    page = desk.post(task, {"next": "supplement"})

    assert page.status_code == 409
    assert "再次告知须由本部门主管" in page.text
    assert entries(host, asked_once, "supplement") == ["start", "stop"]


def test_with_the_supervisors_permission_the_clerk_may_ask_again(browse, host, asked_once):
    head = browse("desk-head")
    assert "批准再次告知补正" in head.get(f"/cases/{asked_once}").text
    words = {"reason": "新发现的情形", "basis": "行政许可法 第三十二条", "_key": "one"}
    head.post(f"{page_of(asked_once, 'supplement')}/permit", words)

    task = f"/tasks/{task_of(host, asked_once)}"
    desk = browse("desk")
    desk.get(task)
    desk.post(task, {"next": "supplement"})

    page = head.get(f"/cases/{asked_once}")
    assert page.text.partition('id="clocks"')[2].count("新发现的情形") == 2
    assert "新发现的情形" in page.text
    assert entries(host, asked_once, "supplement#2") == ["start"]
