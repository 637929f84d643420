"""A department's register lists its own items, masked, bounded and logged."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from onething import history, identity, runtime
from onething.errors import InvalidInput, NotAllowed
from onething.identity import SYSTEM, Actor
from onething.tasks import Filter
from unit.web.conftest import MONDAY, PASSWORD
from unit.web.printed import pages_of, text_of

READER = Actor("reader", "reader", frozenset({"clerk"}), department="window")
DAY = "first=2026-11-23&last=2026-11-23"


def claimed(host, case_no) -> str:
    """Let the applicant add to the case and the clerk take it up; return the clerk's task."""
    (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    runtime.complete(host, SYSTEM, task.id, {"words": "带伞"})
    (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    runtime.claim(host, READER, task.id)
    return task.id


@pytest.fixture
def case_no(browse):
    return browse("citizen").apply()


@pytest.fixture
def police(host, browse):
    """A clerk of another department."""
    identity.put_department(host.database, SYSTEM, MONDAY, code="police", name="派出所")
    identity.add_person(
        host.database,
        SYSTEM,
        MONDAY,
        user="officer",
        name="officer",
        password=PASSWORD,
        must_change_password=False,
        settings=host.settings,
    )
    post = {"roles": ["clerk"], "department_code": "police"}
    identity.give_post(host.database, SYSTEM, MONDAY, user="officer", **post)
    return browse("officer")


def test_the_register_has_one_masked_line_an_item(browse, case_no):
    page = browse("reader").get(f"/registers?kind=received&{DAY}")

    assert page.status_code == 200
    assert case_no in page.text
    assert "陈**" in page.text
    assert "陈志远" not in page.text
    assert "/registers.pdf?kind=received" in page.text


def test_a_register_is_printed_with_department_time_and_seal(browse, case_no):
    text = text_of(browse("reader").get(f"/registers.pdf?kind=received&{DAY}"))

    assert "收件登记簿" in text
    assert "综合窗口" in text
    assert "2026年11月23日" in text
    assert case_no in text
    assert "业务专用章" in text
    assert "第1页" in text


def test_a_register_is_a_workbook_too(browse, case_no):
    data = browse("reader").get(f"/registers.xlsx?kind=received&{DAY}").data

    rows = list(load_workbook(BytesIO(data)).active.values)
    assert rows[0][1] == "办件编号"
    assert rows[1][1] == case_no
    assert len(rows) == 2


def test_what_is_not_decided_stands_in_no_register_of_decisions(browse, case_no):
    page = browse("reader").get(f"/registers?kind=decided&{DAY}")

    assert case_no not in page.text
    assert "这段时间没有记录" in page.text


def test_a_register_narrows_to_a_time_and_an_item(browse, case_no):
    reader = browse("reader")

    assert case_no in reader.get(f"/registers?kind=received&of=outing/reading&{DAY}").text
    for narrowed in ("of=outing/other&" + DAY, "of=other&" + DAY, "last=2026-11-22"):
        assert case_no not in reader.get(f"/registers?kind=received&{narrowed}").text


def test_another_departments_items_are_in_no_register_of_ones_own(police, case_no):
    assert case_no not in police.get(f"/registers?kind=received&{DAY}").text
    assert case_no not in text_of(police.get(f"/registers.pdf?kind=received&{DAY}"))


@pytest.mark.parametrize("user", ["citizen", "village", "auditor"])
def test_a_register_is_for_those_who_work_in_a_department(browse, user):
    browser = browse(user)

    for path in ("/registers", "/registers.pdf", "/registers.xlsx"):
        assert browser.get(path).status_code == 403


def test_a_clerk_of_another_region_reads_nothing_of_this_one(host, case_no):
    far = Actor("far", "far", frozenset({"clerk"}), department="window", region="370503")
    near = Actor("near", "near", frozenset({"clerk"}), department="window", region="370502")
    day = host.today

    assert runtime.view_register(host, far, "received", day, day).lines == []
    assert len(runtime.view_register(host, near, "received", day, day).lines) == 1


def test_reading_a_register_is_logged(browse, host, case_no):
    browse("reader").get(f"/registers.xlsx?kind=received&{DAY}")

    host.access_log.flush()
    with host.database.read() as conn:
        found = [one for _n, one in history.readings(conn) if one.page == "register"]
    assert found[0].actor == "reader"
    assert found[0].purpose == "received 2026-11-23 2026-11-23 * *"


def test_a_register_says_when_there_is_more(browse, host):
    citizen = browse("citizen")
    citizen.apply()
    citizen.apply(**{"sender.idNo": "370502198504129810"})

    register = runtime.view_register(host, READER, "received", host.today, host.today, limit=1)

    assert register.is_cut
    assert len(register.lines) == 1


def test_a_time_that_ends_before_it_begins_is_refused_in_words(browse, host):
    page = browse("reader").get("/registers?first=2026-11-23&last=2026-11-22")

    assert page.status_code == 422
    assert "结束日期在开始日期之前" in page.text
    with pytest.raises(InvalidInput):
        runtime.view_register(host, READER, "decided", host.today, host.today.replace(day=1))
    with pytest.raises(NotAllowed):
        runtime.view_register(host, SYSTEM, "decided", host.today, host.today)


def test_a_case_sheet_shows_what_the_page_shows_and_who_did_what(browse, host, case_no):
    reader = browse("reader")
    claimed(host, case_no)

    assert f"/cases/{case_no}/sheet.pdf" in reader.get(f"/cases/{case_no}").text
    text = "".join(pages_of(reader.get(f"/cases/{case_no}/sheet.pdf")))

    assert "办件单" in text
    assert "看申请" in text
    assert "reader" in text
    assert "37050219680412991X" not in text


def test_a_line_names_who_worked_on_it_where_it_was_done(browse, host, case_no):
    runtime.complete(host, READER, claimed(host, case_no), {})

    (line,) = runtime.view_register(host, READER, "received", host.today, host.today).lines

    assert line.worker == "reader"
    assert line.item.case_no == case_no


def test_a_case_sheet_is_printed_by_nobody_who_may_not_see_the_case(browse, police, case_no):
    assert police.get(f"/cases/{case_no}/sheet.pdf").status_code == 404
    assert browse("citizen").get(f"/cases/{case_no}/sheet.pdf").status_code == 403


def test_the_access_log_calls_the_register_that_was_read_by_its_name(browse):
    browse("reader").get(f"/registers?kind=decided&{DAY}")

    log = browse("auditor").get("/audit").text

    assert "办结登记簿 2026-11-23 2026-11-23</div>" in log
