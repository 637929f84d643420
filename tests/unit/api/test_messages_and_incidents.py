"""Messages, incidents and deployments through the API."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from onething import runtime

PACKAGE = Path(__file__).parent / "package"


def zipped(**more: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(PACKAGE.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(PACKAGE).as_posix())
        for name, data in more.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_message_reaches_the_case_that_waits_for_it(site):
    case_no = site.start()

    body = {"name": "Reply", "key": case_no, "payload": {"text": "好"}}
    answer = site.post("/messages", body, "operator")

    assert answer.json == {"delivered": True, "case_no": case_no, "sequence": 2}


def test_message_that_nobody_waits_for_says_so(site):
    answer = site.post("/messages", {"name": "Reply", "key": "nobody"}, "operator")

    assert answer.json == {"delivered": False}


def test_repeated_message_is_answered_and_not_delivered_again(site):
    case_no = site.start()
    body = {"name": "Reply", "key": case_no, "keep_seconds": 60}

    answers = [site.post("/messages", body, "operator", key="m") for _ in range(2)]

    assert answers[0].json == answers[1].json
    assert answers[0].json["delivered"] is True


def test_key_used_for_another_message_is_refused(site):
    case_no = site.start()
    site.post("/messages", {"name": "Reply", "key": case_no}, "operator", key="m")

    answer = site.post("/messages", {"name": "Other", "key": case_no}, "operator", key="m")

    assert (answer.status_code, answer.json["code"]) == (409, "key-reused")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": 7},
        {"name": "Reply", "payload": []},
        {"name": "Reply", "keep_seconds": -1},
        {"name": "Reply", "keep_seconds": True},
        {"name": "Reply", "keep_seconds": 10**12},
    ],
)
def test_message_that_is_none_is_refused(site, body):
    answer = site.post("/messages", body, "operator")

    assert answer.status_code == 422


def test_applicant_sends_no_messages(site):
    answer = site.post("/messages", {"name": "Reply"}, "citizen")

    assert answer.status_code == 403


def incident(site) -> dict:
    """Let the police be down until the job gives up; return the incident."""
    site.departments.put("/_faults/police", json={"mode": "down"}).raise_for_status()
    site.start()
    for _ in range(20):
        runtime.perform_due(site.host)
        site.clock.advance(timedelta(minutes=30))
    (found,) = site.get("/incidents", "operator").json["items"]
    return found


def test_department_that_stays_down_becomes_an_incident(site):
    found = incident(site)

    assert (found["kind"], found["code"]) == ("job", "UNAVAILABLE")


def test_retried_incident_goes_on_when_the_department_answers(site):
    found = incident(site)
    site.departments.delete("/_faults/police")

    answer = site.post(f"/incidents/{found['id']}/retry", {"reason": "又通了"}, "operator")
    runtime.perform_due(site.host)

    assert answer.status_code == 200
    assert site.get("/incidents", "operator").json["items"] == []
    kinds = [
        one["kind"]
        for one in site.get(f"/cases/{found['case_no']}/history", "auditor").json["items"]
    ]
    assert kinds[-2:] == ["JobRetried", "JobCompleted"]


def test_resolved_incident_is_not_retried_again(site):
    found = incident(site)
    site.post(f"/incidents/{found['id']}/retry", {}, "operator")

    answer = site.post(f"/incidents/{found['id']}/retry", {}, "operator")

    assert answer.status_code == 409


def test_repeated_retry_is_answered_as_the_first_one(site):
    found = incident(site)
    path, body = f"/incidents/{found['id']}/retry", {"reason": "又通了"}

    answers = [site.post(path, body, "operator", key="k") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json


def test_key_of_a_retry_does_not_serve_another_request(site):
    found = incident(site)
    path = f"/incidents/{found['id']}/retry"
    site.post(path, {"reason": "又通了"}, "operator", key="k")

    answer = site.post(path, {"reason": "再来"}, "operator", key="k")

    assert (answer.status_code, answer.json["code"]) == (409, "key-reused")


def test_clerk_sees_no_incidents(site):
    answer = site.get("/incidents", "reader")

    assert answer.status_code == 403


def test_package_equal_to_the_newest_is_answered_with_that_one(site):
    answer = site.post(
        "/deployments", user="designer", data=zipped(), content_type="application/zip"
    )

    assert answer.status_code == 201, answer.text
    assert (answer.json["service"], answer.json["number"]) == ("letter", 1)


def test_changed_package_becomes_the_next_deployment(site):
    data = zipped(**{"bpmn/letter/README.md": b"more"})

    answer = site.post("/deployments", user="designer", data=data, content_type="application/zip")

    assert answer.json["number"] == 2


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"no zip", "application/zip", 422),
        (b"", "application/zip", 422),
        (b"{}", "application/json", 415),
    ],
)
def test_upload_that_is_no_package_is_refused(site, data, kind, status):
    answer = site.post("/deployments", user="designer", data=data, content_type=kind)

    assert answer.status_code == status


def test_model_with_external_entities_is_refused_and_nothing_stored(site):
    bad = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
    data = zipped(**{"bpmn/letter/other.bpmn": bad})

    answer = site.post("/deployments", user="designer", data=data, content_type="application/zip")

    assert (answer.status_code, answer.json["code"]) == (422, "model-refused")
    assert answer.json["findings"][0]["file"] == "bpmn/letter/other.bpmn"
    assert site.get("/services").json["items"][0]["number"] == 1


def test_clerk_deploys_nothing(site):
    answer = site.post("/deployments", user="reader", data=zipped(), content_type="application/zip")

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["../../evil.txt", "/etc/evil.txt", "bpmn/../../evil.txt"])
def test_package_whose_paths_leave_it_is_refused(site, path):
    data = zipped(**{path: b"x"})

    answer = site.post("/deployments", user="designer", data=data, content_type="application/zip")

    assert (answer.status_code, answer.json["code"]) == (422, "invalid-input")


def test_package_that_unpacks_to_a_flood_is_refused(site):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bpmn/letter/flood.txt", bytes(70 * 1024 * 1024))

    answer = site.post(
        "/deployments", user="designer", data=buffer.getvalue(), content_type="application/zip"
    )

    assert (answer.status_code, answer.json["code"]) == (413, "too-large")
