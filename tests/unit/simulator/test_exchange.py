import pytest

from onething.connectors import operations
from onething.errors import AnswerInvalid, DepartmentRefused, DepartmentUnavailable
from onething.simulator.desk import ANSWERS

CANCEL = "police.household.cancel"


def test_every_operation_of_the_contracts_is_answered_and_no_other():
    assert set(ANSWERS) == set(operations())


def test_the_same_key_gives_the_same_answer_and_no_second_effect(city, people):
    asked = {"idNo": people["丁桂香"], "diedOn": "2026-05-30"}

    first = city.call(CANCEL, key="once", **asked)
    second = city.call(CANCEL, key="once", **asked)

    assert first == second
    assert first["receiptNo"].endswith("000001")


def test_another_key_for_the_same_thing_is_a_conflict(city, people):
    asked = {"idNo": people["丁桂香"], "diedOn": "2026-05-30"}
    city.call(CANCEL, key="one", **asked)

    with pytest.raises(DepartmentRefused, match="已注销") as refused:
        city.call(CANCEL, key="two", **asked)

    assert refused.value.reason == "CONFLICT"


def test_a_key_used_for_another_request_is_refused(city, people):
    city.call("police.identity.verify", key="k", idNo=people["林晓彤"], name="林晓彤")

    with pytest.raises(AnswerInvalid, match="422"):
        city.call("police.identity.verify", key="k", idNo=people["林晓彤"], name="别人")


def test_a_refused_request_changes_nothing_and_may_come_again_with_its_key(city, people):
    asked = {"idNo": people["丁桂香"], "kind": "高龄津贴", "from": "2026-07-01"}
    with pytest.raises(DepartmentRefused):
        city.call("civil.welfare.stop", key="k", **asked)
    city.records.put("welfare", {"idNo": people["丁桂香"], "kind": "高龄津贴"})

    assert city.call("civil.welfare.stop", key="k", **asked)["receiptNo"]


def test_a_person_nobody_knows_has_no_record(city):
    with pytest.raises(DepartmentRefused) as refused:
        city.call("police.household.get", idNo="110101199001010015")

    assert refused.value.reason == "NO_RECORD"


def test_every_request_is_logged_with_its_case(city, people):
    city.call("police.household.get", case="L-one", idNo=people["林晓彤"])
    city.call("civil.marriage.check", case="L-two", idNo=people["林晓彤"])

    (line,) = city.received("L-one")
    assert line["operation"] == "police.household.get"
    assert line["body"] == {"idNo": people["林晓彤"]}
    assert line["status"] == 200
    assert line["answer"]["name"] == "林晓彤"
    assert line["purpose"] == operations()["police.household.get"].purpose
    assert len(city.received()) == 2


@pytest.mark.parametrize(
    ("mode", "reason"),
    [("no_record", "NO_RECORD"), ("conflict", "CONFLICT"), ("revoked", "REVOKED")],
)
def test_a_department_refuses_on_demand(city, people, mode, reason):
    city.fault("police", mode=mode)

    with pytest.raises(DepartmentRefused) as refused:
        city.call("police.household.get", idNo=people["林晓彤"])

    assert refused.value.reason == reason


def test_a_department_that_is_down_does_nothing(city, people):
    city.fault("police", mode="down", times=1)
    asked = {"idNo": people["丁桂香"], "diedOn": "2026-05-30"}

    with pytest.raises(DepartmentUnavailable):
        city.call(CANCEL, key="k", **asked)

    assert city.call("police.household.get", idNo=people["丁桂香"])["alive"]


def test_rubbish_is_no_answer(city, people):
    city.fault("police", mode="rubbish")

    with pytest.raises(AnswerInvalid):
        city.call("police.household.get", idNo=people["林晓彤"])


def test_an_answer_that_comes_too_late_was_work_done_and_the_key_brings_it_back(city, people):
    city.fault("police", mode="timeout", times=1)
    asked = {"idNo": people["丁桂香"], "diedOn": "2026-05-30"}

    with pytest.raises(DepartmentUnavailable):
        city.call(CANCEL, key="k", **asked)
    again = city.call(CANCEL, key="k", **asked)

    assert city.pauses == [operations()[CANCEL].timeout_s + 1]
    assert again["receiptNo"].endswith("000001")


def test_a_slow_department_answers_in_time(city, people):
    city.fault("police", mode="slow")

    assert city.call("police.household.get", idNo=people["林晓彤"])["name"] == "林晓彤"
    assert 0 < city.pauses[0] < operations()["police.household.get"].timeout_s


def test_a_fault_of_one_operation_leaves_the_others_alone(city, people):
    city.fault("police", mode="down", operation=CANCEL)

    assert city.call("police.household.get", idNo=people["林晓彤"])


def test_a_fault_ends_after_its_times_or_when_taken_away(city, people):
    city.fault("police", mode="down", times=2)
    city.fault("civil", mode="down")
    for _ in range(2):
        with pytest.raises(DepartmentUnavailable):
            city.call("police.household.get", idNo=people["林晓彤"])
    city.http.delete("/_faults/civil").raise_for_status()

    assert city.call("police.household.get", idNo=people["林晓彤"])
    assert city.call("civil.marriage.check", idNo=people["林晓彤"])
    assert city.http.get("/_faults").json() == []


@pytest.mark.parametrize(
    "fault",
    [{"mode": "explode"}, {"mode": "down", "times": 0}, {"mode": "down", "operation": "hr.x"}, {}],
)
def test_a_fault_that_makes_no_sense_is_refused(city, fault):
    assert city.http.put("/_faults/police", json=fault).status_code == 422


def test_given_records_are_answered_from(city):
    id_no = "370502199003079900"
    city.http.put("/_records/people", json=[{"idNo": id_no, "name": "新来的"}]).raise_for_status()

    assert city.call("police.identity.verify", idNo=id_no, name="新来的")["matches"]


@pytest.mark.parametrize(
    ("kind", "row", "status"),
    [
        ("dragons", {}, 404),
        ("people", {"name": "无号"}, 422),
        ("people", {"idNo": "370502199003079900", "tail": 1}, 422),
        ("people", {"idNo": "370502199003079900", "alive": "yes"}, 422),
        ("pensions", {"idNo": "370502199003079900", "monthlyPension": "much"}, 422),
        ("people", "no object", 422),
    ],
)
def test_records_out_of_form_are_refused_together(city, kind, row, status):
    before = len(city.records.find("people"))
    good = {"idNo": "37050219900307990X", "name": "好"}

    assert city.http.put(f"/_records/{kind}", json=[good, row]).status_code == status
    assert len(city.records.find("people")) == before


def test_a_reset_forgets_everything_and_begins_with_the_seed(city, people):
    city.fault("police", mode="down")
    city.call("civil.marriage.check", key="k", idNo=people["林晓彤"])
    city.records.put("people", {"idNo": "370502199003079900", "name": "新来的"})

    city.http.post("/_reset").raise_for_status()

    assert city.received() == []
    assert city.http.get("/_faults").json() == []
    assert {person["name"] for person in city.records.find("people")} == set(people)


def test_a_reset_without_seed_leaves_nobody(city):
    assert city.http.post("/_reset", json={"seed": False}).json() == {"people": 0}


def test_a_change_without_a_key_is_refused(city, people):
    answer = city.http.post(
        "/police/household/cancel", json={"idNo": people["丁桂香"], "diedOn": "2026-05-30"}
    )

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("address", "content", "status"),
    [
        ("/police/household/get", b"{", 422),
        ("/police/household/get", b'{"idNo": 5}', 422),
        ("/police/household/get", b'["x"]', 422),
        ("/police/household/burn", b"{}", 404),
        ("/space/fly", b"{}", 404),
    ],
)
def test_a_bad_request_is_answered_as_such(city, address, content, status):
    assert city.http.post(address, content=content).status_code == status


def test_records_outlive_the_process(tmp_path):
    from onething.simulator import Records  # noqa: PLC0415 - opened twice on purpose here

    first = Records(tmp_path / "city.db")
    first.put("people", {"idNo": "370502199003079900", "name": "留下的"})
    first.close()

    assert Records(tmp_path / "city.db").find("people")[0]["name"] == "留下的"
