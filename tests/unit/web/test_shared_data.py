"""An application filled in from shared data: asked of departments, read-only, with objections."""

import re

import httpx
import pytest

from onething import runtime
from onething.connectors import HttpConnector
from onething.identity import Actor
from onething.runtime.sharing.visible_shared import is_visible
from onething.simulator import Records, create_app
from unit.web.conftest import APPLICATION

NAME, ID_NO = "陈国栋", "37050219680412991X"
OTHERS_ID_NO = "370502196909039902"
ME = Actor("citizen", "citizen", frozenset({"applicant"}))
OTHER = Actor("other", "other", frozenset({"applicant"}))
POLICE = Actor("police", "police", frozenset({"clerk"}), "police")


@pytest.fixture
def departments(host, clock):
    """The departments, as far as the police know one couple."""
    records = Records()
    for id_no, name in ((ID_NO, NAME), (OTHERS_ID_NO, "刘桂芳")):
        records.load("people", [{"idNo": id_no, "name": name}])
    simulator = create_app(records, clock, lambda _seconds: None)
    client = httpx.Client(transport=httpx.WSGITransport(simulator))
    host.departments = HttpConnector({"*": "http://departments"}, client)
    yield simulator.extensions["exchange"]
    client.close()
    records.close()


@pytest.fixture
def verified(host, departments):
    """The citizen, verified."""
    return runtime.verify_identity(host, ME, NAME, ID_NO)


@pytest.fixture
def agreed(browse, verified):
    """The citizen's browser and the form's hidden fields, once departments were asked."""
    citizen = browse("citizen")
    page = citizen.get("/services/outing/apply")
    sent = citizen.hidden(page) | {"_consent": "agreed", "_pages": "one"}
    page = citizen.post("/services/outing/shared", sent)
    return citizen, citizen.hidden(page), page


def open_case(citizen, hidden, **answers):
    checked = citizen.post("/services/outing/apply", without_topic(hidden) | answers)
    assert checked.status_code == 200, checked.text
    sent = citizen.post("/services/outing/cases", citizen.hidden(checked))
    assert sent.status_code == 302, sent.text
    return sent.location.split("/")[-2]


def without_topic(hidden):
    return {name: value for name, value in hidden.items() if name != "_topic"}


def sender(host, case_no):
    return runtime.view_case(host, ME, case_no).data["sender"]


# -- who stands behind an account


def test_number_and_name_are_verified_shown_masked_and_withdrawn(browse, host, departments):
    citizen = browse("citizen")
    citizen.get("/account")

    citizen.post("/account/identity", {"name": NAME, "idNo": ID_NO.lower()})

    page = citizen.get("/account").text
    assert "370502********991X" in page
    assert ID_NO not in page
    citizen.post("/account/identity/withdraw")
    assert runtime.find_verified(host, ME) is None


@pytest.mark.parametrize(
    ("name", "id_no", "told"),
    [
        ("别人", ID_NO, "姓名与身份号码不一致"),
        (NAME, "370502199605189913", "姓名与身份号码不一致"),
        (NAME, "370502196804129911", "18 位"),
        ("<script>", ID_NO, "身份证上的姓名"),
    ],
)
def test_wrong_name_or_number_is_refused_in_clear_words(
    browse, host, departments, name, id_no, told
):
    citizen = browse("citizen")
    citizen.get("/account")

    page = citizen.post("/account/identity", {"name": name, "idNo": id_no})

    assert (page.status_code, told in page.text) == (422, True)
    assert "<script>" not in page.text
    assert runtime.find_verified(host, ME) is None


def test_one_number_belongs_to_one_account(browse, verified):
    other = browse("other")
    other.get("/account")

    page = other.post("/account/identity", {"name": NAME, "idNo": ID_NO})

    assert (page.status_code, "另一个账号" in page.text) == (409, True)


def test_police_that_are_away_block_nobody(browse, departments):
    departments.faults.set("police", "down")
    citizen = browse("citizen")
    citizen.get("/account")

    page = citizen.post("/account/identity", {"name": NAME, "idNo": ID_NO})

    assert (page.status_code, "不核验也可以办理" in page.text) == (503, True)


def test_an_account_may_not_try_numbers_without_end(browse, departments):
    citizen = browse("citizen")
    citizen.get("/account")

    for _ in range(5):
        citizen.post("/account/identity", {"name": NAME, "idNo": OTHERS_ID_NO})
    page = citizen.post("/account/identity", {"name": NAME, "idNo": ID_NO})

    assert page.status_code == 429


# -- consent and prefill


def test_nobody_is_asked_before_the_person_agrees(browse, departments, verified):
    before = len(departments.received())

    page = browse("citizen").get("/services/outing/apply")

    assert "同意查询并带出" in page.text
    assert len(departments.received()) == before


def test_values_come_with_their_source_and_purpose(agreed, departments):
    _citizen, hidden, page = agreed

    assert page.text.count("查询于 2026-11-23 09:00") == 2
    assert re.search(rf'value="{ID_NO}" readonly', page.text)
    assert not {"sender.name", "sender.idNo"} & hidden.keys()
    asked = departments.received()[-1]
    assert (asked["operation"], "预填" in asked["purpose"]) == ("police.household.get", True)


def test_consent_is_remembered_and_another_application_asks_again(agreed):
    citizen, hidden, _page = agreed

    again = citizen.get("/services/outing/apply")
    open_case(citizen, hidden, kind="hill")
    fresh = citizen.get("/services/outing/apply")

    assert citizen.hidden(again) != {}
    assert "同意查询并带出" not in again.text
    assert "同意查询并带出" in fresh.text


def test_refused_consent_asks_nobody_and_trusts_what_is_typed(browse, host, departments, verified):
    citizen = browse("citizen")
    page = citizen.get("/services/outing/apply")
    before = len(departments.received())

    page = citizen.post("/services/outing/shared", citizen.hidden(page) | {"_consent": "refused"})

    assert "没有查询任何部门" in page.text
    assert len(departments.received()) == before
    case_no = open_case(citizen, citizen.hidden(page), **APPLICATION)
    assert sender(host, case_no)["name"] == APPLICATION["sender.name"]


def test_departments_are_not_asked_without_end_and_nothing_typed_is_lost(agreed):
    citizen, hidden, _page = agreed
    again = without_topic(hidden) | {"_consent": "agreed", "kind": "sea", "note": "毛巾"}

    pages = [citizen.post("/services/outing/shared", again) for _ in range(20)]

    assert [one.status_code for one in pages] == [200] * 19 + [429]
    assert 'value="毛巾"' in pages[-1].text


def test_source_that_is_away_leaves_the_field_to_be_typed(browse, host, departments, verified):
    departments.faults.set("police", "down")
    citizen = browse("citizen")
    page = citizen.get("/services/outing/apply")

    page = citizen.post("/services/outing/shared", citizen.hidden(page) | {"_consent": "agreed"})

    assert "部门系统暂时联系不上" in page.text
    assert "没有带出的内容，请自己填写" in page.text
    assert "已带出" not in page.text
    case_no = open_case(citizen, citizen.hidden(page), **APPLICATION)
    assert sender(host, case_no)["idNo"] == APPLICATION["sender.idNo"]


def test_what_a_browser_posts_for_a_shared_value_does_not_count(agreed, host):
    citizen, hidden, _page = agreed

    case_no = open_case(
        citizen,
        hidden,
        kind="hill",
        **{"sender.name": "冒名", "sender.idNo": OTHERS_ID_NO, "sender.name!reason": "没有异议"},
    )

    assert sender(host, case_no) == {"name": NAME, "idNo": ID_NO}


def test_answer_about_another_person_is_not_taken(browse, host, departments, verified):
    other = runtime.set_verified(host, OTHER, "另名", OTHERS_ID_NO, "made for a test")
    person = browse("other")
    page = person.get("/services/outing/apply")

    page = person.post("/services/outing/shared", person.hidden(page) | {"_consent": "agreed"})

    assert other.name == "另名"
    assert "刘桂芳" not in page.text
    assert "查询于" not in page.text


def test_shared_values_of_one_person_are_not_those_of_another(agreed, host):
    _citizen, hidden, _page = agreed
    (application,) = hidden["_key"]

    started = runtime.start_case(
        host, OTHER, "outing", {"sender": {"name": "他人", "idNo": OTHERS_ID_NO}, "kind": "hill"},
        key=application,
    )  # fmt: skip

    view = runtime.view_case(host, OTHER, started.case_no)
    assert view.data["sender"]["name"] == "他人"


def test_withdrawn_identity_takes_what_was_told_with_it(agreed, host):
    runtime.withdraw_identity(host, ME)

    assert runtime.find_shared(host, ME, "outing") is None


# -- objections


def objecting(citizen, hidden, **more):
    page = citizen.post("/services/outing/apply", without_topic(hidden) | {"_wrong": "sender.name"})
    assert "部门给出的是：陈国栋" in page.text
    told = {"kind": "hill", "sender.name": "陈国梁", "sender.name!reason": "户口本上是梁"}
    return citizen.hidden(page), told | more


def test_objection_carries_both_values_and_tells_the_department(agreed, browse, host):
    citizen, hidden, _page = agreed

    hidden, told = objecting(citizen, hidden)
    case_no = open_case(citizen, hidden, **told)

    assert sender(host, case_no)["name"] == "陈国梁"
    (one,) = runtime.list_objections(host, POLICE)
    assert (one.told["shared"], one.told["given"]) == (NAME, "陈国梁")
    assert "户口本上是梁" in citizen.get(f"/my/cases/{case_no}").text


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"sender.name!reason": " "}, "请说明共享数据错在哪里"),
        ({"sender.name!reason": "长" * 501}, "不超过 500"),
        ({"sender.name": NAME}, "与共享数据相同"),
        ({"sender.name": ""}, "请填写"),
    ],
)
def test_objection_needs_another_value_and_a_reason(agreed, more, told):
    citizen, hidden, _page = agreed
    hidden, posted = objecting(citizen, hidden, **more)

    page = citizen.post("/services/outing/apply", without_topic(hidden) | posted)

    assert (page.status_code, told in page.text) == (422, True)


def test_objection_that_is_taken_back_leaves_the_shared_value(agreed, host):
    citizen, hidden, _page = agreed
    hidden, posted = objecting(citizen, hidden)

    posted |= {"_right": "sender.name"}
    page = citizen.post("/services/outing/apply", without_topic(hidden) | posted)

    case_no = open_case(citizen, citizen.hidden(page), kind="hill")
    assert sender(host, case_no)["name"] == NAME


def test_objection_is_seen_by_who_may_see_the_element_alone(agreed, browse, host):
    citizen, hidden, _page = agreed
    hidden, posted = objecting(citizen, hidden)
    case_no = open_case(citizen, hidden, **posted)
    (duty,) = runtime.view_case(host, ME, case_no).tasks
    runtime.complete(host, ME, duty.id, {"words": "水"})

    reader = browse("reader").get(f"/cases/{case_no}")

    assert reader.status_code == 200
    assert "户口本上是梁" not in reader.text
    assert "陈国梁" not in reader.text
    registry = Actor("window", "window", frozenset({"clerk"}), "window")
    assert runtime.list_objections(host, registry) == []
    inspector = Actor("inspector", "inspector", frozenset({"supervisor"}))
    (one,) = runtime.list_objections(host, inspector)
    assert (one.row.case_no, one.told) == (case_no, {})


@pytest.mark.parametrize(
    ("path", "elements", "is_seen"),
    [
        ("sender.name", None, True),
        ("sender.name", ["sender"], True),
        ("adopters[0].name", ["adopters[].name"], True),
        ("sender.name", ["sender.nameOfShip", "note"], False),
        ("sender.name", [], False),
    ],
)
def test_places_are_seen_with_their_elements(path, elements, is_seen):
    assert is_visible(path, elements) is is_seen


def test_department_answers_once_and_the_applicant_gets_a_notice(agreed, host):
    citizen, hidden, _page = agreed
    hidden, posted = objecting(citizen, hidden)
    case_no = open_case(citizen, hidden, **posted)
    (one,) = runtime.list_objections(host, POLICE)

    runtime.answer_objection(host, POLICE, one.row.id, "corrected", "已改为梁", key="1")
    repeated = runtime.answer_objection(host, POLICE, one.row.id, "corrected", "已改为梁", key="1")

    assert repeated.repeated
    assert runtime.list_objections(host, POLICE) == []
    assert "已改为梁" in citizen.get(f"/my/cases/{case_no}").text
    citizen.post("/display", {"language": "en"})
    assert "Answer to your objection" in citizen.get(f"/my/cases/{case_no}").text
