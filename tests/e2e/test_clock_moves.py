"""A supervisor moves a clock by the pages; a second supplement notice bears its reason."""

from e2e.barriers import barriers
from e2e.pages import DESKTOP, PHONE

PAUSE = {"理由（公开）": "听证", "法律依据": "行政许可法 第四十五条", "预计所需时间": "10"}
EXTEND = {"理由（公开）": "案情复杂", "法律依据": "行政许可法 第四十二条", "延长多少": "5"}


def card(person, heading):
    return person.page.locator("main section.card").filter(has_text=heading).first


def fill(person, heading, words):
    for label, value in words.items():
        card(person, heading).get_by_label(label, exact=True).fill(value)


def bars_nobody(page):
    """Say whether the page as it stands is for everybody, at a desk and on a phone."""
    faults = []
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        faults += barriers(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        faults += [width] if width > size["width"] else []
    return faults == []


def test_a_clock_is_paused_resumed_and_extended(begin, people):
    # Given an adoption that was accepted: the registry's clock runs
    journey = begin("adoption-registration", "review-after-long-checks")
    journey.play(until="verify-parties")
    head, family = people("supervisor"), people(journey.filer)
    door = head.page.locator("#clocks").get_by_role("link", name="暂停、恢复或延长")
    head.wait_until(f"/cases/{journey.case_no}", lambda: door.count() > 0, "a clock that runs")
    head.visit(door.first.get_attribute("href") or "")
    assert bars_nobody(head.page)

    # When a hearing pauses it: first tried, then confirmed
    fill(head, "暂停该时限", PAUSE)
    head.press("试算暂停")
    assert head.reads("尚未生效")
    assert bars_nobody(head.page)
    head.press("确认办理")
    assert head.reads("已暂停")

    # And the hearing is over, and the clock is extended
    head.press("试算恢复")
    head.press("确认办理")
    fill(head, "延长该时限", EXTEND)
    head.press("试算延长")
    head.press("确认办理")

    # Then no second extension is offered, in both languages, and the applicant was told
    assert head.reads("已经延长过一次，依法不得再次延长。")
    head.leave_by(head.page.get_by_role("button", name="English"))
    assert head.reads("It was extended once; the law allows no second time.")
    assert bars_nobody(head.page)
    head.leave_by(head.page.get_by_role("button", name="中文"))
    head.visit(f"/cases/{journey.case_no}/hold")
    assert bars_nobody(head.page)
    family.visit(f"/my/cases/{journey.case_no}")
    notice = family.page.locator("#notices details").filter(has_text="延长办理期限告知书")
    notice.locator("summary").click()
    assert "办理期限延长5个工作日" in notice.inner_text()


def test_a_second_supplement_notice_bears_the_supervisors_reason(begin, people):
    journey = begin("adoption-registration", "shared-second-notice-then-given-up")

    journey.play()

    desk, clocks = people("window"), "#clocks"
    desk.wait_until(
        f"/cases/{journey.case_no}",
        lambda: "材料在首次告知后失效" in (desk.page.locator(clocks).text_content() or ""),
        "the reason of the second notice",
    )
