"""The office's pages: check in, call, the wall, the settings."""

import re

import pytest

from onething import runtime
from onething.identity import Actor
from unit.appointments.conftest import CLERK, at

DAY = "/offices/east"


def booked(host, when="23 10:00", user="citizen", name="陈志远"):
    actor = Actor(user, name, frozenset({"applicant"}))
    return runtime.book(host, actor, "east", "meeting", at(when))


def number(clerk, name=""):
    return clerk.post(f"{DAY}/numbers", {"service": "meeting", "name": name})


def test_a_single_office_opens_by_itself(clerk):
    assert clerk.get("/offices").location == DAY


def test_who_has_come_is_checked_in_by_code_and_by_name(clerk, host):
    first = booked(host)
    booked(host, "23 10:30", "other", "钱立群")
    clerk.get(DAY)

    clerk.post(f"{DAY}/find", {"text": first.code.lower()})
    clerk.post(f"{DAY}/find", {"text": "钱立"})
    page = clerk.get(DAY)

    assert "A001" in page.text
    assert "A002" in page.text


def test_of_several_with_one_name_the_clerk_chooses(clerk, host):
    booked(host)
    booked(host, "23 10:30", "other", "陈志强")
    clerk.get(DAY)

    page = clerk.post(f"{DAY}/find", {"text": "陈志"})

    assert "有 2 位符合" in page.text
    assert page.text.count('class="found"') == 2


def test_who_is_checked_in_already_is_shown_and_not_checked_in_again(clerk, host):
    first = booked(host)
    clerk.get(DAY)
    clerk.post(f"{DAY}/find", {"text": first.code})

    page = clerk.post(f"{DAY}/find", {"text": first.code})

    assert "有 1 位符合，已在下面标出，不用再签到。" in page.text


def test_whom_nobody_knows_is_told(clerk):
    clerk.get(DAY)

    page = clerk.post(f"{DAY}/find", {"text": "无此人<b>"})

    assert page.status_code == 422
    assert "今天没有找到" in page.text


def test_a_counter_calls_serves_and_calls_the_next(clerk, host):
    clerk.get(DAY)
    number(clerk, "王某")
    number(clerk)
    assert "叫号前请先填写窗口号" in clerk.post(f"{DAY}/next").text

    clerk.post(f"{DAY}/counter", {"counter": "3"})
    clerk.post(f"{DAY}/next")
    page = clerk.get(DAY)
    assert "3 号窗口" in page.text
    assert re.search(r"<strong>B001</strong> 王某", page.text)
    actions = re.findall(r'action="([^"]+/numbers/[^"]+/(?:begin|recall|pass|no-show))"', page.text)
    assert len(actions) == 4

    clerk.post(next(one for one in actions if one.endswith("begin")))
    ends = re.findall(r'action="([^"]+/end)"', clerk.get(DAY).text)
    clerk.post(ends[0])
    clerk.post(f"{DAY}/next")

    assert "<strong>B002</strong>" in clerk.get(DAY).text


def test_a_button_pressed_twice_or_unknown_changes_nothing(clerk, host):
    clerk.get(DAY)
    number(clerk)
    (waiting,) = runtime.view_day(host, CLERK, "east").entries
    path = f"{DAY}/numbers/{waiting.row.appointment_id}"

    assert clerk.post(f"{path}/end").status_code == 302
    assert "状态已经变化" in clerk.get(DAY).text
    assert clerk.post(f"{path}/drop-table").status_code == 422


@pytest.mark.parametrize("user", ["stranger", "citizen", "auditor"])
def test_nobody_else_sees_the_queue(browse, user):
    browser = browse(user)

    assert browser.get(DAY).status_code in (403, 404)
    assert browser.post(f"{DAY}/next").status_code in (403, 404)
    assert browser.get(f"{DAY}/settings").status_code in (403, 404)


def wall(host, office="east"):
    row = runtime.own_office(host, CLERK, office)
    return f"/display/east/{runtime.display_key(host, row)}"


def test_the_wall_shows_numbers_and_counters_and_no_name(clerk, browse, host):
    clerk.get(DAY)
    for _ in range(8):
        number(clerk, "王某某")
    for counter in range(7):
        clerk.post(f"{DAY}/counter", {"counter": str(counter)})
        clerk.post(f"{DAY}/next")

    page = browse().get(wall(host))

    assert "王某某" not in page.text
    shown = re.findall(r"<strong>(B\d{3})</strong>", page.text)
    assert shown == ["B007", "B006", "B005", "B004", "B003", "B002"]
    assert "等候 1 人" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert "1 waiting" in browse().get(f"{wall(host)}/en").text


def test_the_wall_needs_its_key_and_a_renewed_one_ends_the_old(browse, head, host):
    old = wall(host)
    assert browse().get(old).status_code == 200
    other = "1" if old[-32] == "0" else "0"
    assert browse().get(f"/display/east/{other}{old[-31:]}").status_code == 404
    assert browse().get("/display/none/" + old[-32:]).status_code == 404

    head.get(f"{DAY}/settings")
    head.post(f"{DAY}/display")

    assert browse().get(old).status_code == 404
    assert browse().get(wall(host)).status_code == 200


def posted(page):
    """Return what the settings' form would send."""
    text = page.text
    found = dict(
        re.findall(r'<input type="(?:text|hidden)"[^>]* name="([^"]+)" value="([^"]*)"', text)
    )
    found |= dict(re.findall(r'<input type="hidden" name="(version)" value="([^"]*)"', text))
    found |= {"services_0": "meeting", "closed": "2026-11-26", "extra": "2026-11-28 09:00-11:00"}
    return found


def test_a_supervisor_changes_the_office_and_sees_what_it_was(head):
    fields = posted(head.get(f"{DAY}/settings"))

    saved = head.post(f"{DAY}/settings", {**fields, "hours_6": "09:00-11:30", "capacity_0": "5"})
    page = head.get(saved.location)

    assert 'value="09:00-11:30"' in page.text
    assert "第 2 版" in page.text
    overtaken = head.post(f"{DAY}/settings", fields)
    assert overtaken.status_code == 409
    assert "别人刚改过" in overtaken.text
    assert '<a href="/offices/east/settings">别人刚改过' in overtaken.text


def test_kinds_of_counters_are_called_in_the_readers_language(head):
    head.post("/display", {"language": "en"})

    page = head.get(f"{DAY}/settings").text

    assert "<legend>Meetings</legend>" in page


def test_mistakes_are_told_at_their_fields(head):
    fields = posted(head.get(f"{DAY}/settings"))
    wrong = {
        "hours_1": "morgens",
        "slot_minutes": "0",
        "name": "",
        "closed": "bald",
        "version": "x",
    }

    page = head.post(f"{DAY}/settings", {**fields, **wrong})

    assert page.status_code == 422
    for told in ("请填写办公时间", "每个时段 5 到 240 分钟", "请填写名称", "每行一个日期"):
        assert told in page.text


def test_a_supervisor_opens_another_office(head):
    fields = posted(head.get("/offices/new"))
    fields |= {
        "office_id": "west", "name": "西", "name_en": "West", "address": "路", "address_en": "Road",
        "division": "370502", "post_0": "main", "post_name_0": "会面", "capacity_0": "1",
    }  # fmt: skip

    saved = head.post("/offices/new", fields)

    assert saved.location == "/offices/west/settings"
    assert "代号已被使用" in head.post("/offices/new", {**fields, "name": "西二"}).text


def test_a_clerk_changes_no_settings(clerk):
    assert clerk.get(f"{DAY}/settings").status_code == 403
    assert clerk.post(f"{DAY}/display").status_code == 403
