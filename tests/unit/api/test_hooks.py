"""Webhooks of departments: signed, declared, counted once; nothing else is let in."""

import json
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from onething import jobs, messages, runtime
from onething.connectors import HttpConnector, departments_file, signatures
from onething.connectors.signatures import Message, Secret
from onething.identity.models import rate
from onething.main import create_app
from unit.connectors.conftest import simulator
from unit.serving import served

PATH = "/api/v1/hooks/police"
VERIFY = "police.identity.verify"
HOOK = """
[departments.police]
url = "http://police"
[departments.police.hook]
key_id = "police"
secret_file = "police.secret"
per_minute = 50
[[departments.police.hook.messages]]
name = "Reply"
payload = { text = "word" }
[departments.fund]
url = "http://fund"
[departments.fund.hook]
key_id = "fund"
secret_file = "police.secret"
"""
SECRET = Secret("police", b"a secret of the test")
UNTIL_S = 20


@pytest.fixture
def hooked(site, tmp_path):
    """A site whose police may send, and whose clock is that of the test."""
    secret = tmp_path / "police.secret"
    secret.write_bytes(SECRET.value)
    secret.chmod(0o600)
    file = tmp_path / "departments.toml"
    file.write_text(HOOK)
    found = departments_file.read(file)
    site.host.hooks = {code: one.hook for code, one in found.items()}
    return site


def send(site, body, delivery="d-1", *, secret=SECRET, path=PATH, at=None, **changed):
    """Send a delivery as the police do; `changed` replaces headers behind their back."""
    content = json.dumps(body).encode()
    timestamp = int((at or site.clock()).timestamp())
    message = Message("POST", path, content, delivery)
    signature = signatures.sign_request(secret, message, timestamp=timestamp, nonce="n")
    headers = {"Authorization": signature, "Idempotency-Key": delivery}
    content = changed.pop("content", content)
    return site.client.post(
        path, data=content, content_type="application/json", headers=headers | changed
    )


def reply(case_no, **more):
    return {"kind": "message", "name": "Reply", "key": case_no, "payload": {"text": "好"}} | more


def events(site, case_no):
    return [one["kind"] for one in history(site, case_no)]


def history(site, case_no):
    return site.get(f"/cases/{case_no}/history", "auditor").json["items"]


def asked(site):
    """Start a case whose call the police have taken without an answer; return it with its key."""
    site.departments.put("/_faults/police", json={"mode": "later"}).raise_for_status()
    case_no = site.start()
    send(site, reply(case_no), "reply")
    runtime.perform_due(site.host)
    with site.host.database.read() as conn:
        (job,) = jobs.unanswered_since(conn, site.clock() + timedelta(days=9), 9)
    return case_no, job.id


def answer(key, **more):
    return {
        "kind": "answer",
        "key": key,
        "operation": VERIFY,
        "answer": {"matches": True, "alive": True},
    } | more


def test_a_declared_message_reaches_the_case_that_waits_for_it(hooked):
    case_no = hooked.start()

    answered = send(hooked, reply(case_no))

    assert answered.status_code == 200, answered.text
    assert answered.json == {"delivery": "d-1", "case_no": case_no}
    assert events(hooked, case_no)[:2] == ["CaseStarted", "MessageCorrelated"]


def test_a_replay_is_answered_as_at_first_and_does_nothing(hooked):
    case_no = hooked.start()
    first = send(hooked, reply(case_no))
    before = events(hooked, case_no)

    again = send(hooked, reply(case_no))

    assert again.json == first.json
    assert events(hooked, case_no) == before


def test_a_replay_is_known_to_another_node_and_after_a_restart(hooked):
    case_no = hooked.start()
    first = send(hooked, reply(case_no))
    before = events(hooked, case_no)

    hooked.client = create_app(hooked.host).test_client()

    assert send(hooked, reply(case_no)).json == first.json
    assert events(hooked, case_no) == before


def test_the_same_delivery_at_the_same_time_counts_once(hooked):
    case_no = hooked.start()
    answers = []
    senders = [
        threading.Thread(target=lambda: answers.append(send(hooked, reply(case_no)).json))
        for _sender in range(6)
    ]

    for one in senders:
        one.start()
    for one in senders:
        one.join()

    assert answers == [{"delivery": "d-1", "case_no": case_no}] * 6
    assert events(hooked, case_no).count("MessageCorrelated") == 1


def test_the_name_of_a_delivery_is_used_for_one_delivery(hooked):
    case_no = hooked.start()
    send(hooked, reply(case_no))

    other = send(hooked, reply(case_no, payload={"text": "不"}))

    assert (other.status_code, other.json["code"]) == (409, "key-reused")


def test_deliveries_are_forgotten_after_their_time(hooked):
    case_no = hooked.start()
    send(hooked, reply(case_no))

    now = hooked.clock() + messages.KEYS_KEPT
    hooked.host.write(lambda conn: messages.drop_expired(conn, now))

    with hooked.host.database.read() as conn:
        assert messages.delivered(conn, "police", "d-1") is None


def test_a_late_answer_moves_the_case_on_once(hooked):
    case_no, key = asked(hooked)

    first = send(hooked, answer(key), "late")
    again = send(hooked, answer(key), "late-again")

    assert first.json["case_no"] == again.json["case_no"] == case_no
    assert events(hooked, case_no).count("JobCompleted") == 1


def test_a_late_refusal_is_an_incident(hooked):
    case_no, key = asked(hooked)
    refusal = {"kind": "refusal", "key": key, "operation": VERIFY, "reason": "NO_RECORD"}

    answered = send(hooked, refusal)

    assert answered.json["case_no"] == case_no
    (incident,) = hooked.get("/incidents", "operator").json["items"]
    assert incident["code"] == "NO_RECORD"


def test_another_answer_to_the_same_call_is_refused(hooked):
    _case_no, key = asked(hooked)
    send(hooked, answer(key))

    other = send(hooked, answer(key, answer={"matches": False, "alive": True}), "d-2")

    assert (other.status_code, other.json["code"]) == (409, "already-done")


def test_a_department_answers_its_own_calls_alone(hooked):
    _case_no, key = asked(hooked)
    fund = replace(SECRET, key_id="fund")

    answered = send(hooked, answer(key), secret=fund, path="/api/v1/hooks/fund")

    assert answered.status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer x"},
        {"Idempotency-Key": "d-2"},
        {"content": b'{"kind": "message"}'},
    ],
)
def test_whatever_is_wrong_with_a_signature_the_answer_is_the_same(hooked, changed):
    case_no = hooked.start()
    wrong = send(hooked, reply(case_no), secret=Secret("police", b"another secret here"))

    answered = send(hooked, reply(case_no), **changed)

    assert answered.status_code == wrong.status_code == 401
    assert answered.json == wrong.json
    assert events(hooked, case_no) == ["CaseStarted"]


@pytest.mark.parametrize("apart_s", [-301, 301])
def test_an_old_or_future_signature_is_wrong(hooked, apart_s):
    case_no = hooked.start()

    answered = send(hooked, reply(case_no), at=hooked.clock() + timedelta(seconds=apart_s))

    assert answered.status_code == 401


@pytest.mark.parametrize("department", ["nobody", "hr", "%2e%2e", "*"])
def test_a_department_without_a_hook_is_told_nothing_else(hooked, department):
    wrong = send(hooked, {}, secret=Secret("police", b"another secret here"))

    answered = send(hooked, {}, path=f"/api/v1/hooks/{department}")

    assert (answered.status_code, answered.json) == (401, wrong.json)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"kind": "order"}, 422),
        ({"kind": "message", "name": "Withdrawn"}, 404),
        ({"kind": "message", "name": "Reply", "payload": {"text": 7}}, 422),
        ({"kind": "message", "name": "Reply", "payload": {"text": "x", "more": 1}}, 422),
        ({"kind": "message", "name": "Reply", "payload": []}, 422),
        ({"kind": "message", "name": "Reply", "answer": {}}, 422),
        ({"kind": "answer", "key": "none:1", "operation": VERIFY, "answer": {}}, 422),
        ({"kind": "answer", "key": "none:1", "operation": "police.none"}, 404),
        ({"kind": "answer", "key": 7, "operation": VERIFY}, 422),
        ({"kind": "refusal", "key": "none:1", "operation": VERIFY, "reason": "BUSY"}, 422),
        ({"kind": "refusal", "key": "none:1", "operation": VERIFY, "reason": "CONFLICT"}, 404),
        ({"more": 1}, 422),
    ],
)
def test_a_delivery_that_was_not_agreed_is_refused(hooked, body, status):
    assert send(hooked, body).status_code == status


def test_a_delivery_needs_a_name(hooked):
    assert send(hooked, reply("x"), "").status_code == 422


def test_a_body_that_is_too_large_is_not_read(hooked):
    answered = send(hooked, {}, content=b" " * (1024 * 1024 + 1))

    assert answered.status_code == 413


def test_a_department_that_sends_too_often_is_asked_to_wait(hooked):
    case_no = hooked.start()
    for at in range(50):
        send(hooked, {}, f"d-{at}")

    answered = send(hooked, reply(case_no))

    assert (answered.status_code, answered.json["code"]) == (429, "too-often")
    assert int(answered.headers["Retry-After"]) <= 60
    hooked.clock.advance(timedelta(minutes=1))
    assert send(hooked, reply(case_no)).status_code == 200


def test_wrong_signatures_of_a_neighbour_do_not_lock_a_department_out(hooked):
    case_no = hooked.start()
    wrong = [send(hooked, {}, secret=Secret("police", b"x" * 16)).status_code for _ in range(11)]

    answered = send(hooked, reply(case_no))

    assert wrong[-1] == 429
    assert answered.status_code == 200


def test_a_message_may_come_before_the_case_waits_for_it(hooked):
    early = send(hooked, reply("L37050299920261123999999"))

    assert early.json == {"delivery": "d-1", "case_no": None}
    assert send(hooked, reply("L37050299920261123999999")).json == early.json


def test_the_simulator_reports_a_late_answer_twice_over_real_sockets(hooked, tmp_path):
    # The simulator signs by the machine's clock.
    hooked.clock.advance(timedelta(seconds=time.time() - hooked.clock().timestamp()))
    with served(create_app(hooked.host)) as address, simulator(tmp_path) as police:
        callback = {
            "url": f"{address}{PATH}",
            "key_id": "police",
            "secret": SECRET.value.decode(),
            "copies": 2,
        }
        police.put("/_callbacks/police", json=callback).raise_for_status()
        police.put("/_faults/police", json={"mode": "later"}).raise_for_status()
        hooked.host.departments = HttpConnector({"*": str(police.base_url)}, police)
        case_no = hooked.start()
        told = police.post("/_callbacks/police", json=reply(case_no) | {"delivery": "r"})
        runtime.perform_due(hooked.host)
        until = time.monotonic() + UNTIL_S
        while "JobCompleted" not in events(hooked, case_no) and time.monotonic() < until:
            time.sleep(0.05)

    assert told.json() == {"delivery": "r", "case_no": case_no}
    assert events(hooked, case_no).count("JobCompleted") == 1


def nodes(site) -> list:
    """Return the ways to two nodes of one database."""
    return [site.client, create_app(site.host).test_client()]


def told(site) -> int:
    """Return how many counts the nodes share at the moment."""
    with site.host.database.read() as conn:
        return conn.execute(select(func.count()).select_from(rate)).scalar_one()


def test_two_nodes_count_what_a_department_sends_together(hooked):
    both = nodes(hooked)
    statuses = []
    for at in range(90):
        hooked.client = both[at % 2]
        statuses.append(send(hooked, {}, f"d-{at}").status_code)

    taken = len(statuses) - statuses.count(429)
    assert 50 <= taken <= 60
    hooked.clock.advance(timedelta(minutes=1))
    assert send(hooked, {}, "later").status_code == 422


def test_two_nodes_count_wrong_signatures_of_an_address_together(hooked):
    both = nodes(hooked)
    statuses = []
    for at in range(20):
        hooked.client = both[at % 2]
        wrong = Secret("police", b"another secret here")
        statuses.append(send(hooked, {}, f"d-{at}", secret=wrong).status_code)

    assert statuses == [401] * 10 + [429] * 10


def test_a_department_that_keeps_to_its_rate_costs_no_count_in_the_database(hooked):
    case_no = hooked.start()

    answered = [send(hooked, reply(case_no), f"d-{at}").status_code for at in range(4)]

    assert (answered[0], told(hooked)) == (200, 0)
    send(hooked, reply(case_no), "d-5")
    assert told(hooked) == 1


def test_a_clock_that_is_set_back_locks_no_department_out(hooked):
    for at in range(50):
        send(hooked, {}, f"d-{at}")
    assert send(hooked, {}, "one more").status_code == 429

    earlier = hooked.clock() - timedelta(hours=1)
    hooked.host.clock = lambda: earlier

    again = [send(hooked, {}, f"e-{at}", at=earlier).status_code for at in range(51)]
    assert again == [422] * 50 + [429]
