"""Pages that help: mistakes are summed up, in both languages."""


def test_an_empty_form_gets_a_summary_that_takes_the_focus(people):
    # Given an application form
    citizen = people("citizen")
    citizen.visit("/services/marriage-status-change/apply")

    # When it is sent empty
    citizen.press("下一步：甲方（申请人）")

    # Then the mistakes are summed up, the summary has the focus, and leads to the field
    focus = "document.activeElement.id"
    assert len(citizen.mistakes) == 3
    assert citizen.page.evaluate(focus) == "error-summary"
    citizen.page.locator("#error-summary a").first.click()
    target = citizen.page.evaluate("location.hash.slice(1)")
    assert citizen.page.locator(f"[id='{target}']").is_visible()


def test_the_pages_speak_english_when_asked(visitor):
    person = visitor("citizen")
    person.visit("/my/cases")

    person.leave_by(person.page.get_by_role("button", name="English"))

    assert person.page.locator("html").get_attribute("lang") == "en"
    assert not person.reads("我的办件")
