"""Queue and task side by side in the browser: keys and clicks load the task beside the list."""

from e2e.barriers import barriers

WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}


def test_a_task_is_loaded_beside_the_list_by_key_and_click(waiting_case, visitor):
    # Given a clerk on a wide screen who switches the split view on
    clerk = visitor("window", WIDE)
    clerk.visit(f"/tasks?q={waiting_case.case_no}")
    clerk.press("左右分栏")
    page = clerk.page

    # When J marks a line
    with page.expect_response(lambda one: "/pane" in one.url):
        page.keyboard.press("j")

    # Then its task stands beside the list, whose filter is still there, and the address names both
    page.locator("#pane #task-form").wait_for()
    page.wait_for_url(lambda url: f"q={waiting_case.case_no}" in url and "open=" in url)
    assert page.locator("#search").input_value() == waiting_case.case_no
    assert page.locator("[data-line]").count() >= 1
    assert barriers(page) == []

    # When it is opened by a click, and the address anew
    with page.expect_response(lambda one: "/pane" in one.url):
        page.locator("[data-line] a").first.click()
    page.reload()

    # Then it stands there as well, and no script failed
    assert page.locator("#pane #task-form").count() == 1
    assert clerk.refused == []
    clerk.press("左右分栏")
    assert page.locator("#pane").count() == 0


def test_on_a_phone_a_task_has_its_own_page(waiting_case, visitor):
    clerk = visitor("window", WIDE)
    clerk.visit(f"/tasks?q={waiting_case.case_no}")
    clerk.press("左右分栏")
    page = clerk.page
    page.set_viewport_size(PHONE)

    page.locator("[data-line] a").first.click()
    page.wait_for_url(lambda url: "/tasks/" in url)

    assert page.locator("#task-form").count() == 1
    page.go_back()
    assert not page.locator("#pane").is_visible()
    assert clerk.refused == []
