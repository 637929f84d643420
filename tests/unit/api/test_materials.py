"""Materials through the API: multipart and base64, and files that are refused."""

import base64
from io import BytesIO

import pytest

from onething import identity, runtime
from onething.runtime import Upload

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_file_is_given_as_multipart_with_its_item(site):
    case_no = site.start()

    answer = site.call(
        "POST",
        f"/cases/{case_no}/materials",
        data={"file": (BytesIO(PNG), "来信.png"), "item": "reading", "material": "letter"},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 201, answer.text
    assert (answer.json["item"], answer.json["kind"]) == ("reading", "letter")
    assert answer.json["type"] == "image/png"


def test_file_is_given_as_base64(site):
    case_no = site.start()

    body = {"name": "来信.png", "content": base64.b64encode(PNG).decode()}
    answer = site.post(f"/cases/{case_no}/materials", body)

    assert answer.status_code == 201
    assert answer.json["size_bytes"] == len(PNG)


def test_repeated_upload_is_answered_again(site):
    case_no = site.start()
    body = {"name": "来信.png", "content": base64.b64encode(PNG).decode()}

    answers = [site.post(f"/cases/{case_no}/materials", body, key="m") for _ in range(2)]

    assert answers[0].json == answers[1].json
    kinds = [one["kind"] for one in site.get(f"/cases/{case_no}/history", "auditor").json["items"]]
    assert kinds.count("MaterialAdded") == 1


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("来信.pdf", PNG, 415),
        ("来信.png", b"no image", 415),
        ("来信.png", b"", 422),
        ("program.exe", b"MZ" + b"\0" * 100, 415),
    ],
)
def test_file_that_cannot_be_taken_is_refused(site, name, content, status):
    case_no = site.start()

    body = {"name": name, "content": base64.b64encode(content).decode()}
    answer = site.post(f"/cases/{case_no}/materials", body)

    assert answer.status_code == status
    assert site.get(f"/cases/{case_no}", "citizen").json["materials"] == []


def test_content_that_is_no_base64_is_refused(site):
    case_no = site.start()

    answer = site.post(f"/cases/{case_no}/materials", {"name": "a.png", "content": "…"})

    assert (answer.status_code, "content" in answer.json["fields"]) == (422, True)


def test_file_beyond_the_limit_is_refused(site_with):
    site = site_with(material_limit_bytes=10)
    case_no = site.start()

    body = {"name": "来信.png", "content": base64.b64encode(PNG).decode()}
    answer = site.post(f"/cases/{case_no}/materials", body)

    assert answer.status_code == 413


def test_large_file_passes_although_json_bodies_are_small(site):
    case_no = site.start()

    body = {"name": "来信.png", "content": base64.b64encode(PNG + b"\0" * 1_500_000).decode()}
    answer = site.post(f"/cases/{case_no}/materials", body)

    assert answer.json.get("code") != "too-large"


def test_material_for_an_item_that_the_service_has_not_is_refused(site):
    case_no = site.start()

    body = {"name": "a.png", "content": base64.b64encode(PNG).decode(), "item": "nothing"}
    answer = site.post(f"/cases/{case_no}/materials", body)

    assert answer.status_code == 422


def test_stranger_gives_no_material(site):
    case_no = site.start()

    body = {"name": "a.png", "content": base64.b64encode(PNG).decode()}
    answer = site.post(f"/cases/{case_no}/materials", body, "stranger")

    assert answer.status_code == 404
    assert ("stranger", False) in [(one.actor, one.is_allowed) for one in site.readings(case_no)]


def start_with_files(site) -> str:
    """Open a case with a scan, which the reader's item declares, and a proof, which none does."""
    with site.host.database.read() as conn:
        citizen = identity.actor(conn, "citizen")
    answers = {"sender": {"name": "陈志远", "idNo": "37050219680412991X"}, "note": "你好"}
    uploads = [Upload("来信.png", PNG, field="scan"), Upload("核实.txt.pdf", PDF, field="proof")]
    return runtime.start_case(site.host, citizen, "letter", answers, uploads=uploads).case_no


def names(answer) -> list[str]:
    return sorted(one["name"] for one in answer.json["materials"])


def test_clerk_sees_of_the_applications_files_those_of_the_elements_of_the_own_item(site):
    case_no = start_with_files(site)

    own, whole = (site.get(f"/cases/{case_no}", user) for user in ("reader", "citizen"))

    assert names(own) == ["来信.png"]
    assert names(whole) == ["来信.png", "核实.txt.pdf"]


def test_file_given_with_a_task_is_seen_by_the_tasks_item(site):
    case_no = site.start("citizen")
    with site.host.database.read() as conn:
        reader = identity.actor(conn, "reader")
    upload = Upload("答复.png", PNG)

    runtime.complete(site.host, reader, site.task(), {"answer": "收到"}, uploads=[upload])

    (given,) = site.get(f"/cases/{case_no}", "colleague").json["materials"]
    assert (given["name"], given["item"]) == ("答复.png", "reading")


def test_file_that_names_no_item_is_for_the_department_that_leads_the_case(site):
    case_no = site.start("citizen")
    body = {"name": "附件.png", "content": base64.b64encode(PNG).decode()}

    answer = site.post(f"/cases/{case_no}/materials", body, "citizen")

    assert answer.json["item"] == "reading"
    assert names(site.get(f"/cases/{case_no}", "reader")) == ["附件.png"]
