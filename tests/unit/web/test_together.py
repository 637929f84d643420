"""Several simple tasks of one kind: one form, one confirmation, an outcome for each case."""

import pytest

from onething import runtime
from onething.identity import SYSTEM, Actor
from onething.tasks import Filter
from unit.runtime.node import id_no

RIVAL = Actor("rival", "对手", frozenset({"clerk"}), "window")
OPERATOR = Actor("op", "运维", frozenset({"operator"}))


@pytest.fixture
def waiting(browse, host) -> list:
    """Let three cases wait at the window."""
    citizen, found = browse("citizen"), []
    for at in range(3):
        case_no = citizen.apply(**{"sender.idNo": id_no(at)})
        (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
        runtime.complete(host, SYSTEM, task.id, {"words": "带伞"})
        found += runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    return found


@pytest.fixture
def clerk(browse):
    browser = browse("reader")
    browser.get("/tasks")
    return browser


def ids(tasks) -> list[str]:
    return [one.id for one in tasks]


def open_form(clerk, tasks):
    page = clerk.post("/tasks/together", {"task": ids(tasks)})
    return page, clerk.hidden(page)


def send(clerk, carried, **answers):
    sent = {**carried, "words": "好", "_sure": "1", **answers}
    return clerk.post(
        "/tasks/together/send", {key: one for key, one in sent.items() if one or key != "_sure"}
    )


def live(host, tasks) -> list[str]:
    found = (runtime.list_tasks(host, SYSTEM, Filter(case_no=one.case_no)) for one in tasks)
    return [task.id for rows in found for task in rows]


def test_the_queue_offers_it_and_a_page_shows_the_cases_and_one_form(clerk, waiting):
    queue = clerk.get("/tasks").text
    page, carried = open_form(clerk, waiting)

    assert "批量办理勾选的任务" in queue
    assert carried["_task"] == ids(waiting)
    assert all(one.case_no in page.text for one in waiting)
    assert page.text.count('name="words"') == 1
    assert "办结 3 件任务" in page.text


def test_each_task_is_completed_by_a_command_of_its_own(clerk, waiting, host):
    _page, carried = open_form(clerk, waiting)

    answer = send(clerk, carried)
    told = clerk.get(answer.location)

    assert answer.location == "/tasks/together/done"
    assert "办结 3 件，没有办结 0 件" in told.text
    assert live(host, waiting) == []


def test_sent_again_it_changes_nothing_and_tells_the_same(clerk, waiting, host):
    _page, carried = open_form(clerk, waiting)
    first = clerk.get(send(clerk, carried).location).text

    second = clerk.get(send(clerk, carried).location).text

    assert "办结 3 件，没有办结 0 件" in second
    assert first.partition("<main")[2] == second.partition("<main")[2]


def test_sent_again_in_another_session_it_is_done_once(clerk, waiting, browse, host):
    _page, carried = open_form(clerk, waiting)
    send(clerk, carried)
    other = browse("reader")
    other.get("/tasks")

    told = other.get(send(other, carried).location)

    assert "办结 3 件，没有办结 0 件" in told.text


def test_what_cannot_be_done_is_told_and_hinders_no_other(clerk, waiting, host):
    _page, carried = open_form(clerk, waiting)
    runtime.claim(host, RIVAL, waiting[0].id)
    runtime.suspend(host, OPERATOR, waiting[1].case_no, "查")

    told = clerk.get(send(clerk, carried).location).text

    assert "办结 1 件，没有办结 2 件" in told
    assert "任务已由他人领取" in told
    assert "本件已由运维暂停办理" in told
    assert live(host, waiting) == ids(waiting[:2])


def test_without_the_confirmation_or_with_a_mistake_nothing_is_done(clerk, waiting, host):
    _page, carried = open_form(clerk, waiting)

    unsure = send(clerk, carried, _sure="")
    wrong = send(clerk, carried, words="")

    assert unsure.status_code == wrong.status_code == 422
    assert "请先确认已逐件核对" in unsure.text
    assert "error-summary" in wrong.text
    assert live(host, waiting) == ids(waiting)


def test_tasks_of_others_are_left_out_and_told(clerk, waiting, host):
    runtime.claim(host, RIVAL, waiting[0].id)

    page, carried = open_form(clerk, waiting)

    assert carried["_task"] == ids(waiting[1:])
    assert "不能一起办理" in page.text


def test_nothing_ticked_or_nothing_fit_leads_back(clerk, waiting, host):
    runtime.claim(host, RIVAL, waiting[0].id)

    for ticked in ([], ids(waiting[:1]), ["a-1"]):
        page = clerk.post("/tasks/together", {"task": ticked}, follow_redirects=True)
        assert "请勾选可以批量办理的同一种任务" in page.text
    many = [f"a-{at}" for at in range(51)]
    page = clerk.post("/tasks/together", {"task": many}, follow_redirects=True)
    assert "一次最多办理 50 件任务" in page.text


def test_a_task_that_is_not_marked_is_never_done_so(clerk, browse, host, waiting):
    case_no = browse("other").apply(**{"sender.idNo": id_no(9)})
    (own,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
    _page, carried = open_form(clerk, waiting)

    told = clerk.get(send(clerk, carried | {"_task": [own.id]}).location).text

    assert "没有办结任何任务" in told
    assert live(host, [own]) == [own.id]


def test_an_applicant_does_nothing_here(browse, waiting):
    citizen = browse("citizen")
    citizen.get("/my/cases")

    assert citizen.post("/tasks/together", {"task": ids(waiting)}).status_code == 403
    sent = {"_task": ids(waiting), "_key": "k", "_sure": "1", "words": "好"}
    assert citizen.post("/tasks/together/send", sent).status_code == 403
    assert citizen.get("/tasks/together/done").status_code == 403


@pytest.mark.parametrize(("path", "button"), [("?refresh=1", {}), ("", {"_edit": "1"})])
def test_a_choice_asks_for_the_form_anew_and_does_nothing(clerk, waiting, host, path, button):
    _, carried = open_form(clerk, waiting)

    sent = {**carried, "words": "好好", "_sure": "1", **button}
    page = clerk.post(f"/tasks/together/send{path}", sent)

    assert page.status_code == 200
    assert "好好" in page.text
    assert live(host, waiting) == ids(waiting)
