"""The guide's page: open to everybody, keeps nothing, and its answers begin the application."""

from onething import runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM

GUIDE = "/services/outing/guide"


def test_questions_come_first_and_need_no_account(browse):
    page = browse().get(GUIDE)

    assert page.status_code == 200
    assert 'name="kind"' in page.text
    assert 'name="sender.name"' not in page.text
    assert "一次性告知书" not in page.text


def test_an_answer_brings_items_and_materials(browse):
    page = browse().get(f"{GUIDE}?kind=sea")

    assert "一次性告知书" in page.text
    assert "看申请" in page.text
    assert "data-print" in page.text


def test_the_application_begins_with_the_answers(browse):
    browser = browse("citizen")

    begun = browser.get("/services/outing/apply?kind=hill&sender.idNo=37050219680412991X")

    assert 'value="hill" checked' in begun.text
    assert "37050219680412991X" not in begun.text.partition("<main")[2]


def test_what_was_not_asked_is_not_shown_again(browse):
    page = browse().get(f"{GUIDE}?kind=sea&note=<script>alert(1)</script>&sender.name=李雷")

    main = page.text.partition("<main")[2]
    assert "alert(1)" not in main
    assert "李雷" not in main


def test_an_answer_that_is_none_is_no_answer(browse):
    page = browse().get(f"{GUIDE}?kind={'x' * 5000}")

    assert page.status_code == 200
    assert "xxxx" not in page.text.partition("<main")[2]


def test_a_service_that_is_not_offered_has_no_guide(browse):
    assert browse().get("/services/nothing/guide").status_code == 404


def test_an_answer_that_does_not_go_with_the_others_says_what_is_missing(browse, host):
    runtime.deploy(host, SYSTEM, Catalog().package("after-death"))
    browser, path = browse(), "/services/after-death/guide"

    wrong = browser.get(f"{path}?items=火化").text
    right = browser.get(f"{path}?items=户口注销&dead.place=").text

    assert 'id="error-summary"' in wrong
    assert 'value="火化" checked' in wrong
    assert 'id="error-summary"' not in right


def test_only_what_was_answered_stands_in_the_situation(browse, host):
    runtime.deploy(host, SYSTEM, Catalog().package("after-death"))

    told = browse().get("/services/after-death/guide?items=户口注销").text

    situation = told.partition("您的情形")[2].partition("</section>")[0]
    assert "户口注销" in situation
    assert "—" not in situation
