from io import BytesIO

from onething import history

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
FORM = {"sender.name": "陈志远", "sender.idNo": "37050219680412991X", "kind": "hill"}


def test_the_catalogue_names_a_service_under_its_stage_of_life(browse):
    page = browse().get("/")

    assert page.status_code == 200
    assert page.text.index("出行") < page.text.index("一次出游")


def test_the_search_finds_a_service_by_an_item_of_it(browse):
    found = browse().get("/?q=看申请")
    none = browse().get("/?q=潜水")

    assert "一次出游" in found.text
    assert "没有找到与“潜水”有关的服务" in none.text


def test_the_service_page_marks_what_is_assumed(browse):
    page = browse().get("/services/outing")

    assert 'class="assumed"' in page.text
    assert "行程" in page.text


def test_applying_asks_to_sign_in_first(browse):
    page = browse().get("/services/outing/apply")

    assert page.status_code == 302
    assert "/sign-in" in page.location


def test_an_auditor_may_not_apply(browse):
    page = browse("auditor").get("/services/outing/apply")

    assert page.status_code == 403


def test_the_form_knows_the_name_of_who_applies(browse):
    page = browse("citizen").get("/services/outing/apply")

    assert 'name="sender.name" value="citizen"' in page.text


def test_a_form_with_mistakes_answers_422_with_a_summary_that_links_to_each_field(browse):
    page = browse("citizen").post("/services/outing/apply", {**FORM, "sender.idNo": "123"})

    assert page.status_code == 422
    assert 'href="#field-sender-idNo"' in page.text
    assert 'id="field-sender-idNo-error"' in page.text


def test_a_form_with_mistakes_writes_nothing(browse, host):
    browser = browse("citizen")

    page = browser.post("/services/outing/cases", {**FORM, "sender.idNo": "123"})

    assert page.status_code == 422
    assert "您还没有办件" in browser.get("/my/cases").text


def test_a_choice_shows_the_field_that_hangs_on_it(browse):
    browser = browse("citizen")

    hill = browser.post("/services/outing/apply?refresh=1", FORM)
    sea = browser.post("/services/outing/apply?refresh=1", {**FORM, "kind": "sea"})

    assert 'name="note"' not in hill.text
    assert 'name="note"' in sea.text
    assert "error-summary" not in sea.text


def test_a_row_that_is_removed_leaves_the_others_in_order(browse):
    rows = {f"guests[{n}].name": name for n, name in enumerate(("甲", "乙", "丙"))}

    page = browse("citizen").post("/services/outing/apply", {**FORM, **rows, "_less": "guests[1]"})

    assert page.status_code == 200
    assert 'name="guests[0].name" value="甲"' in page.text
    assert 'name="guests[1].name" value="丙"' in page.text
    assert "乙" not in page.text


def test_answers_are_shown_for_checking_before_anything_is_sent(browse):
    page = browse("citizen").post("/services/outing/apply", FORM)

    assert page.status_code == 200
    assert "请核对您填写的内容" in page.text
    assert "山里" in page.text


def test_a_file_travels_through_the_check_into_the_case(browse):
    browser = browse("citizen")
    checked = browser.post("/services/outing/apply", {**FORM, "plan": (BytesIO(PNG), "plan.png")})

    sent = browser.post("/services/outing/cases", browser.hidden(checked))
    case_no = sent.location.split("/")[-2]

    assert "plan.png" in checked.text
    assert "plan.png" in browser.get(f"/my/cases/{case_no}").text


def test_a_file_that_is_not_what_its_name_says_is_refused_at_its_field(browse):
    data = {**FORM, "plan": (BytesIO(b"MZ not a picture"), "plan.png")}

    page = browse("citizen").post("/services/outing/apply", data)

    assert page.status_code == 422
    assert 'id="field-plan-error"' in page.text
    assert "plan.png：内容不是 PDF、JPEG、PNG 或 OFD，请另选文件</p>" in page.text


def test_a_file_of_another_person_cannot_be_carried(browse):
    mine = browse("citizen")
    checked = mine.post("/services/outing/apply", {**FORM, "plan": (BytesIO(PNG), "plan.png")})
    carried = mine.hidden(checked)

    page = browse("other").post("/services/outing/cases", carried)

    assert page.status_code == 422


def test_the_receipt_shows_the_query_code(browse):
    browser = browse("citizen")
    case_no = browser.apply()

    page = browser.get(f"/my/cases/{case_no}/receipt")

    assert case_no in page.text
    assert "查询码" in page.text
    assert "data:image/svg+xml" in page.text


def test_the_same_page_sent_twice_opens_one_case(browse):
    browser = browse("citizen")
    carried = browser.hidden(browser.post("/services/outing/apply", FORM))

    first = browser.post("/services/outing/cases", carried)
    second = browser.post("/services/outing/cases", carried)

    assert first.location == second.location


def test_a_second_application_on_the_same_subject_shows_the_open_case(browse):
    case_no = browse("citizen").apply()
    other = browse("other")

    page = other.post("/services/outing/cases", FORM)

    assert page.status_code == 409
    assert case_no in page.text
    assert f"/my/cases/{case_no}" not in page.text


def test_a_form_without_its_token_is_refused(browse):
    browser = browse("citizen")
    browser.token = "forged"

    page = browser.post("/services/outing/cases", FORM)

    assert page.status_code == 400
    assert "这个页面已过期" in page.text


def test_reading_the_own_case_is_logged(browse, host):
    browser = browse("citizen")
    case_no = browser.apply()

    browser.get(f"/my/cases/{case_no}")

    host.access_log.flush()
    with host.database.read() as conn:
        pages = {one.page for _, one in history.readings(conn, case_no=case_no)}
    assert "tracker" in pages
