"""What every request meets: tokens, bodies, keys, errors."""

import errno
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from onething import identity
from onething.identity import SYSTEM

PROBLEM = "application/problem+json"


def test_request_without_a_token_is_told_how_to_send_one(site):
    answer = site.get("/cases", user=None)

    assert answer.status_code == 401
    assert answer.mimetype == PROBLEM
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json["code"] == "not-signed-in"


@pytest.mark.parametrize("token", ["ot_0", "ot_000000000000_" + "a" * 43, "Bearer", "…"])
def test_unknown_token_is_refused(site, token):
    headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}

    answer = site.get("/cases", user=None, headers=headers)

    assert answer.status_code == 401


def test_address_whose_tokens_keep_failing_has_to_wait(site_with):
    site = site_with(sign_in_per_minute=3)
    wrong = {"Authorization": "Bearer ot_000000000000_" + "a" * 43}

    statuses = [site.get("/cases", user=None, headers=wrong).status_code for _ in range(4)]

    assert statuses == [401, 401, 401, 429]


def test_waiting_address_is_told_for_how_long_and_let_in_afterwards(site_with):
    site = site_with(sign_in_per_minute=1)
    wrong = {"Authorization": "Bearer ot_000000000000_" + "a" * 43}
    site.get("/cases", user=None, headers=wrong)

    refused = site.get("/cases", user=None, headers=wrong)
    site.clock.advance(timedelta(seconds=int(refused.headers["Retry-After"])))
    answer = site.get("/cases", user="auditor")

    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert answer.status_code == 200


def test_neighbour_with_a_good_token_goes_on_working(site_with):
    site = site_with(sign_in_per_minute=1)
    site.get("/cases", user="auditor")
    wrong = {"Authorization": "Bearer ot_000000000000_" + "a" * 43}
    for _ in range(3):
        site.get("/cases", user=None, headers=wrong)

    answer = site.get("/cases", user="auditor")

    assert answer.status_code == 200


def test_revoked_token_stops_working_within_seconds(site):
    site.get("/cases", user="auditor")
    token_id = site.tokens["auditor"].split("_")[1]
    identity.revoke_token(site.host.database, SYSTEM, site.host.clock(), token_id)
    site.clock.advance(timedelta(seconds=6))

    answer = site.get("/cases", user="auditor")

    assert answer.status_code == 401


def test_revoked_token_stops_working_where_the_clock_was_set_back(site):
    assert site.get("/tasks").status_code == 200
    true_clock = site.host.clock

    site.host.clock = lambda: true_clock() - timedelta(hours=1)
    token_id = site.tokens["reader"].split("_")[1]
    identity.revoke_token(site.host.database, SYSTEM, site.host.clock(), token_id)

    assert site.get("/tasks").status_code == 401


def test_unknown_path_is_answered_as_a_problem(site):
    answer = site.get("/nothing/here")

    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)


def test_wrong_method_names_the_right_one(site):
    answer = site.call("DELETE", "/services")

    assert (answer.status_code, answer.mimetype) == (405, PROBLEM)
    assert answer.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422),
        (b"[1]", 422),
        (b'"text"', 422),
        (b'{"data": NaN}', 422),
        (b'{"data": {"weight": 1e999999}}', 422),
        (b'{"data": {"note": "\\ud800"}}', 422),
        (b'{"data": ' + b"[" * 100 + b"]" * 100 + b"}", 413),
        (b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 413),
        (b'{"data": {"note": "' + b"x" * 1_100_000 + b'"}}', 413),
        (b'{"data": {"\xff": 1}}', 422),
        (b'{"data": 7}', 422),
    ],
)
def test_body_that_is_no_sensible_json_is_refused(site, body, status):
    answer = site.post("/services/letter/cases", data=body, content_type="application/json")

    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert answer.json["status"] == status
    assert site.get("/cases", "auditor").json["items"] == []


def test_body_of_another_type_is_refused(site):
    answer = site.post("/services/letter/cases", data=b"a=b", content_type="text/plain")

    assert (answer.status_code, answer.mimetype) == (415, PROBLEM)


def test_body_beyond_the_server_limit_is_refused(site_with):
    site = site_with(body_limit_bytes=1000)

    answer = site.post("/services/letter/cases", data=b" " * 2000, content_type="application/json")

    assert (answer.status_code, answer.mimetype) == (413, PROBLEM)


def test_overlong_idempotency_key_is_refused(site):
    answer = site.post("/services/letter/cases", {"data": {}}, key="k" * 201)

    assert answer.status_code == 422


def test_unforeseen_error_is_a_problem_without_inner_details(site):
    site.host.database.write(lambda conn: conn.exec_driver_sql("DROP TABLE task"))

    answer = site.get("/tasks")

    assert (answer.status_code, answer.mimetype) == (500, PROBLEM)
    assert "task" not in answer.json["detail"]


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 1", {}, psycopg.errors.AdminShutdown("terminating connection")),
        OperationalError("INSERT", {}, psycopg.errors.DiskFull("No space left on device")),
        InternalError("INSERT", {}, psycopg.errors.ReadOnlySqlTransaction("on a standby")),
        PoolTimeout("no connection came free"),
        TimeoutError("the database is locked"),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
)
def test_outage_of_database_or_disk_tells_when_to_ask_again(site, monkeypatch, error):
    def fail(_command):
        raise error

    monkeypatch.setattr(site.host.database, "write", fail)

    answer = site.post("/services/letter/cases", {"data": {"to": "x"}})

    assert (answer.status_code, answer.json["code"]) == (503, "storage-unavailable")
    assert answer.headers["Retry-After"] == "2"


@pytest.mark.parametrize("number", ["-1", "1e3", "\u0661", "\u00b2", "9" * 5000, "%00", "%ff"])
def test_number_that_is_none_is_refused_in_every_list(site, number):
    case_no = site.start()

    answers = [
        site.get(f"/tasks?limit={number}"),
        site.get(f"/cases?limit={number}", "auditor"),
        site.get(f"/incidents?limit={number}", "operator"),
        site.get(f"/cases/{case_no}/history?after={number}", "auditor"),
    ]

    assert [(one.status_code, one.mimetype) for one in answers] == [
        (422, "application/problem+json")
    ] * 4


def test_unknown_state_of_incidents_is_refused(site):
    answer = site.get("/incidents?state=lost", "operator")

    assert (answer.status_code, "state" in answer.json["fields"]) == (422, True)


def test_misspelt_name_in_a_body_is_refused_by_name(site):
    site.start()
    task = site.task()

    answer = site.post(f"/tasks/{task}/delegate", {"to": "colleague", "form": "x"})

    assert (answer.status_code, list(answer.json["fields"])) == (422, ["form"])
    assert site.get(f"/tasks/{task}").json["assignee"] is None


def test_expired_token_is_refused(site):
    site.clock.advance(timedelta(days=31))

    answer = site.get("/tasks")

    assert (answer.status_code, answer.json["code"]) == (401, "not-signed-in")


def test_answer_sets_no_cookie_and_may_be_kept_nowhere(site):
    site.client.set_cookie("onething", "somebody")

    answer = site.get("/services")

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/%2e%2e/services"])
def test_path_outside_the_table_is_never_answered_with_a_page(site, path):
    answer = site.client.get(f"/api/v1{path}")

    assert answer.status_code in (401, 404)
    assert answer.mimetype == PROBLEM
