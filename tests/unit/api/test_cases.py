"""Cases through the API: start, read, page, withdraw."""

SENDER = {"name": "陈志远", "idNo": "37050219680412991X"}


def test_service_is_listed_with_its_items(site):
    (service,) = site.get("/services").json["items"]

    assert (service["code"], service["number"]) == ("letter", 1)
    assert service["items"][0]["department"] == "window"


def test_application_opens_a_case_that_the_applicant_can_read(site):
    case_no = site.start("citizen")

    case = site.get(f"/cases/{case_no}", "citizen").json

    assert case["data"]["note"] == "你好"
    assert [item["id"] if "id" in item else item["item_id"] for item in case["items"]] == [
        "reading"
    ]


def test_repeated_application_is_answered_not_repeated(site):
    body = {"data": {"sender": SENDER, "note": "你好"}}

    first = site.post("/services/letter/cases", body, "citizen", key="once")
    second = site.post("/services/letter/cases", body, "citizen", key="once")

    assert second.json == first.json
    assert len(site.get("/cases", "auditor").json["items"]) == 1


def test_key_used_for_another_application_is_refused(site):
    body = {"data": {"sender": SENDER, "note": "你好"}}
    site.post("/services/letter/cases", body, "citizen", key="once")

    other = {"data": {"sender": SENDER, "note": "再见"}}
    answer = site.post("/services/letter/cases", other, "citizen", key="once")

    assert (answer.status_code, answer.json["code"]) == (409, "key-reused")


def test_second_application_on_the_same_subject_names_the_open_case(site):
    case_no = site.start("citizen")

    body = {"data": {"sender": SENDER}}
    answer = site.post("/services/letter/cases", body, "citizen")

    assert answer.status_code == 409
    assert (answer.json["code"], answer.json["case_no"]) == ("case-already-open", case_no)


def test_wrong_values_are_told_per_field_and_nothing_is_written(site):
    body = {"data": {"sender": {"name": "陈", "idNo": "123"}, "note": "x" * 101}}

    answer = site.post("/services/letter/cases", body, "citizen")

    assert answer.status_code == 422
    assert {"sender.idNo", "note"} <= answer.json["fields"].keys()
    assert site.get("/cases", "auditor").json["items"] == []


def test_unknown_service_is_not_found(site):
    answer = site.post("/services/nothing/cases", {"data": {}}, "citizen")

    assert answer.status_code == 404


def test_role_that_may_not_apply_is_refused(site):
    answer = site.post("/services/letter/cases", {"data": {"sender": SENDER}}, "auditor")

    assert answer.status_code == 403


def test_decimal_comes_back_with_all_its_digits(site):
    case_no = site.start("citizen", weight=1)
    raw = b'{"data": {"sender": {"name": "\xe9\x99\x88\xe5\xbf\x97\xe8\xbf\x9c",'
    raw += b' "idNo": "370502196909039902"}, "weight": 12.345}}'
    headers = {"Authorization": f"Bearer {site.tokens['citizen']}"}
    other = site.client.post(
        "/api/v1/services/letter/cases", data=raw, headers=headers, content_type="application/json"
    ).json["case_no"]

    text = site.get(f"/cases/{other}", "citizen").text

    assert case_no != other
    assert '"weight":12.345' in text


def test_case_of_another_department_is_not_found_and_the_attempt_logged(site):
    case_no = site.start("citizen")

    answer = site.get(f"/cases/{case_no}", "stranger")

    assert answer.status_code == 404
    assert ("stranger", False) in [(one.actor, one.is_allowed) for one in site.readings(case_no)]


def test_history_of_another_departments_case_is_not_found_and_the_attempt_logged(site):
    case_no = site.start("citizen")

    answer = site.get(f"/cases/{case_no}/history", "stranger")

    assert answer.status_code == 404
    assert ("stranger", False) in [(one.actor, one.is_allowed) for one in site.readings(case_no)]


def test_case_never_opened_looks_like_one_that_is_not_mine(site):
    case_no = site.start("citizen")
    never = case_no[:-4] + "0000"

    answers = [site.get(f"/cases/{number}", "stranger") for number in (case_no, never)]

    assert answers[0].status_code == answers[1].status_code == 404
    assert answers[0].json["title"] == answers[1].json["title"]


def test_clerk_sees_only_the_elements_that_the_own_item_declares(site):
    case_no = site.start("citizen", weight=3)

    data = site.get(f"/cases/{case_no}", "reader").json["data"]

    assert data == {"note": "你好", "weight": 3}


def test_pages_of_cases_follow_each_other_without_gap_or_repetition(site):
    ids = ["37050219680412991X", "370502196909039902", "370502199605189913"]
    opened = {site.start("citizen", sender={"name": "陈志远", "idNo": one}) for one in ids}

    first = site.get("/cases?limit=2", "auditor").json
    second = site.get(f"/cases?limit=2&after={first['next']}", "auditor").json

    numbers = [case["case_no"] for case in first["items"] + second["items"]]
    assert len(numbers) == 3
    assert set(numbers) == opened
    assert second["next"] is None


def test_limit_beyond_the_largest_page_is_refused(site):
    statuses = [site.get(f"/cases?limit={one}", "auditor").status_code for one in ("0", "201", "x")]

    assert statuses == [422, 422, 422]


def test_history_is_read_in_pages_without_personal_values(site):
    case_no = site.start("citizen")
    site.post(f"/tasks/{site.task()}/claim")

    first = site.get(f"/cases/{case_no}/history?limit=1", "auditor").json
    second = site.get(f"/cases/{case_no}/history?after={first['next']}", "auditor")

    assert [one["kind"] for one in first["items"]] == ["CaseStarted"]
    assert [one["kind"] for one in second.json["items"]] == ["TaskClaimed"]
    assert SENDER["idNo"] not in second.text + str(first)


def test_applicant_withdraws_a_case(site):
    case_no = site.start("citizen")

    answer = site.post(f"/cases/{case_no}/withdraw", {"reason": "写错了"}, "citizen")

    assert answer.status_code == 200
    assert site.get("/tasks").json["items"] == []


def test_repeated_withdrawal_is_answered_again(site):
    case_no = site.start("citizen")

    answers = [
        site.post(f"/cases/{case_no}/withdraw", {"reason": "写错了"}, "citizen", key="w")
        for _ in range(2)
    ]

    assert answers[0].json == answers[1].json


def test_stranger_cannot_withdraw_and_the_attempt_is_logged(site):
    case_no = site.start("citizen")

    answer = site.post(f"/cases/{case_no}/withdraw", {}, "stranger")

    assert answer.status_code in (403, 404)
    assert site.get("/tasks").json["items"] != []


def test_an_operator_suspends_resumes_and_cancels_a_case(site):
    case_no = site.start("citizen")
    why = {"reason": "系统维护"}

    kinds = []
    for verb in ("suspend", "resume", "cancel"):
        assert site.post(f"/cases/{case_no}/{verb}", why, "operator").status_code == 200
        events = site.get(f"/cases/{case_no}/history", "auditor").json["items"]
        kinds.append(events[-1]["kind"])

    assert kinds == ["Suspended", "Resumed", "CaseCancelled"]
    assert site.post(f"/cases/{case_no}/suspend", why, "citizen").status_code == 403
    assert site.post(f"/cases/{case_no}/suspend", {}, "operator").status_code == 422


def test_a_suspended_case_is_refused_with_its_own_code(site):
    case_no = site.start("citizen")
    site.post(f"/cases/{case_no}/suspend", {"reason": "系统维护"}, "operator")

    answer = site.post(f"/cases/{case_no}/withdraw", {}, "citizen")

    assert answer.status_code == 409
    assert answer.json["type"].endswith("#instance-suspended")
