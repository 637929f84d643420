"""The page on how the site runs."""

from datetime import timedelta

import pytest

from onething import runtime
from onething.identity import SYSTEM


def test_an_auditor_sees_queues_and_running_cases(browse):
    browse("citizen").apply()

    page = browse("auditor").get("/operations")

    assert page.status_code == 200
    assert "正在办理的办件" in page.text
    assert "<span>1</span></div></td></tr>" in page.text.partition("正在办理的办件")[2]


def test_without_cases_it_says_so(browse):
    assert "没有正在办理的办件" in browse("auditor").get("/operations").text


@pytest.mark.parametrize("user", ["citizen", "reader"])
def test_others_have_no_such_page(browse, user):
    answer = browse(user).get("/operations")

    assert answer.status_code == 403
    assert 'href="/operations"' not in answer.text


def test_what_runs_and_what_waits_is_counted(browse, host):
    browse("citizen").apply()
    health, (running,) = runtime.view_operations(host, SYSTEM)

    assert (health.incidents, running.service, running.count) == (0, "outing", 1)
    assert health.backlog.timers_lag == timedelta(0)
