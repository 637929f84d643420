"""The files of an application that waits: opened by its two parties alone, as stamped copies."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from fpdf import FPDF
from PIL import Image

from onething import history, runtime
from onething.catalog import Catalog
from onething.definitions import Package
from onething.documents.stamp import Stamp
from onething.documents.stamped_image import stamped_image
from onething.errors import InvalidInput
from onething.identity import SYSTEM
from onething.runtime import KeptFile
from unit.web.conftest import MONDAY
from unit.web.test_materials import ofd
from unit.web.test_two_parties import (
    ANSWERS,
    ME,
    OTHER,
    PAIRING,
    SECOND,
    SEND,
    paired,  # noqa: F401 - a fixture
    verified,
)

FORM = "forms/pair/application.form"


def picture(colour="navy") -> bytes:
    out = BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "PNG")
    return out.getvalue()


def paper() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    return bytes(pdf.output())


@pytest.fixture
def invite(browse, host):
    """Let the first one invite with a file; return the address of the application."""

    def invite(content: bytes, name: str) -> str:
        citizen = browse("citizen")
        citizen.get("/services/pair/apply")
        file = (BytesIO(content), name)
        page = citizen.post("/services/pair/apply", {**ANSWERS, "plan": file})
        return citizen.post(SEND, {**citizen.hidden(page), "_agreed": "1"}).location

    return invite


@pytest.fixture
def join(host):
    def join(address: str) -> None:
        code = runtime.view_invitation(host, ME, id_of(address)).code
        runtime.join_invitation(host, OTHER, code, SECOND)

    return join


def id_of(address: str) -> str:
    return address.rpartition("/")[2]


def files_of(host, address: str) -> list[str]:
    joint = runtime.view_invitation(host, ME, id_of(address)).joint
    return [f"{address}/files/{one.id}" for one in joint.files]


@pytest.fixture
def shared(invite, join, host) -> str:
    """Let the other one have come to an application with a picture; return the file's address."""
    address = invite(picture(), "plan.png")
    join(address)
    (link,) = files_of(host, address)
    return link


EVERY = ["", "/page", "/thumbnail", "/view"]


def answers(browser, link: str) -> list[int]:
    return [browser.get(link + one).status_code for one in EVERY]


def test_the_invited_is_led_to_the_files_and_sees_pictures_where_they_can_do_nothing(
    browse, shared
):
    other = browse("other")

    listed = other.get(shared.partition("/files/")[0])
    page = other.get(f"{shared}/view")
    shown = other.get(f"{shared}/page")

    assert f'href="{shared}/view"' in listed.text
    assert f'src="{shared}/thumbnail"' in listed.text
    assert "行程" in listed.text.partition('id="files"')[2]
    assert f'src="{shared}/page"' in page.text
    assert shown.data[:3] == b"\xff\xd8\xff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert other.get(shared).headers["Content-Disposition"].startswith("attachment")


def test_a_copy_says_what_it_is_of_and_which_of_the_two_looked(browse, shared, host):
    at = MONDAY.astimezone(host.zone)
    reference = f"申请尚未提交 {id_of(shared.partition('/files/')[0])[:8]}"

    for who, called in (("other", "同行人"), ("citizen", "申请人")):
        copy = browse(who).get(f"{shared}/page").data

        assert copy == stamped_image(picture(), Stamp(reference, called, at), "page")


def test_a_pdf_is_shown_as_a_stamped_copy(browse, invite, join, host):
    address = invite(paper(), "plan.pdf")
    join(address)
    (link,) = files_of(host, address)

    shown = browse("other").get(f"{link}/page")

    assert shown.mimetype == "application/pdf"
    assert b"/Mark" in shown.data


def test_who_opened_which_file_stands_in_the_access_log(browse, shared, host):
    browse("other").get(f"{shared}/page")
    browse("third").get(f"{shared}/page")

    host.access_log.flush()
    with host.database.read() as conn:
        found = [one for _number, one in history.readings(conn) if " page " in one.page]
    file_id = id_of(shared)
    assert sorted((one.actor, one.page, one.fields, one.is_allowed) for one in found) == [
        ("other", f"invitation page {file_id}", ("plan",), True),
        ("third", f"invitation page {file_id}", (), False),
    ]


def test_nobody_else_opens_a_file_and_the_invited_only_after_coming_with_the_code(
    browse, invite, host
):
    (link,) = files_of(host, invite(picture(), "plan.png"))

    found = {who: answers(browse(who), link) for who in ("other", "third", "reader", "auditor")}

    assert set(map(tuple, found.values())) == {(404,) * 4}


def test_a_file_that_the_application_does_not_hold_is_not_found(browse, shared):
    assert answers(browse("other"), shared[:-4] + "0000") == [404] * 4


def test_whoever_turns_out_to_be_somebody_else_opens_nothing_more(browse, shared, host):
    verified(host, OTHER, "37050219680412991X")

    assert answers(browse("other"), shared) == [404] * 4


def declined(host, address):
    runtime.decline_invitation(host, OTHER, id_of(address), "日期不合适")


def cancelled(host, address):
    runtime.cancel_invitation(host, ME, id_of(address))


def opened(host, address):
    seen = runtime.view_invitation(host, OTHER, id_of(address)).digest
    assert runtime.agree_to_application(host, OTHER, id_of(address), seen)


@pytest.mark.parametrize(
    ("end", "inviter"), [(declined, [200] * 4), (cancelled, [404] * 4), (opened, [404] * 4)]
)
def test_once_it_does_not_wait_the_invited_opens_it_no_more(browse, shared, host, end, inviter):
    end(host, shared.partition("/files/")[0])

    assert answers(browse("other"), shared) == [404] * 4
    assert answers(browse("citizen"), shared) == inviter


def test_nor_once_its_time_is_over(browse, shared, clock):
    clock.advance(timedelta(days=30))

    assert answers(browse("other"), shared) == [404] * 4
    assert answers(browse("citizen"), shared) == [200] * 4


def test_an_ofd_file_takes_no_mark_and_the_page_says_what_to_do(browse, invite, join, host):
    address = invite(ofd(), "plan.ofd")
    join(address)
    (link,) = files_of(host, address)
    other = browse("other")

    page, shown = other.get(f"{link}/view"), other.get(f"{link}/page")

    assert "改交 PDF 或者照片" in page.text
    assert "下载副本" not in page.text
    assert shown.status_code == 422
    assert ofd()[:4] not in shown.data


PHOTO = {
    "id": "photo",
    "type": "filepicker",
    "key": "b.photo",
    "label": "照片",
    "properties": {"element": "mandate.file", "label_en": "Photo"},
}


@pytest.fixture
def correcting(host, browse):
    """Let the other one's part have a file, which the first one has given; return the address."""
    files = Catalog([PAIRING]).package("pair").files
    form = json.loads(files[FORM])
    form["components"].append(PHOTO)
    runtime.deploy(host, SYSTEM, Package("pair", {**files, FORM: json.dumps(form).encode()}))
    citizen = browse("citizen")
    citizen.get("/services/pair/apply")
    given = {"b.photo": (BytesIO(picture()), "old.png"), "plan": (BytesIO(paper()), "plan.pdf")}
    page = citizen.post("/services/pair/apply", {**ANSWERS, **given})
    address = citizen.post(SEND, {**citizen.hidden(page), "_agreed": "1"}).location
    code = runtime.view_invitation(host, ME, id_of(address)).code
    runtime.join_invitation(host, OTHER, code, SECOND)
    return address


def again():
    """Return the photo that the first one gave, as a browser sends it."""
    return BytesIO(picture()), "old.png"


OWN = {"b.name": "林晓彤", "b.phone": ""}


def names(host, address) -> list[tuple[str, str]]:
    joint = runtime.view_invitation(host, ME, id_of(address)).joint
    return sorted((one.field, one.name) for one in joint.files)


def agree(host, actor, address) -> str | None:
    seen = runtime.view_invitation(host, actor, id_of(address)).digest
    return runtime.agree_to_application(host, actor, id_of(address), seen)


def test_a_file_of_the_own_part_is_replaced_and_both_agree_anew(browse, correcting, host):
    # Given the page on which the invited corrects the own part
    other = browse("other")
    page = other.get(f"{correcting}/correct")
    assert 'type="file" id="' in page.text
    assert "old.png" in page.text
    assert "plan.pdf" not in page.text

    # When another photo is given there
    new = (BytesIO(picture("red")), "new.png")
    sent = other.post(f"{correcting}/correct", {**OWN, "b.photo": new})

    # Then it stands in the place of the old one, and the first one has to agree again
    assert sent.location.endswith(correcting)
    assert names(host, correcting) == [("b.photo", "new.png"), ("plan", "plan.pdf")]
    assert not runtime.view_invitation(host, ME, id_of(correcting)).has_agreed
    told = browse("citizen").get(correcting).text
    assert "<del>old.png</del> → <strong>new.png</strong>" in told
    assert agree(host, OTHER, correcting) is None
    case_no = agree(host, ME, correcting)
    found = runtime.view_case(host, OTHER, case_no).materials
    assert sorted((one.name, one.given_by) for one in found) == [
        ("new.png", "other"),
        ("plan.pdf", "citizen"),
    ]


def test_without_another_file_the_earlier_ones_stay(browse, correcting, host):
    other = browse("other")
    other.get(f"{correcting}/correct")

    other.post(f"{correcting}/correct", {**OWN, "b.phone": "13805460077"})

    assert names(host, correcting) == [("b.photo", "old.png"), ("plan", "plan.pdf")]


def test_the_same_file_again_changes_nothing(browse, correcting, host):
    other = browse("other")
    other.get(f"{correcting}/correct")

    same = {"b.name": "林晓彤", "b.phone": ANSWERS["b.phone"], "b.photo": again()}
    other.post(f"{correcting}/correct", same)

    assert runtime.view_invitation(host, ME, id_of(correcting)).has_agreed


@pytest.mark.parametrize("field", ["plan", "b.idNo", "b.name", "a.photo", "b.nothing"])
def test_no_file_is_given_for_anything_but_an_own_file_field(browse, correcting, host, field):
    other, before = browse("other"), runtime.view_invitation(host, ME, id_of(correcting)).joint
    other.get(f"{correcting}/correct")

    other.post(f"{correcting}/correct", {"b.name": "林晓彤", field: again()})
    own, given = {"b.name": ["林晓彤"]}, KeptFile(field, "x.png", "0" * 64, "image/png")
    with pytest.raises(InvalidInput):
        runtime.correct_application(host, OTHER, id_of(correcting), own, [given])

    after = runtime.view_invitation(host, ME, id_of(correcting)).joint
    assert (after.files, after.answers["b.idNo"]) == (before.files, before.answers["b.idNo"])


def test_a_file_that_cannot_be_taken_is_told_and_changes_nothing(browse, correcting, host):
    other = browse("other")
    other.get(f"{correcting}/correct")

    bad = (BytesIO(b"MZ not a picture"), "new.png")
    refused = other.post(f"{correcting}/correct", {**OWN, "b.photo": bad})

    assert refused.status_code == 422
    assert "new.png" in refused.text
    assert names(host, correcting) == [("b.photo", "old.png"), ("plan", "plan.pdf")]


def test_a_chosen_file_travels_with_the_form_while_it_is_refreshed(browse, correcting, host):
    other = browse("other")
    other.get(f"{correcting}/correct")

    new = (BytesIO(picture("red")), "new.png")
    again = other.post(f"{correcting}/correct?refresh=1", {**OWN, "b.photo": new})
    carried = other.hidden(again)["_file"]
    other.post(f"{correcting}/correct", {**OWN, "_file": carried})

    assert names(host, correcting) == [("b.photo", "new.png"), ("plan", "plan.pdf")]
