"""Booking on the pages: alone, inside an application, and again after it was missed."""

import re

from onething import runtime
from onething.identity import Actor
from unit.appointments.conftest import CITIZEN, HEAD, OFFICE, at

NEW = "/my/appointments/new?office=east&service=meeting"
APPLY = "/services/meeting/apply"
ANSWERS = {
    "guest.name": "陈志远",
    "guest.idNo": "37050219680412991X",
    "registry": "东营区会面中心",
    "registryDivision": "370502",
}
BOOKING = {"office": "east", "service": "meeting", "slot": "2026-11-24T10:00"}


def book(browser, **more):
    return browser.post("/my/appointments", {**BOOKING, **more})


def fill(host, count=2, when="24 10:00"):
    for number in range(count):
        other = Actor(f"u{number}", "某", frozenset({"applicant"}))
        runtime.book(host, other, "east", "meeting", at(when))


def test_the_first_free_day_is_shown_with_its_times(citizen):
    page = citizen.get(NEW)

    assert "11-23 周一" in page.text
    assert "11-26" not in page.text  # closed by itself
    assert "11-28 周六" in page.text
    assert 'value="2026-11-23T09:30"' in page.text
    assert 'value="2026-11-23T09:00"' not in page.text


def test_another_day_is_a_link(citizen):
    page = citizen.get(f"{NEW}&day=2026-11-24")

    assert 'value="2026-11-24T16:30"' in page.text
    assert 'value="2026-11-23T09:30"' not in page.text


def test_a_full_time_stands_there_and_cannot_be_chosen(citizen, host):
    fill(host)

    page = citizen.get(f"{NEW}&day=2026-11-24")

    assert re.search(r'value="2026-11-24T10:00" disabled', page.text)
    assert "约满" in page.text


def test_a_full_day_leads_to_another_one(citizen, host):
    for number, time in enumerate(("09:00", "09:30", "10:00", "10:30") * 2):
        visitor = Actor(f"v{number}", "某", frozenset({"applicant"}))
        runtime.book(host, visitor, "east", "meeting", at(f"28 {time}"))

    page = citizen.get(f"{NEW}&day=2026-11-28")

    assert "这一天已约满，请选择其他日期" in page.text
    assert "确认预约" not in page.text


def test_a_booking_shows_its_code_as_text_and_picture(citizen):
    citizen.get(NEW)

    sent = book(citizen)
    page = citizen.get(sent.location)

    assert "2026-11-24 10:00" in page.text
    assert "样例路 1 号" in page.text
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", page.text)
    assert 'src="data:image/svg+xml' in page.text


def test_what_cannot_be_booked_is_told_beside_the_times(citizen, host):
    fill(host)

    page = book(citizen)

    assert page.status_code == 422
    assert "这个时段刚刚约满" in page.text
    assert " checked" not in page.text


def test_no_time_and_nonsense_are_told_too(citizen):
    for slot in ("", "bald", "9" * 5_000, "2026-11-24T10:00:00+99:00"):
        page = book(citizen, slot=slot)
        assert (page.status_code, "请选择时段" in page.text) == (422, True)


def test_a_second_booking_says_where_the_first_is(citizen):
    book(citizen)

    page = book(citizen, slot="2026-11-25T10:00", _key="another")

    assert page.status_code == 409
    assert "我的预约" in page.text


def test_a_helper_says_for_whom(browse, host):
    helper = browse("helper")
    assert 'name="idNo"' in helper.get(NEW).text

    wrong = book(helper, name="陈志远", idNo="370502196804129910")
    right = book(helper, name="陈志远", idNo="37050219680412991X")

    assert "身份证号码有误" in wrong.text
    assert right.status_code == 302


def test_moving_and_cancelling(citizen, host):
    show = book(citizen).location

    moved = citizen.post(f"{show}/move", {**BOOKING, "slot": "2026-11-25T10:00"})
    assert "2026-11-25 10:00" in citizen.get(moved.location).text
    assert "2026-11-25 10:00" in citizen.get(f"{show}/move").text
    cancelled = citizen.post(f"{show}/cancel")

    assert "已取消" in citizen.get(cancelled.location).text
    assert "现在没有预约" in citizen.get("/my/appointments").text


def test_what_is_cancelled_moves_no_more_and_says_so(citizen):
    show = book(citizen).location
    citizen.post(f"{show}/cancel")

    asked = citizen.get(f"{show}/move")
    sent = citizen.post(f"{show}/move", {**BOOKING, "slot": "2026-11-25T10:00"})

    assert (asked.location, sent.location) == (show, show)
    assert "不能改期" in citizen.get(show).text


def test_another_persons_booking_does_not_exist(citizen, browse):
    show = book(citizen).location

    page = browse("other").get(show)
    assert page.status_code == 404
    assert show.rpartition("/")[2] not in page.text.partition("<h1>")[2]
    assert browse("clerk").get(show).status_code in (403, 404)


def test_an_application_offers_the_offices_and_takes_a_button_for_a_choice(citizen):
    citizen.get(APPLY)

    page = citizen.post(APPLY, {"guest.name": "陈志远", "_office": "east", "_pages": "one"})

    assert 'value="东营区会面中心"' in page.text
    assert 'value="山东省东营市东营区"' in page.text
    assert 'name="_day" value="2026-11-24"' in page.text


def test_a_day_button_shows_the_times_of_the_day_and_keeps_the_chosen_one(citizen):
    chosen = {**ANSWERS, "slot": "2026-11-24T10:00", "_pages": "one"}

    page = citizen.post(APPLY, {**chosen, "_day": "2026-11-25"})

    assert 'value="2026-11-25T09:00"' in page.text
    assert re.search(r'value="2026-11-24T10:00" checked', page.text)
    assert page.text.index("已选：2026-11-24 10:00") < page.text.index("2026-11-25 周三")


def test_a_form_of_one_topic_counts_no_steps(citizen):
    page = citizen.get(APPLY)

    assert 'name="_topic"' in page.text
    assert "所有步骤" not in page.text
    assert "全部显示在一页" not in page.text


def test_a_registry_elsewhere_keeps_the_plain_field(citizen):
    page = citizen.post(APPLY, {**ANSWERS, "registry": "外省某登记处", "_pages": "one"})

    assert 'type="datetime-local"' in page.text
    assert 'name="_day"' not in page.text


def apply(citizen, **more):
    checked = citizen.post(APPLY, {**ANSWERS, "slot": "2026-11-24T10:00", **more})
    return checked, citizen.post("/services/meeting/cases", citizen.hidden(checked))


def test_the_case_shows_its_appointment_with_the_address(citizen):
    _, sent = apply(citizen)

    page = citizen.get(sent.location.removesuffix("/receipt"))

    assert "2026-11-24 10:00" in page.text
    assert "样例路 1 号" in page.text


def test_a_time_that_is_gone_is_told_before_the_check(citizen, host):
    fill(host)

    checked = citizen.post(APPLY, {**ANSWERS, "slot": "2026-11-24T10:00"})

    assert checked.status_code == 422
    assert "这个时段刚刚约满" in checked.text


def test_a_time_that_goes_while_all_answers_are_checked_loses_nothing(citizen, host):
    checked = citizen.post(APPLY, {**ANSWERS, "slot": "2026-11-24T10:00"})
    fill(host)

    sent = citizen.post("/services/meeting/cases", citizen.hidden(checked))

    assert sent.status_code == 422
    assert "这个时段刚刚约满" in sent.text
    assert "陈志远" in sent.text


def test_who_missed_it_chooses_again_in_the_cases_task(citizen, host, clock):
    _, sent = apply(citizen)
    case_no = sent.location.split("/")[-2]
    clock.move_to(at("24 10:31"))
    runtime.tend_appointments(host)
    runtime.fire_timers(host)
    (task,) = (one for one in runtime.view_case(host, CITIZEN, case_no).tasks if one.party)

    page = citizen.get(f"/my/tasks/{task.id}")
    assert 'name="_day" value="2026-11-25"' in page.text
    refused = citizen.post(f"/my/tasks/{task.id}", {"slot": "2026-11-29T10:00"})
    assert "这一天该机构不办公" in refused.text
    citizen.post(f"/my/tasks/{task.id}", {"slot": "2026-11-25T10:00"})

    assert "2026-11-25 10:00" in citizen.get(f"/my/cases/{case_no}").text


def test_script_in_an_offices_name_stays_text(citizen, host):
    runtime.save_office(host, HEAD, {**OFFICE, "name": "<script>alert(1)</script>"}, 1)

    assert "<script>alert(1)" not in citizen.get(NEW).text


def test_nothing_is_booked_by_who_is_not_signed_in(browse, host):
    page = browse().post("/my/appointments", BOOKING)

    assert page.status_code in (302, 400, 401)
    assert runtime.own_appointments(host, CITIZEN) == []


def test_the_case_moves_its_appointment_through_its_own_task(citizen):
    _, sent = apply(citizen)
    tracker = sent.location.removesuffix("/receipt")
    assert "改期或取消" in citizen.get(tracker).text

    citizen.post(f"{tracker}/appointment", {"how": "move"})
    page = citizen.get(tracker)
    task = re.search(r'href="(/my/tasks/[^"]+)"', page.text)[1]

    assert "原时段仍为您保留" in page.text
    assert re.search(r'value="2026-11-24T10:00" checked', citizen.get(task).text)
    citizen.post(task, {"slot": "2026-11-25T10:00"})
    assert "2026-11-25 10:00" in citizen.get(tracker).text
