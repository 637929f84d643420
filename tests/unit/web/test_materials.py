"""Materials at the pages: shown safely, with the mark, and the original to very few."""

import re
import zipfile
from io import BytesIO

import pytest
from fpdf import FPDF
from PIL import Image

from onething import history
from onething.errors import ScannerAway
from onething.materials import NoScanner


def pdf() -> bytes:
    paper = FPDF()
    paper.add_page()
    return bytes(paper.output())


def png(size=(40, 30)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, "PNG")
    return out.getvalue()


def ofd() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("OFD.xml", "<OFD/>")
    return out.getvalue()


@pytest.fixture
def citizen(browse):
    return browse("citizen")


@pytest.fixture
def case_no(citizen) -> str:
    case_no = citizen.apply()
    duty = re.search(r'href="(/my/tasks/[^"]+)"', citizen.get(f"/my/cases/{case_no}").text)[1]
    citizen.post(duty, {"words": "带伞"})
    return case_no


@pytest.fixture
def give(citizen, case_no):
    def give(content: bytes, name: str) -> str:
        material = {"kind": "reading/plan", "file": (BytesIO(content), name)}
        given = citizen.post(f"/my/cases/{case_no}/materials", material)
        assert given.status_code == 302, given.text
        page = citizen.get(f"/my/cases/{case_no}").text
        return re.findall(rf'href="(/cases/{case_no}/materials/[^"]+)/view"', page)[-1]

    return give


def test_a_picture_is_shown_where_it_can_do_nothing(give, browse):
    link, clerk = give(png(), "plan.png"), browse("reader")

    for size in ("page", "thumbnail"):
        shown = clerk.get(f"{link}/{size}")
        assert shown.headers["Content-Type"] == "image/jpeg"
        assert shown.headers["Content-Disposition"].startswith("inline")
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in shown.headers["Content-Security-Policy"]
        assert shown.headers["Cache-Control"] == "no-store"
        assert shown.data[:3] == b"\xff\xd8\xff"


def test_a_pdf_is_shown_as_a_stamped_copy_without_scripts(give, browse):
    link, clerk = give(pdf(), "plan.pdf"), browse("reader")

    shown, kept = clerk.get(f"{link}/page"), clerk.get(link)

    assert shown.headers["Content-Disposition"].startswith("inline")
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'; base-uri 'none'; form-action 'none'" in policy
    assert "script-src" not in policy
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert shown.data != pdf()
    assert b"/Mark" in shown.data
    assert b"/Mark" in kept.data


def test_whose_material_it_is_reads_of_it_in_plain_words(give, citizen, browse):
    link = give(pdf(), "plan.pdf")

    own, clerks = citizen.get(f"{link}/view").text, browse("reader").get(f"{link}/view").text

    assert ("原件待窗口核对" in own, "SHA-256" in own) == (True, False)
    assert ("C · 须核对原件" in clerks, "SHA-256" in clerks) == (True, True)


def test_a_pdf_of_which_no_copy_can_be_made_says_what_to_do(give, browse):
    link, clerk = (
        give(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "plan.pdf"),
        browse("reader"),
    )

    page = clerk.get(f"{link}/page")
    clerk.post("/display", {"language": "en"})
    english = clerk.get(f"{link}/page")

    assert (page.status_code, page.mimetype) == (422, "text/html")
    assert "重新打印成 PDF" in page.text
    assert "打印" not in english.text
    assert "请联系申请人重新提交" in page.text
    assert "在新标签页查看" not in page.text
    assert "<dt>文件名</dt>" in page.text


def test_a_file_without_stamp_is_not_shown_and_its_original_needs_a_reason(give, browse, host):
    content = ofd()  # a ZIP bears the time at which it was made
    link, clerk = give(content, "plan.ofd"), browse("reader")

    shown = clerk.get(f"{link}/page")
    page = clerk.get(f"{link}/view")
    silent = clerk.post(f"{link}/original", {"reason": " "})
    taken = clerk.post(f"{link}/original", {"reason": "核对电子证照的签章"})

    assert shown.status_code == 422
    assert "OFD" in page.text
    assert (silent.status_code, "理由" in silent.text) == (422, True)
    assert taken.data == content
    host.access_log.flush()
    with host.database.read() as conn:
        purposes = [one.purpose for _number, one in history.readings(conn)]
    assert "核对电子证照的签章" in purposes


def test_the_stored_file_is_never_changed_and_its_giver_can_have_it_back(give, citizen):
    link = give(png(), "plan.png")

    citizen.get(f"{link}/page")
    citizen.get(f"{link}/view")
    taken = citizen.post(f"{link}/original")

    assert taken.data == png()
    assert "attachment" in taken.headers["Content-Disposition"]


def test_a_clerk_cannot_take_the_original_of_what_can_be_stamped(give, browse):
    link, clerk = give(png(), "plan.png"), browse("reader")

    clerk.get(f"{link}/view")
    taken = clerk.post(f"{link}/original", {"reason": "我想看看原件"})

    assert taken.status_code == 403


def test_an_auditor_sees_that_a_material_is_there_and_takes_the_original_with_a_reason(
    give, browse, case_no
):
    link, auditor = give(png(), "陈志远的行程.png"), browse("auditor")

    listed, page = auditor.get(f"/cases/{case_no}"), auditor.get(f"{link}/view")
    silent = auditor.post(f"{link}/original", {"reason": ""})
    taken = auditor.post(f"{link}/original", {"reason": "投诉核查 2026-12"})

    assert link in listed.text
    assert "陈志远的行程" not in listed.text + page.text
    assert "<dt>文件名</dt>" not in page.text
    assert silent.status_code == 422
    assert taken.data == png()
    assert [auditor.get(link + rest).status_code for rest in ("", "/page", "/thumbnail")] == [
        403
    ] * 3
    assert "投诉核查" in auditor.get(f"/audit?case_no={case_no}").text


@pytest.mark.parametrize("rest", ["", "/page", "/thumbnail", "/view"])
def test_another_person_finds_nothing(give, browse, rest):
    link = give(png(), "plan.png")

    assert browse("other").get(link + rest).status_code == 404


def test_another_person_takes_no_original_and_sees_none(give, browse):
    link, other = give(png(), "plan.png"), browse("other")

    assert other.post(f"{link}/original", {"reason": "随便看看吧"}).status_code == 404
    assert other.post(f"{link}/seen").status_code == 403


def test_a_clerk_who_saw_the_original_raises_an_upload_to_b(give, browse, case_no):
    link, clerk = give(png(), "plan.png"), browse("reader")

    before = clerk.get(f"{link}/view")
    clerk.post(f"{link}/seen")
    after, chronicle = clerk.get(f"{link}/view"), clerk.get(f"/cases/{case_no}")

    assert "C · 须核对原件" in before.text
    assert "B · 可直接使用：窗口已核对原件" in after.text
    assert "reader 于" in after.text
    assert "核对了材料原件" in chronicle.text


def test_a_tick_by_mistake_is_taken_back_and_ticking_twice_is_one_event(give, browse, case_no):
    link, clerk = give(png(), "plan.png"), browse("reader")

    clerk.get(f"{link}/view")
    clerk.post(f"{link}/seen")
    clerk.post(f"{link}/seen")
    clerk.post(f"{link}/seen", {"back": "1"})
    after, chronicle = clerk.get(f"{link}/view"), clerk.get(f"/cases/{case_no}")

    assert "C · 须核对原件" in after.text
    assert chronicle.text.count("核对了材料原件") == 1
    assert chronicle.text.count("撤销原件核对") == 1


def test_an_applicant_cannot_say_that_the_original_was_seen(give, citizen):
    link = give(png(), "plan.png")

    assert citizen.post(f"{link}/seen").status_code == 403


class Away(NoScanner):
    def scan(self, _content: bytes) -> None:
        raise ScannerAway


def test_no_file_is_taken_while_the_scanner_is_away(citizen, case_no, host):
    host.scanner = Away()

    given = citizen.post(f"/my/cases/{case_no}/materials", {"file": (BytesIO(png()), "plan.png")})

    assert given.status_code == 503
    assert "没有上传的材料" in citizen.get(f"/my/cases/{case_no}").text


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", "C:\\x\\plan.png", "a" * 200_000 + ".png", "\u202egnp.exe.png"]
)
def test_a_name_from_outside_is_tamed(give, citizen, name):
    page = citizen.get(give(png(), name) + "/view")

    shown = re.search(r"<dt>文件名</dt><dd>([^<]+)</dd>", page.text)[1]
    assert len(shown) <= 100
    assert not set(shown) & set("/\\\u202e")


def test_a_png_of_a_hundred_megapixels_is_refused_unopened(citizen, case_no):
    bomb = png((1, 1)).replace((1).to_bytes(4, "big") * 2, (10_000).to_bytes(4, "big") * 2)

    given = citizen.post(f"/my/cases/{case_no}/materials", {"file": (BytesIO(bomb), "plan.png")})

    assert given.status_code == 415
