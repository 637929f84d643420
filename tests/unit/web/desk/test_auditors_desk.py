"""Replay, audit, incidents, people and definitions: each for its own roles."""

import re

import pytest

from onething import incidents
from onething.definitions import Definition
from onething.runtime import Host
from onething.web.dmn import tables
from onething.web.form_names import form_names


@pytest.fixture(scope="module")
def definition(host: Host) -> Definition:
    with host.database.read() as conn:
        return host.definitions.newest(conn, "after-death")


@pytest.fixture
def incident_id(host: Host) -> str:
    with host.database.read() as conn:
        found = incidents.listing(conn, state=None)
    return next(one.id for one in found if one.activity == "stop-pension")


def test_replay_executes_the_case_again_and_finds_every_state_equal(sign_in, case_no):
    page = sign_in("auditor").get(f"/cases/{case_no}/replay").text

    assert "每一步的状态都与记录一致" in page
    assert "与记录不一致" not in page


@pytest.mark.parametrize("at", ["1", "0", "999999", "x", "²"])
def test_replay_opens_at_any_event_and_survives_any_number(sign_in, case_no, at):
    answer = sign_in("auditor").get(f"/cases/{case_no}/replay?at={at}")

    assert answer.status_code == 200
    assert 'aria-current="step"' in answer.text


def test_replay_is_not_for_applicants(sign_in, case_no):
    assert sign_in("citizen").get(f"/cases/{case_no}/replay").status_code == 403


def test_an_auditor_sees_the_history_but_no_element_of_the_application(sign_in, case_no):
    page = sign_in("auditor").get(f"/cases/{case_no}").text

    assert "申请已提交" in page
    assert "白长河" not in page


@pytest.mark.parametrize("path", ["/audit", "/audit/sign-ins", "/people/changes"])
def test_the_logs_are_for_the_auditor(sign_in, path):
    assert sign_in("auditor").get(path).status_code == 200
    assert sign_in("funeral").get(path).status_code == 403


def test_the_changes_of_accounts_stand_under_audit_in_the_menu(sign_in):
    page = sign_in("auditor").get("/people/changes").text

    assert '<a href="/audit" aria-current="true">审计' in page


def test_a_change_of_posts_is_told_in_names(sign_in):
    page = sign_in("auditor").get("/people/changes").text

    assert "殡仪馆 · 山东省东营市 · 经办人" in page


def test_a_button_says_in_english_what_it_does_not_what_was_done(sign_in):
    administrator = sign_in("administrator")
    administrator.post("/display", data={"language": "en"})

    page = administrator.get("/people/funeral").text

    assert "Disable account" in page


def test_an_operator_sees_names_of_elements_and_no_value(sign_in, incident_id):
    page = sign_in("operator").get(f"/incidents/{incident_id}").text

    assert "hr.pension.stop" in page
    assert "idNo" in page
    assert "370522194412019910" not in page


def test_a_retry_without_reason_is_refused(sign_in, incident_id):
    answer = sign_in("operator").post(f"/incidents/{incident_id}/retry", data={"reason": " "})

    assert answer.status_code == 422
    assert "请写明处置原因" in answer.text


@pytest.mark.parametrize("said", ["not json", "[]", '{"a": NaN}'])
def test_corrected_input_that_is_no_object_is_refused(sign_in, incident_id, said):
    data = {"reason": "更正", "inputs": said}

    answer = sign_in("operator").post(f"/incidents/{incident_id}/retry", data=data)

    assert answer.status_code == 422


def test_an_answer_by_hand_must_fit_the_operations_contract(sign_in, incident_id):
    data = {"reason": "电话核实", "answer": '{"unheard": 1}'}

    answer = sign_in("operator").post(f"/incidents/{incident_id}/complete", data=data)

    assert answer.status_code == 422
    assert "约定中没有这些数据项：unheard" in answer.text


def test_an_answer_by_hand_lets_the_case_go_on(sign_in, incident_id):
    data = {"reason": "电话核实", "answer": '{"receiptNo": "HR-1", "overpaid": 0}'}
    operator = sign_in("operator")

    operator.post(f"/incidents/{incident_id}/complete", data=data)

    assert incident_id not in operator.get("/incidents").text
    assert incident_id in operator.get("/incidents?state=resolved").text


def test_incidents_are_not_for_clerks(sign_in, incident_id):
    assert sign_in("funeral").get("/incidents").status_code == 403
    assert sign_in("funeral").get(f"/incidents/{incident_id}").status_code == 403


def test_every_process_of_a_deployment_has_a_page(sign_in, definition):
    designer = sign_in("designer")

    for process in definition.process.process_ids:
        answer = designer.get(f"/definitions/after-death/1/processes/{process}")
        assert answer.status_code == 200, process


def test_every_decision_table_is_shown_with_all_its_rules(sign_in, app, definition):
    with app.test_request_context():
        found = tables(definition)

    for table in found:
        page = sign_in("designer").get(f"/definitions/after-death/1/decisions/{table.id}").text
        assert page.count('scope="row"') == len(table.rules), table.id


def test_a_decision_table_is_english_where_the_reader_is(sign_in):
    designer = sign_in("designer")
    designer.post("/display", data={"language": "en"})

    page = designer.get("/definitions/after-death/1/decisions/survivor-benefit").text
    designer.post("/display", data={"language": "zh"})

    assert "Enterprise employee" in page
    assert "not for deaths by work injury" in page
    assert not re.search(
        "[\u4e00-\u9fff]", page.partition('<table class="rules">')[2].partition("</table>")[0]
    )


def test_every_form_can_be_previewed(sign_in, definition):
    for path in definition.package.ending(".form"):
        form_id = path.removeprefix("forms/").removesuffix(".form")
        answer = sign_in("designer").get(f"/definitions/after-death/1/forms/{form_id}")
        assert answer.status_code == 200, form_id


@pytest.mark.parametrize(
    ("form_id", "name"),
    [
        ("after-death/application", "申请表"),
        ("after-death/item-cremation", "火化证明"),
        ("after-death/surrender-disability", "收回残疾人证"),
    ],
)
def test_a_form_is_called_by_what_it_is_for(sign_in, form_id, name):
    designer = sign_in("designer")

    assert f">{name}</a>" in designer.get("/definitions/after-death/1").text
    assert f"<h1>{name}</h1>" in designer.get(f"/definitions/after-death/1/forms/{form_id}").text


def test_every_form_has_a_name(app, definition):
    with app.test_request_context():
        assert not [one for one, name in form_names(definition).items() if one == name]


@pytest.mark.parametrize(
    "path", ["nothing", "after-death/99", "after-death/1/processes/x", "after-death/1/decisions/x"]
)
def test_an_unknown_definition_is_not_found(sign_in, path):
    assert sign_in("designer").get(f"/definitions/{path}").status_code == 404


def test_the_administrator_opens_an_account_and_the_security_officer_gives_the_post(sign_in):
    account = {"user": "new-clerk", "name": "新同事", "password": "Ordinary-Pass-2026"}
    post = {"roles": ["clerk"], "department": "police", "post": "household", "region": "370522"}

    opened = sign_in("administrator").post("/people", data=account)
    given = sign_in("security").post("/people/new-clerk/posts", data=post)

    page = sign_in("security").get("/people/new-clerk").text
    assert (opened.status_code, given.status_code) == (302, 302)
    assert "公安派出所" in page


def test_the_administrator_gives_no_posts_and_the_security_officer_opens_no_accounts(sign_in):
    post = sign_in("administrator").post("/people/funeral/posts", data={"roles": ["auditor"]})
    account = sign_in("security").post(
        "/people", data={"user": "sneak", "name": "某", "password": "Ordinary-Pass-2026"}
    )

    assert post.status_code == 403
    assert account.status_code == 403


def test_roles_that_must_be_apart_are_refused_with_a_message(sign_in):
    answer = sign_in("security").post("/people/funeral/posts", data={"roles": ["auditor"]})

    assert answer.status_code == 422
    assert "has-error" in answer.text


def test_who_administers_reads_no_case(sign_in, case_no):
    for user in ("administrator", "security"):
        assert sign_in(user).get("/cases").status_code == 403
        assert sign_in(user).get(f"/cases/{case_no}").status_code == 404


def test_departments_and_regions_are_added_by_the_administrator_alone(sign_in):
    data = {"code": "archives", "name": "档案馆"}

    saved = sign_in("administrator").post("/people/organisation/departments", data=data)
    refused = sign_in("security").post("/people/organisation/departments", data=data)
    wrong = sign_in("administrator").post(
        "/people/organisation/regions", data={"code": "12", "name": "某地"}
    )

    assert (saved.status_code, refused.status_code, wrong.status_code) == (302, 403, 422)


@pytest.mark.parametrize(
    ("path", "typed", "field", "told"),
    [
        ("departments", {"code": "a b", "name": "档案馆"}, "code", "small letters"),
        ("regions", {"code": "12", "name": "某地"}, "region-code", "six digits"),
        ("regions", {"code": "370590", "name": ""}, "region-name", "give a name"),
    ],
)
def test_what_was_typed_stays_in_the_form_that_was_refused(sign_in, path, typed, field, told):
    page = sign_in("administrator").post(f"/people/organisation/{path}", data=typed)

    assert page.status_code == 422
    assert page.text.count("has-error") == 1
    wrong = page.text.partition("has-error")[2].partition("</form>")[0]
    assert f'id="{field}"' in wrong
    assert told in wrong
    assert all(f'value="{one}"' in page.text for one in typed.values() if one)
    assert page.text.count(f'value="{typed["code"]}"') == 1


def test_a_post_without_a_role_is_refused_and_none_is_given(sign_in):
    security = sign_in("security")

    refused = security.post("/people/hr/posts", data={"department": "hr", "post": "pension"})

    assert refused.status_code == 422
    assert "请选择角色" in refused.text
    assert 'value="pension"' in refused.text
    assert refused.text.count("收回") == 1
