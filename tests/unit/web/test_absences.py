"""The calendar of absences, and what clerks see of them in queue and task."""

import pytest

from onething import runtime
from onething.identity import SYSTEM
from unit.web.conftest import holder

DAYS = {"first_on": "2026-11-23", "last_on": "2026-11-25", "kind": "leave"}


def enter(browser, **more):
    return browser.post("/absences/new", DAYS | more, follow_redirects=True)


def test_a_clerk_enters_changes_and_ends_the_own_days(browse, held_task):
    reader = browse("reader")

    page = enter(reader, user="reader", substitute="second", note="<i>请联系二号</i>")
    assert "已登记" in page.text
    assert "2026-11-23 → 2026-11-25" in page.text
    assert "<i>" not in page.text
    changed = reader.post(
        "/absences/1", DAYS | {"last_on": "2026-11-30", "substitute": ""}, follow_redirects=True
    )
    assert "还没有代办人" in changed.text
    assert "2026-11-23 → 2026-11-30" in changed.text
    ended = reader.post("/absences/1/end", follow_redirects=True)
    assert "这个月还没有登记不在岗" in ended.text


def test_colleagues_see_the_days_but_neither_kind_nor_note(browse, held_task):
    enter(browse("reader"), user="reader", substitute="second", note="请联系二号")

    page = browse("third").get("/absences")
    assert "2026-11-25" in page.text
    assert "请联系二号" not in page.text
    assert "请假休假" not in page.text
    assert browse("third").get("/absences/1").status_code == 404
    assert "请联系二号" in browse("head").get("/absences").text


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"first_on": "2026-11-20"}, "已经过去"),
        ({"first_on": "2026-02-31"}, "请填写第一日"),
        ({"last_on": "2026-11-22"}, "不能早于第一日"),
        ({"substitute": "reader"}, "不能是本人"),
        ({"substitute": "citizen"}, "同岗位的同事"),
        ({"kind": "flu"}, "请选择类别"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(browse, held_task, more, text):
    reader = browse("reader")
    reader.get("/absences/new")

    page = reader.post("/absences/new", DAYS | {"user": "reader"} | more)

    assert page.status_code in (409, 422)
    assert text in page.text


def test_nobody_enters_a_colleagues_days(browse, held_task):
    assert browse("second").post("/absences/new", DAYS | {"user": "reader"}).status_code == 403
    assert browse("citizen").get("/absences").status_code == 403


def test_a_substitute_sees_the_task_marked_and_does_it(browse, host, held_task):
    enter(browse("head"), user="reader", substitute="second")
    second = browse("second")

    queue = second.get("/tasks")
    assert "代 reader" in queue.text
    form = second.get(f"/tasks/{held_task}")
    assert "提交办理结果" in form.text
    assert "提交办理结果" not in browse("third").get(f"/tasks/{held_task}").text
    second.post(f"/tasks/{held_task}/claim")
    assert holder(host) == "second"
    case_no = runtime.view_task(host, SYSTEM, held_task).case.case_no
    history = second.get(f"/cases/{case_no}").text
    assert "second 代 reader 办理" in history


@pytest.mark.parametrize("where", ["task", "queue", "workload"])
def test_what_was_taken_over_is_given_back_by_one_press_when_the_absence_ends(
    browse, host, held_task, where
):
    enter(browse("head"), user="reader", substitute="second")
    second = browse("second")
    second.post(f"/tasks/{held_task}/claim")
    early = second.post("/tasks/hand-back", {"absent": "reader"}, follow_redirects=True)
    browse("head").post("/absences/1/end")

    assert "不在岗" in early.text
    assert holder(host) == "second"
    assert "已回岗，您代领的 1 件仍在您名下" in second.get("/tasks").text
    assert f"/tasks/{held_task}/hand-back" in second.get(f"/tasks/{held_task}").text
    if where == "task":
        second.post(f"/tasks/{held_task}/hand-back")
    elif where == "queue":
        second.post("/tasks/hand-back", {"absent": "reader"})
    else:
        browse("head").post("/supervision/workload/second/hand-back", {"absent": "reader"})
    assert holder(host) == "reader"
    assert "已回岗" not in second.get("/tasks").text


def test_who_is_away_gets_no_next_task_and_reads_why(browse, held_task):
    reader = browse("reader")
    enter(reader, user="reader", substitute="second")

    assert "不再派给您新任务" in reader.get("/tasks").text
    assert "请先提前结束" in reader.post("/tasks/next", follow_redirects=True).text


def test_delegating_to_who_is_away_warns_and_offers_the_substitute(browse, host, held_task):
    enter(browse("head"), user="third", substitute="second")
    reader = browse("reader")

    page = reader.post(f"/tasks/{held_task}/delegate", {"to": "third"}, follow_redirects=True)
    assert "不在岗（至 11-25），由 &lt;b&gt;second 代办" in page.text
    assert "转交给代办人 &lt;b&gt;second" in page.text
    assert holder(host) == "reader"
    reader.post(f"/tasks/{held_task}/delegate", {"to": "third", "even_if_absent": "1"})
    assert holder(host) == "third"


def test_the_workload_names_who_is_away_and_hands_on_what_nobody_covers(browse, host, held_task):
    head = browse("head")
    enter(head, user="reader")

    page = head.get("/supervision/workload")
    assert "无人代办的任务：1 件" in page.text
    sent = {"to": "second", "reason": "休假"}
    assert "已移交 1 件" in head.post("/supervision/workload", sent, follow_redirects=True).text
    assert holder(host) == "second"


def test_handing_on_to_who_is_away_warns_first(browse, host, held_task):
    head = browse("head")
    enter(head, user="third", substitute="second")
    head.get("/supervision/workload")

    page = head.post("/supervision/workload/reader", {"to": "third", "reason": "调离"})
    assert page.status_code == 409
    assert "已改选代办人" in page.text
    sent = {"to": "third", "reason": "调离", "even_if_absent": "1"}
    head.post("/supervision/workload/reader", sent)
    assert holder(host) == "third"


def test_months_far_away_or_no_months_show_this_one(browse, held_task):
    reader = browse("reader")
    for month in ("0001-01", "9999-12", "<script>", "2026-13"):
        assert "2026-11" in reader.get("/absences", query_string={"month": month}).text
    assert "2026-12" in reader.get("/absences?month=2026-12").text
