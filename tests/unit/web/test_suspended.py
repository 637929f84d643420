"""What people read and can do while an operator has suspended their case."""

import pytest

from onething import runtime
from onething.identity import SYSTEM
from onething.tasks import Filter


@pytest.fixture
def suspended(browse, host) -> str:
    """A case that waits at the window, and that the operators hold."""
    case_no = browse("citizen").apply()
    (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    runtime.complete(host, SYSTEM, task.id, {"words": "带伞"})
    runtime.suspend(host, SYSTEM, case_no, "部门系统割接")
    return case_no


def _task(page) -> str:
    return page.text.partition('<a href="/tasks/')[2].partition('"')[0]


def test_a_clerk_sees_it_in_the_queue_and_cannot_send_the_form(browse, suspended):
    clerk = browse("reader")
    queue = clerk.get("/tasks")
    form = clerk.get(f"/tasks/{_task(queue)}")

    assert "运维暂停" in queue.text
    assert "部门系统割接" in form.text
    assert "法定时限照常计算" in form.text
    assert "提交办理结果</button>" not in form.text


def test_what_a_clerk_sends_all_the_same_is_refused_and_said(browse, suspended, host):
    clerk = browse("reader")
    task_id = _task(clerk.get("/tasks"))

    answer = clerk.post(f"/tasks/{task_id}", {})

    assert answer.status_code == 409
    assert "本件已由运维暂停办理" in answer.text
    assert len(runtime.view_history(host, SYSTEM, suspended)) == 3


def test_an_applicant_is_told_without_the_reason(browse, suspended):
    page = browse("citizen").get(f"/my/cases/{suspended}")

    assert "本件暂停办理" in page.text
    assert "部门系统割接" not in page.text


def test_everything_is_as_before_once_it_is_resumed(browse, suspended, host):
    runtime.resume(host, SYSTEM, suspended, "割接完成")

    page = browse("citizen").get(f"/my/cases/{suspended}")

    assert "本件已由运维暂停办理" not in page.text
