"""People and posts are called by their names; an auditor alone reads the codes beside them."""

from dataclasses import replace

import pytest

from onething import identity, runtime
from onething.identity import SYSTEM
from onething.tasks import Filter
from unit.web.conftest import PASSWORD, READER

AT_DESK = "李敏芝 · 综合窗口 · window · 东营区"
CODE = "desk-7(window.reader@370502)"


@pytest.fixture
def case_no(browse, host) -> str:
    """A case whose second task a clerk with post and region has taken."""
    told = {"user": "desk-7", "name": "李敏芝", "password": PASSWORD}
    told |= {"must_change_password": False, "settings": host.settings}
    identity.add_person(host.database, SYSTEM, host.clock(), **told)
    where = {"department_code": "window", "post_name": "reader", "region_code": "370502"}
    identity.give_post(host.database, SYSTEM, host.clock(), user="desk-7", roles=["clerk"], **where)
    case_no = browse("citizen").apply()
    (first,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    runtime.complete(host, SYSTEM, first.id, {"words": "带伞"})
    (found,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    clerk = replace(READER, user="desk-7", name="李敏芝", post="reader", region="370502")
    runtime.claim(host, clerk, found.id)
    return case_no


@pytest.mark.parametrize("page", ["/cases/{}", "/cases/{}/replay"])
def test_history_and_replay_name_who_acted_and_where(browse, case_no, page):
    clerk = browse("desk-7").get(page.format(case_no)).text
    auditor = browse("auditor").get(page.format(case_no)).text

    assert AT_DESK in clerk
    assert AT_DESK in auditor
    assert (CODE in clerk, CODE in auditor) == (False, True)


def test_who_applied_is_called_the_applicant(browse, case_no):
    history = browse("desk-7").get(f"/cases/{case_no}").text.partition('id="history"')[2]

    assert '<div class="small quiet">申请人' in history


def test_the_access_log_says_pages_people_and_posts_in_words(browse, case_no):
    browse("desk-7").get(f"/cases/{case_no}")

    log = browse("auditor").get(f"/audit?case_no={case_no}").text

    for said in ("李敏芝", "综合窗口 · window · 东营区", "办件页", "办理经过", "desk-7"):
        assert said in log


def test_the_access_log_names_the_task_that_was_read(browse, host, case_no):
    (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    browse("desk-7").get(f"/tasks/{task.id}")

    log = browse("auditor").get(f"/audit?case_no={case_no}").text

    assert f"任务 · {task.name}" in log
    assert f"task {task.activity}" in log


def test_posts_are_called_as_the_lanes_whose_tasks_they_do(browse, case_no):
    page = browse("desk-7").get("/account").text

    assert "综合窗口 · window" in page
