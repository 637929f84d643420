"""An appointment is booked, moved and given up; the office's display shows who is called."""

from e2e.pages import PHONE

NEW = "/my/appointments/new?office=dongying-marriage&service=marriage-status-change"


def test_an_appointment_is_booked_moved_and_given_up_on_a_phone(visitor):
    # Given a citizen who books the last time of the day that is shown
    citizen = visitor("citizen2", PHONE)
    citizen.visit(NEW)
    citizen.page.locator("[name=slot]:enabled").last.check()
    citizen.press("确认预约")
    booked = citizen.page.locator("h1").inner_text()

    # When it is moved to an earlier time
    citizen.follow("改期")
    citizen.page.locator("[name=slot]:enabled").first.check()
    citizen.press("确认改期")

    # Then the appointment has the new time, and can be given up
    assert citizen.page.locator("h1").inner_text() != booked
    citizen.press("取消预约")
    assert citizen.reads("已取消")
    assert citizen.refused == []


def test_the_display_of_an_office_bars_nobody(visitor):
    head = visitor("registry-head")
    head.visit("/offices/dongying-marriage/settings")
    addresses = head.page.locator("main a[href*='/display/']").evaluate_all(
        "all => all.map(one => one.href)"
    )

    wall = visitor()

    assert [wall.visit(one) for one in addresses] == [200, 200]
    assert wall.refused == []
