"""What people enter has a page of its own, which bars nobody."""


def test_days_away_are_entered_and_opened(visitor):
    head = visitor("supervisor")
    head.visit("/absences/new")
    head.press("保存")
    assert not head.mistakes

    head.leave_by(head.page.locator("main a[href^='/absences/']:not([href*='/new'])").first)
    head.page.wait_for_url("**/absences/*")

    assert head.visit(head.page.url) == 200
    assert head.page.locator("h1").inner_text() == "修改不在岗"


def test_a_system_is_subscribed_and_its_page_opened(visitor):
    administrator = visitor("administrator")
    administrator.visit("/subscriptions")
    administrator.page.get_by_label("接收地址").fill("https://example.org/events")
    administrator.press("新增订阅")

    administrator.visit("/subscriptions")
    administrator.follow("https://example.org/events")

    assert administrator.reads("https://example.org/events")
