"""Drafts in the browser: an application saves itself, and nothing typed is lost."""

import pytest

APPLY = "/services/adoption-registration/apply"


@pytest.fixture
def citizen(visitor):
    """Somebody who begins anew and leaves no draft behind."""
    person = visitor("citizen")
    person.visit(APPLY)
    yield person
    person.visit(APPLY)
    person.press("删除草稿，重新开始")
    field(person.page).wait_for()


def field(page):
    return page.locator("form.filling input[type=text]:not([readonly]):visible").first


def told(page, words: str):
    return page.locator("#draft [data-told]").filter(has_text=words)


def test_a_draft_saves_itself_and_goes_on_elsewhere_with_a_code(citizen, visitor):
    # Given somebody who types and waits
    field(citizen.page).fill("李雷")
    told(citizen.page, "已暂存").wait_for()

    # When a code is asked for and typed on a phone
    citizen.press("在另一台设备上继续")
    code = citizen.page.locator(".resume-code").inner_text()
    phone = visitor("citizen")
    phone.visit("/resume")
    phone.page.get_by_label("续填码").fill(code)
    phone.press("继续填写")

    # Then the phone shows what was typed, and the page that was left earlier is told
    assert field(phone.page).input_value() == "李雷"
    with phone.page.expect_response(lambda one: "quiet=1" in one.url):
        field(phone.page).fill("李雷雷")
    citizen.visit(f"{APPLY}?draft=1")
    assert field(citizen.page).input_value() == "李雷雷"
    assert not citizen.refused


def test_of_two_tabs_the_older_one_is_told_while_typing(citizen):
    field(citizen.page).fill("李雷")
    told(citizen.page, "已暂存").wait_for()
    other = citizen.page.context.new_page()
    other.goto(f"{APPLY}?draft=1")
    field(other).fill("韩梅梅")
    other.get_by_role("button", name="暂存").click()

    field(citizen.page).fill("李雷雷")
    told(citizen.page, "已在别处修改").wait_for()
    citizen.press("以本页为准")

    assert field(citizen.page).input_value() == "李雷雷"
    other.goto(f"{APPLY}?draft=1")
    assert field(other).input_value() == "李雷雷"


def test_what_is_typed_last_is_saved_when_the_page_is_left(citizen):
    field(citizen.page).fill("李雷")

    citizen.page.goto("/my/cases")

    citizen.wait_until("/my/cases", lambda: citizen.reads("未提交"), "the draft")


def test_a_session_that_ends_in_the_middle_loses_nothing(citizen):
    citizen.page.wait_for_load_state("networkidle")  # each answer brings the session's cookie
    citizen.page.context.clear_cookies()
    field(citizen.page).fill("李雷")
    told(citizen.page, "登录已过期").wait_for()

    citizen.page.locator("#draft").get_by_role("link", name="重新登录").click()
    citizen.sign_in()
    citizen.press("继续填写")

    assert field(citizen.page).input_value() == "李雷"


def test_a_saving_that_fails_is_said_and_tried_again(citizen):
    citizen.page.route("**/draft?quiet=1", lambda route: route.abort())
    field(citizen.page).fill("李雷")

    told(citizen.page, "未能暂存").wait_for()

    citizen.page.unroute("**/draft?quiet=1")
    field(citizen.page).fill("李雷雷")
    told(citizen.page, "已暂存").wait_for()


def test_a_clerks_form_saves_itself_and_outlives_the_browser(waiting_case, visitor):
    clerk = visitor("window")
    clerk.visit(f"/tasks?q={waiting_case.case_no}")
    clerk.leave_by(clerk.page.locator("tr[data-line] a").first)
    box = clerk.page.locator("form.filling input[type=checkbox]:not([name^=_])").first
    with clerk.page.expect_response(lambda one: "refresh=1" in one.url):
        box.check()
    told(clerk.page, "已暂存").wait_for()
    path = clerk.page.url
    clerk.close()

    again = visitor("window")
    again.visit(path.partition("?")[0])

    found = again.page.locator("form.filling input[type=checkbox]:not([name^=_])").first
    assert found.is_checked()
    again.press("清空草稿，重新填写")
