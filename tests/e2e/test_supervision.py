"""A clock runs out before everybody's eyes: the card, its answer, its review, the figures."""

from datetime import timedelta


def test_a_card_is_raised_answered_reviewed_and_counted(begin, site, people):
    # Given a case whose death was registered and whose pension office lets its time pass
    journey = begin("after-death", "employer-route-and-reclaim")
    journey.play(until="verify-basis")
    site.advance(timedelta(days=25))

    # When supervision raises a yellow card
    inspector, clerk = people("inspector"), people("hr")
    board = "/supervision?colour=yellow&department=hr"
    row = inspector.page.locator("main tbody tr").filter(has_text=journey.case_no)
    inspector.wait_until(board, lambda: row.count() > 0, "a yellow card")
    card = row.first.get_by_role("link").get_attribute("href") or ""

    # Then the handler finds it above the queue, sees every day of the clock, and answers
    clerk.visit("/tasks")
    assert clerk.page.locator(f'main a[href="{card}"]').count() > 0
    clerk.visit(card)
    assert clerk.page.locator("table.strip .due-day").count() > 0
    clerk.page.get_by_label("原因和已采取的措施").fill("等待参保地回函")
    clerk.press("提交说明")
    assert clerk.reads("已说明，待核实")

    # And the inspector reviews the answer, which the figures count
    inspector.visit(card)
    assert inspector.reads("等待参保地回函")
    inspector.page.get_by_label("核实意见").fill("情况属实")
    inspector.press("提交核实意见")
    assert inspector.reads("已核实")
    inspector.visit("/supervision/figures")
    assert inspector.reads("人力资源和社会保障局")
    export = inspector.page.get_by_role("link", name="导出表格")
    assert inspector.download(export).startswith(b"PK")


def test_the_applicant_sees_why_each_day_counts(open_case, visitor):
    family = visitor(open_case.filer)
    family.visit(f"/my/cases/{open_case.case_no}")

    strip = family.page.locator("#clocks table.strip").first

    assert strip.locator("td.counted").count() > 0
    assert strip.locator("td.due-day").count() == 1
