"""Pages that help: mistakes are summed up, both languages, small screens."""

import pytest

from e2e.pages import PAGES, PHONE


def test_an_empty_form_gets_a_summary_that_takes_the_focus(people):
    # Given an application form
    citizen = people("citizen")
    citizen.visit("/services/marriage-status-change/apply")

    # When it is sent empty
    citizen.press("下一步：核对")

    # Then the mistakes are summed up, the summary has the focus, and leads to the field
    focus = "document.activeElement.id"
    assert len(citizen.mistakes) > 3
    assert citizen.page.evaluate(focus) == "error-summary"
    citizen.page.locator("#error-summary a").first.click()
    target = citizen.page.evaluate("location.hash.slice(1)")
    assert citizen.page.locator(f"[id='{target}']").is_visible()


def test_the_pages_speak_english_when_asked(visitor):
    person = visitor("citizen")
    person.visit("/my/cases")

    person.page.get_by_role("button", name="English").click()
    person.page.wait_for_load_state()

    assert person.page.locator("html").get_attribute("lang") == "en"
    assert not person.reads("我的办件")


@pytest.mark.parametrize("user", PAGES)
def test_nothing_is_wider_than_a_phone(open_case, visitor, user):
    person = visitor(user, PHONE)

    wide = []
    for path in PAGES[user]:
        person.visit(path.format(case_no=open_case.case_no))
        width = person.page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide.append((path, width))

    assert wide == []
    assert person.refused == []
