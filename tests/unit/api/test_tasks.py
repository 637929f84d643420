"""Tasks through the API: queue, claim, return, delegate, complete."""

import pytest


def test_queue_shows_the_tasks_of_the_own_department_alone(site):
    case_no = site.start()

    own = site.get("/tasks", "reader").json["items"]
    other = site.get("/tasks", "stranger").json["items"]

    assert [task["case_no"] for task in own] == [case_no]
    assert other == []


def test_task_is_read_with_its_form_and_what_the_own_item_declares(site):
    site.start()

    task = site.get(f"/tasks/{site.task()}").json

    assert task["fields"] == ["answer"]
    assert task["summary"] == {"note": "你好", "weight": None, "scan": None}


def test_completion_is_written_once_and_answered_again(site):
    site.start()
    task = site.task()

    answers = [
        site.post(f"/tasks/{task}/complete", {"data": {"answer": "收到"}}, key="c")
        for _ in range(2)
    ]

    assert answers[0].status_code == 200
    assert answers[1].json == answers[0].json


def test_second_completion_without_the_key_is_a_conflict(site):
    site.start()
    task = site.task()
    site.post(f"/tasks/{task}/complete", {"data": {"answer": "收到"}}, key="c")

    answer = site.post(f"/tasks/{task}/complete", {"data": {"answer": "又来"}})

    assert (answer.status_code, answer.json["code"]) == (409, "already-done")


def test_completion_with_missing_answers_says_which(site):
    site.start()

    answer = site.post(f"/tasks/{site.task()}/complete", {"data": {}})

    assert answer.status_code == 422
    assert "answer" in answer.json["fields"]


def test_completion_without_a_body_is_told_what_the_form_asks(site):
    site.start()

    answer = site.post(f"/tasks/{site.task()}/complete")

    assert answer.status_code == 422
    assert "answer" in answer.json["fields"]


def test_claimed_task_is_held_until_it_is_returned(site):
    site.start()
    task = site.task()
    site.post(f"/tasks/{task}/claim", user="reader")

    held = site.post(f"/tasks/{task}/complete", {"data": {"answer": "收到"}}, "colleague")
    site.post(f"/tasks/{task}/return", user="reader")
    free = site.post(f"/tasks/{task}/complete", {"data": {"answer": "收到"}}, "colleague")

    assert (held.status_code, free.status_code) == (409, 200)


def test_delegated_task_stands_with_the_colleague(site):
    site.start()
    task = site.task()

    answer = site.post(f"/tasks/{task}/delegate", {"to": "colleague"})

    assert answer.status_code == 200
    assert site.get(f"/tasks/{task}", "colleague").json["assignee"] == "colleague"


def test_task_is_not_delegated_to_another_department(site):
    site.start()

    answer = site.post(f"/tasks/{site.task()}/delegate", {"to": "stranger"})

    assert (answer.status_code, "to" in answer.json["fields"]) == (422, True)


@pytest.mark.parametrize("verb", ["", "/claim", "/return", "/complete"])
def test_task_of_another_department_is_not_found_and_the_attempt_logged(site, verb):
    site.start()
    task = site.task()

    path = f"/tasks/{task}{verb}"
    answer = site.post(path, user="stranger") if verb else site.get(path, "stranger")

    assert answer.status_code == 404
    assert ("stranger", False) in [(one.actor, one.is_allowed) for one in site.readings()]


@pytest.mark.parametrize("task", ["x", "-", "a-b", "….."])
def test_task_id_that_is_none_is_not_found(site, task):
    answer = site.get(f"/tasks/{task}")

    assert answer.status_code == 404


def test_closed_tasks_are_listed_when_asked_for(site):
    site.start()
    site.post(f"/tasks/{site.task()}/complete", {"data": {"answer": "收到"}})

    live = site.get("/tasks").json["items"]
    closed = site.get("/tasks?state=completed").json["items"]

    assert (live, len(closed)) == ([], 1)


def test_unknown_task_state_is_refused(site):
    answer = site.get("/tasks?state=lost")

    assert answer.status_code == 422


def test_pages_of_tasks_follow_each_other_without_gap_or_repetition(site):
    ids = ["37050219680412991X", "370502196909039902", "370502199605189913"]
    for one in ids:
        site.start(sender={"name": "陈志远", "idNo": one})

    first = site.get("/tasks?limit=2").json
    second = site.get(f"/tasks?limit=2&after={first['next']}").json

    assert len({task["id"] for task in first["items"] + second["items"]}) == 3
    assert second["next"] is None


def test_cursor_that_names_no_row_is_answered_clearly(site):
    answer = site.get("/tasks?after=nothing")

    assert answer.status_code in (404, 422)


@pytest.mark.parametrize("verb", ["claim", "return", "delegate"])
def test_repeated_change_of_hands_is_answered_as_the_first_one(site, verb):
    case_no = site.start()
    task = site.task()
    body = {"to": "colleague"} if verb == "delegate" else None
    site.post(f"/tasks/{task}/claim", user="reader")

    answers = [site.post(f"/tasks/{task}/{verb}", body, key="k") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert len(site.get(f"/cases/{case_no}/history", "auditor").json["items"]) == 3


def test_late_repetition_of_a_claim_does_not_take_the_task_again(site):
    site.start()
    task = site.task()
    first = site.post(f"/tasks/{task}/claim", key="k")
    site.post(f"/tasks/{task}/delegate", {"to": "colleague"})

    again = site.post(f"/tasks/{task}/claim", key="k")

    assert again.json == first.json
    assert site.get(f"/tasks/{task}").json["assignee"] == "colleague"


def test_key_of_a_claim_does_not_serve_another_request(site):
    site.start()
    task = site.task()
    site.post(f"/tasks/{task}/claim", key="k")

    answers = [
        site.post(f"/tasks/{task}/return", key="k"),
        site.post(f"/tasks/{task}/delegate", {"to": "colleague"}, key="k"),
        site.post(f"/tasks/{task}/complete", {"data": {"answer": "收到"}}, key="k"),
    ]

    assert [(one.status_code, one.json["code"]) for one in answers] == [(409, "key-reused")] * 3


def test_any_key_serves_the_one_who_opened_the_case(site):
    case_no = site.start()

    answer = site.post(f"/cases/{case_no}/withdraw", {}, "citizen", key="start")

    assert answer.status_code == 200, answer.text


def test_applicant_lists_and_completes_the_own_tasks(site):
    case_no = site.start("citizen")

    (task,) = site.get("/tasks", "citizen").json["items"]
    path, body = f"/tasks/{task['id']}/complete", {"data": {"answer": "是我写的"}}
    answer = site.post(path, body, "citizen")

    assert (task["case_no"], task["activity"], task["party"]) == (case_no, "confirm", "applicant")
    assert answer.status_code == 200, answer.text
    assert site.get("/tasks", "citizen").json["items"] == []


@pytest.mark.parametrize("user", ["neighbour", "reader", "stranger", "auditor", "operator"])
def test_applicants_task_is_nobody_elses(site, user):
    site.start("citizen")
    task = site.task("citizen")

    listed = [one["id"] for one in site.get("/tasks", user).json["items"]]
    answer = site.post(f"/tasks/{task}/complete", {"data": {"answer": "是我写的"}}, user)

    assert task not in listed
    assert answer.status_code == 404


def test_helper_who_is_a_clerk_too_lists_both_kinds_of_tasks(site):
    site.start("officer")

    listed = site.get("/tasks", "officer").json["items"]

    assert sorted(one["activity"] for one in listed) == ["confirm", "read"]


def test_own_tasks_are_narrowed_like_any_other(site):
    case_no = site.start("citizen")

    here = site.get(f"/tasks?case_no={case_no}", "citizen").json["items"]
    elsewhere = site.get("/tasks?case_no=nothing", "citizen").json["items"]

    assert (len(here), elsewhere) == (1, [])
