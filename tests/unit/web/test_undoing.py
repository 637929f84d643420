"""Undo at the desk: a completion, a claim, a return and a hand-over, for ten seconds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from onething import identity, runtime
from onething.errors import NotFound
from onething.identity import SYSTEM, Actor
from onething.tasks import Filter
from unit.web.conftest import MONDAY, PASSWORD

READER = Actor("reader", "reader", frozenset({"clerk"}), "window")
OPERATOR = Actor("op", "运维", frozenset({"operator"}))


@pytest.fixture
def host(host):
    host.settings = replace(host.settings, undo_seconds=10)
    return host


@pytest.fixture
def task(browse, host):
    """Let a case wait at the window; return its task."""
    case_no = browse("citizen").apply()
    (own,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    runtime.complete(host, SYSTEM, own.id, {"words": "带伞"})
    (found,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    return found


@pytest.fixture
def clerk(browse, task):
    browser = browse("reader")
    browser.get(f"/tasks/{task.id}")
    return browser


@pytest.fixture
def colleague(host):
    """Let somebody else work at the window, too."""
    identity.add_person(
        host.database,
        SYSTEM,
        MONDAY,
        user="rival",
        name="对手",
        password=PASSWORD,
        must_change_password=False,
        settings=host.settings,
    )
    post = {"roles": ["clerk"], "department_code": "window"}
    identity.give_post(host.database, SYSTEM, MONDAY, user="rival", **post)


def send(browser, task, **answers):
    page = browser.get(f"/tasks/{task.id}")
    key = browser.hidden(page)["_key"][0]
    return browser.post(f"/tasks/{task.id}", {"words": "好", "_key": key, **answers})


def live(host, task):
    return runtime.list_tasks(host, SYSTEM, Filter(case_no=task.case_no))


def test_after_completing_a_button_undoes_it(clerk, task, host):
    answer = send(clerk, task)

    queue = clerk.get(answer.location).text

    assert "“看申请”已办结" in queue
    assert "10 秒内可以撤销" in queue
    assert f'action="/tasks/{task.id}/undo"' in queue
    assert "正在办结" in queue
    assert "undo.js" in queue
    assert live(host, task)[0].assignee == "reader"


def test_undone_the_form_shows_what_was_typed(clerk, task, host, clock):
    clerk.get(send(clerk, task, words="只写了一半").location)

    page = clerk.post(f"/tasks/{task.id}/undo")

    assert "任务没有办结" in page.text
    assert "只写了一半" in page.text
    assert "提交办理结果" in page.text
    clock.advance(timedelta(minutes=1))
    assert "只写了一半" in clerk.get(f"/tasks/{task.id}").text
    assert live(host, task)[0].id == task.id


def test_the_undone_form_is_sent_again_and_done(clerk, task, host, clock):
    clerk.get(send(clerk, task).location)
    form = clerk.post(f"/tasks/{task.id}/undo")
    fields = {name: values[0] for name, values in clerk.hidden(form).items()}

    clerk.post(f"/tasks/{task.id}", {**fields, "words": "好了"})
    clock.advance(timedelta(seconds=10))
    queue = clerk.get("/tasks").text

    assert live(host, task) == []
    assert "撤销" not in queue.partition("<main")[2].partition("<h1")[0]


def test_its_clerks_next_page_lets_it_take_effect(clerk, task, host, clock):
    clerk.get(send(clerk, task).location)
    clock.advance(timedelta(seconds=10))

    assert live(host, task) != []
    clerk.get("/tasks")

    assert live(host, task) == []


def test_too_late_it_says_so(clerk, task, host, clock):
    clerk.get(send(clerk, task).location)
    clock.advance(timedelta(seconds=10))
    runtime.settle_due(host)

    answer = clerk.post(f"/tasks/{task.id}/undo", follow_redirects=True)

    assert "已经生效，不能再撤销" in answer.text


def test_the_session_may_end_meanwhile(clerk, task, host, clock):
    send(clerk, task)
    clerk.client.delete_cookie("onething")
    clock.advance(timedelta(seconds=10))

    runtime.settle_due(host)

    assert live(host, task) == []


def test_after_signing_in_again_it_can_still_be_undone(clerk, task, browse, host):
    send(clerk, task)

    page = browse("reader").get("/tasks")

    assert f'action="/tasks/{task.id}/undo"' in page.text


def test_pressed_twice_it_is_done_once(clerk, task, host, clock):
    page = clerk.get(f"/tasks/{task.id}")
    sent = {"words": "好", "_key": clerk.hidden(page)["_key"][0]}

    first, second = (clerk.post(f"/tasks/{task.id}", sent) for _ in range(2))
    clock.advance(timedelta(seconds=10))
    third = clerk.post(f"/tasks/{task.id}", sent)

    assert first.location == second.location == third.location == "/tasks"
    assert live(host, task) == []


def test_another_tab_is_told_and_shows_the_task_read_only(clerk, task):
    send(clerk, task)

    answer = clerk.post(f"/tasks/{task.id}", {"words": "另一页"}, follow_redirects=True)

    assert "正在办结，撤销后才能修改" in answer.text
    assert "提交办理结果" not in answer.text
    refused = clerk.post(f"/tasks/{task.id}/return", follow_redirects=True)
    assert "没有改动" in refused.text


def test_a_task_that_is_over_shows_when_and_no_form(clerk, task):
    send(clerk, task)
    clerk.post(f"/tasks/{task.id}/now")

    page = clerk.get(f"/tasks/{task.id}").text

    assert "任务已于" in page
    assert 'id="task-form"' not in page


def test_by_wish_it_takes_effect_at_once(clerk, task, host):
    clerk.get(send(clerk, task).location)

    answer = clerk.post(f"/tasks/{task.id}/now", follow_redirects=True)

    assert "“看申请”已办结" in answer.text
    assert live(host, task) == []


def test_a_case_that_ends_meanwhile_is_told_until_it_was_read(clerk, task, host):
    clerk.get(send(clerk, task).location)
    runtime.cancel(host, OPERATOR, task.case_no, "错")

    told = clerk.get("/tasks").text
    clerk.post(f"/tasks/{task.id}/undo/read")

    assert "“看申请”没有办结：任务在生效前已随流程结束" in told
    assert "没有办结" not in clerk.get("/tasks").text


def test_nobody_else_undoes_a_completion(clerk, task, browse, colleague, host):
    send(clerk, task)
    rival, citizen = browse("rival"), browse("citizen")
    rival.get("/tasks")

    answer = rival.post(f"/tasks/{task.id}/undo", follow_redirects=True)

    assert "已经生效，不能再撤销" in answer.text
    assert citizen.post(f"/tasks/{task.id}/undo").status_code == 404
    assert citizen.post("/tasks/undo").status_code == 403
    assert runtime.undo_completion(host, READER, task.id).answers == {"words": ["好"]}


def test_a_claim_is_undone_by_returning(clerk, task, host):
    opened = clerk.get(clerk.post(f"/tasks/{task.id}/claim").location)

    answer = clerk.post("/tasks/undo", follow_redirects=True)

    assert "已领取 1 件任务" in opened.text
    assert "已撤销" in answer.text
    assert live(host, task)[0].assignee is None
    assert "不能再撤销" in clerk.post("/tasks/undo", follow_redirects=True).text


def test_a_return_is_undone_by_claiming(clerk, task, host):
    clerk.post(f"/tasks/{task.id}/claim")
    queue = clerk.get(clerk.post(f"/tasks/{task.id}/return").location)

    clerk.post("/tasks/undo")

    assert "已退回 1 件任务" in queue.text
    assert live(host, task)[0].assignee == "reader"


def test_a_hand_over_is_undone_by_taking_back(clerk, task, host, colleague):
    clerk.post(f"/tasks/{task.id}/claim")
    queue = clerk.get(clerk.post(f"/tasks/{task.id}/delegate", {"to": "rival"}).location)
    assert live(host, task)[0].assignee == "rival"

    clerk.post("/tasks/undo")

    assert "已转交 1 件任务" in queue.text
    assert live(host, task)[0].assignee == "reader"


def test_what_was_done_last_stands_first(clerk, task, host, browse, clock):
    case_no = browse("citizen").apply(**{"sender.idNo": "370502198504129810"})
    (own,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    runtime.complete(host, SYSTEM, own.id, {"words": "带伞"})
    (other,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    send(clerk, task)
    clock.advance(timedelta(seconds=1))

    page = clerk.post(f"/tasks/{other.id}/claim", follow_redirects=True).text

    assert page.index('action="/tasks/undo"') < page.index(f'action="/tasks/{task.id}/undo"')


def test_what_a_colleague_has_returned_is_not_taken_back(clerk, task, host, colleague):
    clerk.post(f"/tasks/{task.id}/claim")
    clerk.get(clerk.post(f"/tasks/{task.id}/delegate", {"to": "rival"}).location)
    rival = Actor("rival", "对手", frozenset({"clerk"}), "window")
    runtime.return_task(host, rival, task.id)

    answer = clerk.post("/tasks/undo", follow_redirects=True)

    assert "没有撤销" in answer.text
    assert live(host, task)[0].assignee is None


def test_a_change_of_hands_is_not_undone_after_ten_seconds(clerk, task, host, clock):
    clerk.get(clerk.post(f"/tasks/{task.id}/claim").location)
    clock.advance(timedelta(seconds=10))

    page = clerk.get("/tasks").text
    answer = clerk.post("/tasks/undo", follow_redirects=True)

    assert 'action="/tasks/undo"' not in page
    assert "不能再撤销" in answer.text
    assert live(host, task)[0].assignee == "reader"


def test_an_undoing_of_a_task_that_is_not_there_is_not_found(clerk, host):
    with pytest.raises(NotFound):
        runtime.undo_completion(host, READER, "a-1")
    assert clerk.post("/tasks/a-1/undo").status_code == 404
    assert clerk.post("/tasks/a-1/now").status_code == 404
