"""The receipt on paper says what was received, and is the applicant's alone."""

import re
from io import BytesIO

from onething import history
from unit.web.conftest import APPLICATION
from unit.web.printed import text_of
from unit.web.test_applying import PNG


def applied(browser):
    """Apply and return the case number."""
    return browser.apply()


def query_code(page) -> str:
    return re.search(r"<dt>查询码</dt><dd><strong class=\"mono\">(\w{8})<", page.text)[1]


def test_the_receipt_names_case_code_and_service(browse):
    browser = browse("citizen")
    case_no = applied(browser)

    page = browser.get(f"/my/cases/{case_no}/receipt")
    paper = browser.get(f"/my/cases/{case_no}/receipt.pdf")

    assert f"/my/cases/{case_no}/receipt.pdf" in page.text
    assert paper.mimetype == "application/pdf"
    assert "default-src 'none'; base-uri 'none'" in paper.headers["Content-Security-Policy"]
    assert paper.headers["Cache-Control"] == "no-store"
    text = text_of(paper)
    assert "申请回执" in text
    assert case_no in text
    assert "一次出游" in text
    assert "打印人citizen" in text


def test_the_applicant_finds_the_query_code_again_and_looks_the_case_up_with_it(browse):
    case_no = applied(browse("citizen"))

    browser = browse("citizen")
    shown = browser.get(f"/my/cases/{case_no}").text
    code = query_code(browser.get(f"/my/cases/{case_no}/receipt"))
    text = text_of(browser.get(f"/my/cases/{case_no}/receipt.pdf"))

    assert f'href="/my/cases/{case_no}/receipt"' in shown
    assert code in text
    stranger = browse()
    stranger.get("/lookup")
    found = stranger.post("/lookup", {"case_no": case_no, "query_code": code})
    assert "一次出游" in found.text


def test_the_receipt_lists_the_materials_received(browse):
    browser = browse("citizen")
    case_no = applied(browser)
    browser.get(f"/my/cases/{case_no}")
    files = {"kind": "", "file": (BytesIO(PNG), "登山照片.png")}
    browser.post(f"/my/cases/{case_no}/materials", files, content_type="multipart/form-data")

    text = text_of(browser.get(f"/my/cases/{case_no}/receipt.pdf"))

    assert "登山照片.png" in text


def test_nobody_else_prints_a_receipt_and_the_attempt_is_logged(browse, host):
    case_no = applied(browse("citizen"))

    for other in ("other", "village"):
        for paper in ("receipt", "receipt.pdf"):
            assert browse(other).get(f"/my/cases/{case_no}/{paper}").status_code == 404
    for paper in ("receipt", "receipt.pdf"):
        assert browse("reader").get(f"/my/cases/{case_no}/{paper}").status_code == 403

    host.access_log.flush()
    with host.database.read() as conn:
        refused = [one for _n, one in history.readings(conn) if not one.is_allowed]
    assert {(one.actor, one.page) for one in refused} >= {("other", "receipt")}


def test_a_receipt_is_printed_in_the_readers_language(browse):
    browser = browse("citizen")
    case_no = applied(browser)
    browser.get("/account")
    browser.post("/display", {"language": "en", "next": "/account"})

    text = text_of(browser.get(f"/my/cases/{case_no}/receipt.pdf"))

    assert "Page1" in text
    assert "Receipt" in text
    assert APPLICATION["sender.name"] not in text
