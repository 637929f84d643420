"""What a clerk finds, sees and does on the pages."""

import re

import pytest
from flask.testing import FlaskClient

from onething import identity, runtime, tasks
from onething.runtime import Host
from onething.tasks import Filter
from onething.testing.world import person
from unit.web.printed import text_of

BANK_CARD = "6222021605000012"
DEAD = "白长河"


@pytest.fixture
def funeral(sign_in) -> FlaskClient:
    return sign_in("funeral")


@pytest.fixture
def task_id(host: Host, case_no: str) -> str:
    return _task(host, case_no, "funeral")


def _task(host: Host, case_no: str, department: str) -> str:
    with host.database.read() as conn:
        return tasks.worklist(conn, Filter(case_no=case_no, department=department))[0].id


def _events(host: Host, case_no: str) -> int:
    return len(runtime.view_history(host, person("auditor"), case_no, limit=1_000))


def test_a_clerk_finds_the_tasks_of_the_own_department_alone(funeral, task_id, host, case_no):
    page = funeral.get("/tasks").text

    assert f"/tasks/{task_id}" in page
    assert _task(host, case_no, "police") not in page


def test_a_clerk_of_another_region_finds_nothing(sign_in):
    page = sign_in("police-hekou").get("/tasks").text

    assert "没有符合条件的任务" in page


def test_the_queue_can_be_narrowed_by_text(funeral, task_id):
    found = funeral.get("/tasks?q=火化").text
    missed = funeral.get("/tasks?q=房产").text

    assert task_id in found
    assert task_id not in missed


def test_an_unknown_tab_shows_everything(funeral, task_id):
    assert task_id in funeral.get("/tasks?scope=nonsense").text


def test_an_applicant_has_no_queue(sign_in):
    assert sign_in("citizen").get("/tasks").status_code == 403


def test_a_claimed_task_stands_under_mine_until_it_is_returned(funeral, task_id):
    funeral.post(f"/tasks/{task_id}/claim")
    mine = funeral.get("/tasks?scope=mine").text
    funeral.post(f"/tasks/{task_id}/return")

    assert task_id in mine
    assert task_id not in funeral.get("/tasks?scope=mine").text


def test_a_form_begins_with_the_name_of_the_clerk_who_does_the_task(sign_in, host, case_no):
    page = sign_in("police").get(f"/tasks/{_task(host, case_no, 'police')}").text

    assert 'name="householdReview.officer" value="公安派出所经办人"' in page


def test_a_task_shows_what_its_item_declares_and_nothing_else(funeral, task_id):
    page = funeral.get(f"/tasks/{task_id}").text

    assert DEAD in page
    assert BANK_CARD not in page


def test_a_task_page_draws_its_diagram_at_the_current_place(funeral, task_id):
    page = funeral.get(f"/tasks/{task_id}").text
    source = re.search(r'data-source="([^"]+)"', page)

    assert 'data-here="record-cremation"' in page
    assert source is not None
    assert b"<bpmn:process" in funeral.get(source[1]).data


def test_another_departments_task_does_not_exist(funeral, host, case_no):
    assert funeral.get(f"/tasks/{_task(host, case_no, 'police')}").status_code == 404


def test_a_wrong_result_is_shown_again_and_writes_nothing(funeral, task_id, host, case_no):
    before = _events(host, case_no)

    answer = funeral.post(f"/tasks/{task_id}", data={"cremation.operator": "冯师傅"})

    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert "冯师傅" in answer.text
    assert _events(host, case_no) == before


def test_a_task_that_another_person_holds_can_only_be_read(funeral, host, task_id):
    other = person("funeral.booking@370522")
    runtime.claim(host, other, task_id)

    page = funeral.get(f"/tasks/{task_id}").text
    refused = funeral.post(f"/tasks/{task_id}/claim", follow_redirects=True)
    runtime.return_task(host, other, task_id)

    assert "此处只能查看" in page
    assert "提交办理结果" not in page
    assert "任务已被他人领取" in refused.text


def test_a_right_result_ends_the_task_and_opens_the_queue(sign_in, host, case_no):
    task_id = _task(host, case_no, "police")
    answers = {
        "householdReview.certificateChecked": "consistent",
        "householdReview.householdNo": "D0406",
        "householdReview.station": "样例派出所",
        "householdReview.idCardReturned": "true",
        "householdReview.pageMarked": "true",
        "householdReview.decision": "approve",
        "householdReview.officer": "吴警官",
    }

    answer = sign_in("police").post(f"/tasks/{task_id}", data=answers, follow_redirects=True)
    again = sign_in("police").post(f"/tasks/{task_id}", data=answers, follow_redirects=True)

    assert answer.request.path == "/tasks"
    assert "已办结" in answer.text
    assert "没有提交" in again.text


def test_a_clerk_sees_the_case_with_the_own_part_of_the_application(funeral, case_no):
    page = funeral.get(f"/cases/{case_no}").text

    assert DEAD in page
    assert BANK_CARD not in page


def test_a_case_of_other_departments_does_not_exist_and_the_attempt_is_logged(sign_in, case_no):
    answer = sign_in("traffic").get(f"/cases/{case_no}")

    log = sign_in("auditor").get(f"/audit?case_no={case_no}").text
    assert answer.status_code == 404
    assert "已拒绝" in log


def test_whoever_holds_a_task_is_named_to_other_departments(
    sign_in, host, funeral, task_id, case_no
):
    # Given a clerk who holds a task of a case
    with host.database.read() as conn:
        clerk = identity.get_person(conn, "funeral").name
    funeral.post(f"/tasks/{task_id}/claim")

    # When a clerk of another department reads the case
    page = sign_in("window").get(f"/cases/{case_no}").text

    # Then the clerk stands there by name
    assert clerk in page
    funeral.post(f"/tasks/{task_id}/return")


def test_search_finds_only_what_the_post_has_worked_on(sign_in, funeral, case_no):
    assert case_no in funeral.get("/cases").text
    assert case_no not in sign_in("traffic").get("/cases").text


def test_a_diagram_of_the_case_can_be_chosen(funeral, case_no):
    page = funeral.get(f"/cases/{case_no}?process=after-death-household").text

    assert "/processes/" not in page
    assert "after-death-household.bpmn" in page


def test_a_diagram_is_for_people_who_are_signed_in(app):
    answer = app.test_client().get("/diagrams/after-death/1/after-death.bpmn")

    assert answer.status_code == 302


def test_the_front_desk_registers_every_item_of_its_cases(host, sign_in, case_no):
    query = "?kind=received&first=2020-01-01&last=2030-01-01"

    page = sign_in("window").get("/registers" + query)
    own = sign_in("funeral").get("/registers" + query)

    assert page.status_code == 200
    assert page.text.count(case_no) > own.text.count(case_no) == 1
    assert DEAD not in page.text
    assert sign_in("window").get("/registers.pdf" + query).mimetype == "application/pdf"


def test_a_case_sheet_has_the_fields_of_the_own_post_alone(sign_in, case_no):
    funeral = text_of(sign_in("funeral").get(f"/cases/{case_no}/sheet.pdf"))

    assert "火化" in funeral
    assert BANK_CARD not in funeral
