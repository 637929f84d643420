"""The pages of holds: a supervisor puts one there and lifts it, others read little."""

import pytest

from onething import identity, runtime
from onething.identity import SYSTEM
from onething.tasks import Filter
from unit.web.conftest import PASSWORD

HOLD = {
    "kind": "review",
    "document": "东政复字〔2026〕12号",
    "dated_on": "2026-11-20",
    "basis": "行政复议法 <b>第四十二条</b>",
}
LIFT = {"kind": "annulled", "document": "东政复决字〔2026〕9号", "dated_on": "2026-11-23"}


@pytest.fixture
def case_no(browse, host) -> str:
    """A case at the desk of the window, which has a supervisor."""
    told = {"user": "head", "name": "head", "password": PASSWORD}
    told |= {"must_change_password": False, "settings": host.settings}
    identity.add_person(host.database, SYSTEM, host.clock(), **told)
    where = {"department_code": "window", "roles": ["supervisor"]}
    identity.give_post(host.database, SYSTEM, host.clock(), user="head", **where)
    case_no = browse("citizen").apply()
    (first,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    runtime.complete(host, SYSTEM, first.id, {"words": "带伞"})
    return case_no


@pytest.fixture
def held(browse, case_no) -> str:
    head = browse("head")
    head.get(f"/cases/{case_no}/hold")
    head.post(f"/cases/{case_no}/hold", HOLD)
    return case_no


def test_a_supervisor_puts_a_case_on_hold_and_lifts_it_with_the_outcome(browse, case_no):
    head = browse("head")
    form = head.get(f"/cases/{case_no}/hold")
    assert "法定和承诺时限照常计算" in form.text

    page = head.post(f"/cases/{case_no}/hold", HOLD, follow_redirects=True)
    assert "本件依法暂停办理" in page.text
    assert "行政复议法 &lt;b&gt;" in page.text
    assert case_no in head.get("/supervision/holds").text
    head.get(f"/cases/{case_no}/hold")
    page = head.post(f"/cases/{case_no}/hold/lift", LIFT, follow_redirects=True)
    assert "撤销原决定" in page.text
    assert "本件依法暂停办理</strong>" not in page.text
    assert "没有因复议、诉讼暂停的办件" in head.get("/supervision/holds").text
    assert case_no in head.get("/supervision/holds?state=all").text


def test_what_is_missing_is_told_and_what_was_entered_stays(browse, case_no):
    head = browse("head")
    head.get(f"/cases/{case_no}/hold")

    page = head.post(f"/cases/{case_no}/hold", HOLD | {"dated_on": "2026-11-31", "basis": ""})

    assert page.status_code == 422
    assert "真实存在" in page.text
    assert "请填写法律依据" in page.text
    assert "东政复字" in page.text


def test_clerks_see_the_task_but_submit_nothing(browse, host, held):
    reader = browse("reader")
    (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=held))

    assert "依法暂停" in reader.get("/tasks").text
    page = reader.get(f"/tasks/{task.id}")
    assert "本件依法暂停办理" in page.text
    form = page.text.partition('<form id="task-form"')[2].partition("</form>")[0]
    assert "提交办理结果" not in form
    assert form.count("readonly") == form.count('<input type="text"') > 0
    sent = reader.post(f"/tasks/{task.id}", {})
    assert sent.status_code == 409
    assert "本件依法暂停办理，您填写的内容没有提交" in sent.text


def test_the_applicant_reads_that_it_rests_and_nothing_of_the_papers(browse, held):
    page = browse("citizen").get(f"/my/cases/{held}").text

    assert "本件依法暂停办理" in page
    assert "复字" not in page
    assert "第四十二条" not in page


def test_clerks_and_applicants_neither_hold_nor_list(browse, held):
    for user in ("reader", "citizen", "other"):
        someone = browse(user)
        assert someone.get(f"/cases/{held}/hold").status_code == 403
        assert someone.get("/supervision/holds").status_code == 403
        assert someone.post(f"/cases/{held}/hold/lift", LIFT).status_code in (302, 403)
    assert "正在暂停" in browse("head").get("/supervision/holds").text


def test_odd_places_in_the_list_are_not_found_and_break_nothing(browse, held):
    head = browse("head")

    assert head.get("/supervision/holds?after=x-1").status_code == 404
    assert head.get("/supervision/holds?after=x").status_code == 200
