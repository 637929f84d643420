import re
from io import BytesIO

from onething import cases
from unit.web.conftest import APPLICATION

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def _duty(page) -> str:
    return re.search(r'href="(/my/tasks/[^"]+)"', page.text)[1]


def test_the_tracker_says_what_to_do_now(browse):
    browser = browse("citizen")
    case_no = browser.apply()

    page = browser.get(f"/my/cases/{case_no}")

    assert "现在需要您做的" in page.text
    assert "补充说明" in page.text


def test_the_list_marks_the_case_that_waits_for_the_applicant(browse):
    browser = browse("citizen")
    case_no = browser.apply()
    before = browser.get("/my/cases").text
    browser.post(_duty(browser.get(f"/my/cases/{case_no}")), {"words": "三人同行"})

    after = browser.get("/my/cases").text

    assert "等您办理" in before
    assert case_no in after
    assert "等您办理" not in after


def test_a_refused_item_of_a_case_that_goes_on_leads_to_what_can_be_done(browse, host):
    browser = browse("citizen")
    case_no = browser.apply()

    def deny(conn):
        found = cases.get(conn, case_no)
        cases.set_item(conn, found.instance_id, "reading", "denied", None, host.clock())

    host.database.write(deny)
    page = browser.get(f"/my/cases/{case_no}")

    assert "不服时可以怎么办" in page.text


def test_another_applicant_sees_no_such_case(browse):
    case_no = browse("citizen").apply()

    page = browse("other").get(f"/my/cases/{case_no}")

    assert page.status_code == 404
    assert "陈志远" not in page.text


def test_another_applicant_cannot_open_the_task(browse):
    mine = browse("citizen")
    duty = _duty(mine.get(f"/my/cases/{mine.apply()}"))

    page = browse("other").get(duty)

    assert page.status_code == 404


def test_a_task_answered_with_mistakes_stays_open(browse):
    browser = browse("citizen")
    duty = _duty(browser.get(f"/my/cases/{browser.apply()}"))

    page = browser.post(duty, {"words": ""})

    assert page.status_code == 422
    assert "error-summary" in page.text


def test_an_answered_task_goes_on_to_the_department(browse):
    browser = browse("citizen")
    case_no = browser.apply()
    duty = _duty(browser.get(f"/my/cases/{case_no}"))

    done = browser.post(duty, {"words": "带伞"})
    page = browser.get(f"/my/cases/{case_no}")

    assert done.status_code == 302
    assert "现在不需要您做什么" in page.text
    assert "综合窗口" in page.text


def test_a_material_is_added_and_can_be_fetched_again(browse):
    browser = browse("citizen")
    case_no = browser.apply()

    given = browser.post(
        f"/my/cases/{case_no}/materials",
        {"kind": "reading/plan", "file": (BytesIO(PDF), "plan.pdf", "application/pdf")},
    )
    page = browser.get(f"/my/cases/{case_no}")
    link = re.search(r'href="(/cases/[^"]+/materials/[^"]+)/view"', page.text)[1]

    assert given.status_code == 302
    assert browser.post(f"{link}/original").data == PDF


def test_a_material_is_hidden_from_others(browse):
    browser = browse("citizen")
    case_no = browser.apply()
    browser.post(f"/my/cases/{case_no}/materials", {"file": (BytesIO(PDF), "plan.pdf")})
    link = re.search(
        r'href="(/cases/[^"]+/materials/[^"]+)"', browser.get(f"/my/cases/{case_no}").text
    )[1]

    page = browse("other").get(link)

    assert page.status_code == 404


def test_a_clerk_sees_no_file_of_the_application_that_the_own_item_does_not_declare(browse):
    browser = browse("citizen")
    checked = browser.post(
        "/services/outing/apply", {**APPLICATION, "plan": (BytesIO(PDF), "plan.pdf")}
    )
    sent = browser.post("/services/outing/cases", browser.hidden(checked))
    case_no = sent.location.split("/")[-2]
    own = browser.get(f"/my/cases/{case_no}")
    link = re.search(r'href="(/cases/[^"]+/materials/[^"]+)"', own.text)[1]
    browser.post(_duty(own), {"words": "带伞"})
    clerk = browse("reader")

    page, file = clerk.get(f"/cases/{case_no}"), clerk.get(link)

    assert (page.status_code, "plan.pdf" in page.text) == (200, False)
    assert file.status_code == 404


def test_a_clerk_sees_a_material_of_the_own_item(browse):
    browser = browse("citizen")
    case_no = browser.apply()
    material = {"kind": "reading/plan", "file": (BytesIO(PDF), "plan.pdf", "application/pdf")}
    browser.post(f"/my/cases/{case_no}/materials", material)
    browser.post(_duty(browser.get(f"/my/cases/{case_no}")), {"words": "带伞"})
    clerk = browse("reader")

    page = clerk.get(f"/cases/{case_no}")
    link = re.search(r'href="(/cases/[^"]+/materials/[^"]+)"', page.text)[1]

    assert "plan.pdf" in page.text
    assert "plan.pdf" in clerk.get(link).text


def test_a_refused_material_says_why(browse):
    browser = browse("citizen")
    case_no = browser.apply()

    page = browser.post(f"/my/cases/{case_no}/materials", {"file": (BytesIO(b"MZ"), "a.exe")})

    assert page.status_code == 415
    assert "PDF" in page.text


def test_a_case_that_cannot_be_withdrawn_says_so(browse):
    browser = browse("citizen")
    case_no = browser.apply()

    browser.post(f"/my/cases/{case_no}/withdraw")
    page = browser.get(f"/my/cases/{case_no}")

    assert "不能撤回" in page.text


def test_number_and_query_code_show_the_items_without_any_name(browse):
    browser = browse("citizen")
    case_no = browser.apply()
    receipt = browser.get(f"/my/cases/{case_no}/receipt").text
    code = re.search(r'<strong class="mono">(\w{8})</strong>', receipt)[1]
    stranger = browse()
    stranger.get("/lookup")

    typed = {"case_no": f" {case_no[:8]} {case_no[8:]}", "query_code": f"{code[:4]}-{code[4:]}"}
    page = stranger.post("/lookup", typed)

    assert page.status_code == 200
    assert "看申请" in page.text
    assert "陈志远" not in page.text


def test_an_erased_case_says_so_and_its_code_opens_nothing(browse, host):
    browser = browse("citizen")
    case_no = browser.apply()
    receipt = browser.get(f"/my/cases/{case_no}/receipt").text
    code = re.search(r'<strong class="mono">(\w{8})</strong>', receipt)[1]
    with host.database.read() as conn:
        instance_id = cases.get(conn, case_no).instance_id
    host.database.write(lambda conn: host.keys.erase(conn, instance_id))
    stranger = browse()
    stranger.get("/lookup")

    page = stranger.post("/lookup", {"case_no": case_no, "query_code": code})

    assert page.status_code == 410
    assert "数据已按规定清除" in page.text
    assert "看申请" not in page.text


def test_a_wrong_query_code_shows_nothing(browse):
    case_no = browse("citizen").apply()
    stranger = browse()
    stranger.get("/lookup")

    page = stranger.post("/lookup", {"case_no": case_no, "query_code": "00000000"})

    assert page.status_code == 404
    assert "看申请" not in page.text
