"""The clerk's queue: claim what comes next or several at once, and go on by itself."""

from datetime import timedelta

import pytest

from onething import runtime
from onething.identity import SYSTEM, Actor
from onething.tasks import Filter

RIVAL = Actor("rival", "对手", frozenset({"clerk"}), "window")
ID_NUMBERS = ("37050219680412991X", "370502198504129810", "370502199003074212")


@pytest.fixture
def waiting(browse, host, clock) -> list[str]:
    """Let two cases wait at the window; return their tasks' ids in the order they came."""
    citizen, found = browse("citizen"), []
    for id_no in ID_NUMBERS[:2]:
        case_no = citizen.apply(**{"sender.idNo": id_no})
        (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
        runtime.complete(host, SYSTEM, task.id, {"words": "带伞"})
        (task,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
        found.append(task.id)
        clock.advance(timedelta(minutes=1))
    return found


def test_claiming_next_opens_the_task_that_is_due_first(browse, waiting):
    clerk = browse("reader")
    clerk.get("/tasks")

    answer = clerk.post("/tasks/next")

    assert answer.location == f"/tasks/{waiting[0]}"
    assert "由我办理" in clerk.get(answer.location).text


def test_claiming_next_says_so_where_nothing_is_free(browse, waiting, host):
    runtime.claim_many(host, RIVAL, waiting)

    answer = browse("reader").post("/tasks/next", follow_redirects=True)

    assert answer.status_code == 200
    assert "现在没有待领取的任务" in answer.text


def test_ticked_tasks_are_claimed_and_those_of_others_are_named(browse, waiting, host):
    clerk = browse("reader")
    runtime.claim(host, RIVAL, waiting[1])

    answer = clerk.post("/tasks/claim", {"task": waiting}, follow_redirects=True)

    assert "已领取 1 件任务" in answer.text
    assert "1 件没有领到，已由他人领取或已经结束：看申请" in answer.text
    assert f"/tasks/{waiting[0]}" in answer.text


def test_nothing_ticked_and_too_much_ticked_claim_nothing(browse, waiting):
    clerk = browse("reader")

    nothing = clerk.post("/tasks/claim", follow_redirects=True)
    much = [*waiting, *(f"a-{at}" for at in range(50))]
    too_much = clerk.post("/tasks/claim", {"task": much}, follow_redirects=True)

    assert "请先勾选要领取的任务" in nothing.text
    assert "一次最多领取 50 件任务" in too_much.text
    assert "由我" not in clerk.get("/tasks").text


def test_an_applicant_claims_nothing(browse, waiting):
    citizen = browse("citizen")

    assert citizen.post("/tasks/next").status_code == 403
    assert citizen.post("/tasks/claim", {"task": waiting}).status_code == 403


def test_the_next_task_is_claimed_and_opened_after_one_is_done(browse, waiting):
    clerk = browse("reader")
    form = clerk.get(f"/tasks/{waiting[0]}")

    answer = clerk.post(f"/tasks/{waiting[0]}", {"words": "好", "_onwards": "1"})

    assert 'name="_onwards" value="1" checked' in form.text
    assert answer.location == f"/tasks/{waiting[1]}"
    opened = clerk.get(answer.location).text
    assert "下一件已领取并打开" in opened
    assert "由我办理" in opened


def test_the_queue_opens_where_nothing_follows(browse, waiting, host):
    clerk = browse("reader")
    runtime.claim(host, RIVAL, waiting[1])

    sent = {"words": "好", "_onwards": "1"}
    answer = clerk.post(f"/tasks/{waiting[0]}", sent, follow_redirects=True)

    assert answer.request.path == "/tasks"
    assert "没有下一件待办" in answer.text


def test_going_on_by_itself_stays_off_for_the_session_once_it_is_switched_off(browse, waiting):
    clerk = browse("reader")
    clerk.get(f"/tasks/{waiting[0]}")

    answer = clerk.post(f"/tasks/{waiting[0]}", {"words": "好"})
    later = clerk.get(f"/tasks/{waiting[1]}").text

    assert answer.location == "/tasks"
    assert 'name="_onwards" value="1">' in later
    assert 'name="_onwards" value="1" checked' in browse("reader").get(f"/tasks/{waiting[1]}").text


def test_the_pages_tell_their_keys_and_offer_them_without_a_script_too(browse, waiting):
    clerk = browse("reader")
    queue = clerk.get("/tasks").text
    task = clerk.get(f"/tasks/{waiting[0]}").text

    assert 'id="search" name="q" data-key="/"' in queue
    for page in (queue, task):
        assert '<dialog id="keys" aria-labelledby="keys-title">' in page
        assert 'data-key="n"' in page
        assert 'data-key="c"' in page
        assert "data-help hidden" in page


def test_the_columns_of_the_queue_are_chosen_for_the_session(browse, waiting):
    clerk = browse("reader")
    usual = clerk.get("/tasks").text

    clerk.post("/tasks/columns", {"column": ["item", "nonsense", "<script>"], "scope": "free"})
    chosen = clerk.get("/tasks").text
    clerk.post("/tasks/columns")

    assert ">承办人</th>" in usual
    assert ">事项</th>" in chosen
    assert ">承办人</th>" not in chosen
    assert ">承办人</th>" in clerk.get("/tasks").text


def test_the_rows_of_a_page_are_chosen_for_the_session(browse, waiting):
    clerk = browse("reader")

    clerk.post("/tasks/columns", {"column": ["due"], "rows": "200"})
    many = clerk.get("/tasks").text
    clerk.post("/tasks/columns", {"column": ["due"], "rows": "1000000"})
    usual = clerk.get("/tasks").text

    assert "<option selected>200</option>" in many
    assert "<option selected>25</option>" in usual
