"""Queue and task side by side: chosen, remembered, with the list's place, and without a script."""

import pytest

from onething import runtime
from onething.identity import SYSTEM, Actor
from onething.tasks import Filter
from unit.web.test_queue import waiting  # noqa: F401 - a fixture

RIVAL = Actor("rival", "对手", frozenset({"clerk"}), "window")


@pytest.fixture
def clerk(browse):
    browser = browse("reader")
    browser.get("/tasks")
    browser.post("/tasks/split", {"wanted": "1"})
    return browser


def test_it_is_switched_on_and_off_and_remembered(clerk, browse):
    on = clerk.get("/tasks").text
    again = clerk.sign_in("reader").get("/tasks").text
    clerk.post("/tasks/split", {"wanted": "0"})
    off = clerk.get("/tasks").text

    for page in (on, again):
        assert 'id="pane"' in page
        assert "split.js" in page
        assert 'aria-pressed="true"' in page
    assert 'id="pane"' not in off
    assert "split.js" not in off


def test_a_line_leads_to_the_list_with_the_task_beside_it(clerk, waiting):  # noqa: F811
    queue = clerk.get("/tasks?held=free").text
    page = clerk.get(f"/tasks?held=free&open={waiting[0]}").text

    assert f'href="/tasks?held=free&amp;open={waiting[0]}"' in queue
    assert f'data-pane="/tasks/{waiting[0]}/pane?place=held%3Dfree"' in queue
    assert 'id="task-form"' in page
    assert 'name="_split" value="held=free"' in page
    assert 'name="words"' in page


def test_the_script_is_given_the_task_alone(clerk, waiting):  # noqa: F811
    page = clerk.get(f"/tasks/{waiting[0]}/pane?place=held%3Dfree%26evil%3D1")

    assert "<html" not in page.text
    assert 'id="task-form"' in page.text
    assert 'name="_split" value="held=free"' in page.text


def test_claiming_beside_the_list_stays_there(clerk, waiting):  # noqa: F811
    sent = {"_split": "held=free"}

    answer = clerk.post(f"/tasks/{waiting[0]}/claim", sent)

    assert answer.location == f"/tasks?held=free&open={waiting[0]}"
    assert "由我办理" in clerk.get(answer.location).text


def test_completing_beside_the_list_opens_the_next_one_there(clerk, waiting):  # noqa: F811
    sent = {"words": "好", "_onwards": "1", "_split": "service=outing"}

    answer = clerk.post(f"/tasks/{waiting[0]}", sent)
    last = clerk.post(f"/tasks/{waiting[1]}", sent)

    assert answer.location == f"/tasks?service=outing&open={waiting[1]}"
    assert last.location == "/tasks?service=outing"


def test_a_mistake_shows_the_tasks_own_page_which_leads_back(clerk, waiting):  # noqa: F811
    page = clerk.post(f"/tasks/{waiting[0]}", {"words": "", "_split": "held=free"})

    assert page.status_code == 422
    assert "error-summary" in page.text
    assert 'name="_split" value="held=free"' in page.text


def test_a_forged_place_leads_nowhere_else(clerk, waiting):  # noqa: F811
    for evil in ("https://example.org", "//example.org", "a=1&open=x", '"><script>'):
        answer = clerk.post(f"/tasks/{waiting[0]}/claim", {"_split": evil})
        assert answer.location == f"/tasks?open={waiting[0]}"


def test_a_task_that_is_not_the_persons_stands_nowhere(clerk, browse, host):
    case_no = browse("citizen").apply()
    (own,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))

    page = clerk.get(f"/tasks?open={own.id}")

    assert page.status_code == 200
    assert "从左边选一件任务" in page.text
    clerk.post("/display", {"language": "en"})
    missing = clerk.get(f"/tasks/{own.id}/pane")
    assert (missing.status_code, "No task" in missing.text) == (404, False)
    assert clerk.get("/tasks?open=nonsense").status_code == 200


def test_a_task_of_a_colleague_is_shown_read_only(clerk, waiting, host):  # noqa: F811
    runtime.claim(host, RIVAL, waiting[0])

    page = clerk.get(f"/tasks?open={waiting[0]}").text

    assert "正在办理，此处只能查看" in page
    assert "提交办理结果" not in page


def test_an_applicant_has_no_split_view(browse):
    assert browse("citizen").post("/tasks/split", {"wanted": "1"}).status_code == 403
