"""The notice centre and the account's addresses, as pages."""

import re

import pytest

from onething import identity, notices, runtime
from onething.cases import get
from onething.identity import SYSTEM, Actor
from unit.web.conftest import MONDAY, PASSWORD

CITIZEN = Actor("citizen", "citizen", frozenset({"applicant"}))
SCRIPT = "<script>alert(1)</script>"


def tell(host, case_no, line="n1", title="许可已办好", **more):
    text = runtime.said(title, f"{title} in English", ("请查收",), ("Please look",))

    def command(conn):
        about = runtime.about_case(host, conn, get(conn, case_no)) if case_no else None
        news = runtime.News(line, "notice", text, **more)
        runtime.tell(host, conn, "citizen", news, about, host.clock())

    host.write(command)


def badge(page) -> str | None:
    found = re.search(r'class="count bad">(\S+?)<', page.text)
    return found[1] if found else None


def test_without_messages_the_page_says_when_there_will_be_some(browse):
    page = browse("citizen").get("/messages")

    assert "还没有消息" in page.text
    assert badge(page) is None


def test_an_unread_message_is_counted_in_the_menu_until_it_is_opened(browse, host):
    browser = browse("citizen")
    case_no = browser.apply()
    browser.post("/messages", {"until": host.clock().isoformat()})
    tell(host, case_no)

    page = browser.get("/messages")
    assert badge(page) == "1"
    link = re.search(r'href="(/messages/[^"]+n1)"', page.text)[1]
    opened = browser.get(link)

    assert "请查收" in opened.text
    assert f"/my/cases/{case_no}" in opened.text
    assert badge(browser.get("/messages")) is None


def test_a_message_is_read_in_the_readers_language(browse, host):
    browser = browse("citizen")
    tell(host, browser.apply())
    browser.post("/display", {"language": "en"})

    assert "许可已办好 in English" in browser.get("/messages").text


def test_a_message_can_be_unread_again(browse, host):
    browser = browse("citizen")
    tell(host, None)
    browser.get("/messages/:n1")
    assert badge(browser.get("/messages")) is None

    browser.post("/messages/:n1")

    assert badge(browser.get("/messages")) == "1"


def test_nobody_opens_the_message_of_another(browse, host):
    tell(host, None)

    assert browse("other").get("/messages/:n1").status_code == 404
    assert browse().get("/messages/:n1").status_code == 302


def test_script_in_a_message_stays_text(browse, host):
    tell(host, None, title=SCRIPT)
    browser = browse("citizen")

    assert SCRIPT not in browser.get("/messages").text
    assert SCRIPT not in browser.get("/messages/:n1").text


def test_a_link_leads_to_this_site_alone(browse, host):
    tell(host, None, link="//evil.example.org/x")

    assert "evil" not in browse("citizen").get("/messages/:n1").text


def test_messages_are_filtered_by_case_and_by_unread(browse, host):
    browser = browse("citizen")
    case_no = browser.apply()
    tell(host, case_no, "n1", "甲")
    tell(host, None, "n2", "乙")

    page = browser.get(f"/messages?case={case_no}")
    assert "甲" in page.text.partition("<main")[2]
    assert ">乙<" not in page.text
    browser.get("/messages/:n2")
    assert ">乙<" not in browser.get("/messages?unread=1").text
    assert "没有符合条件的消息" in browser.get("/messages?case=none").text


def test_a_message_offers_the_task_that_it_tells_of_and_no_other(browse, host):
    browser = browse("citizen")
    tell(host, browser.apply())

    (duty,) = re.findall(r'href="(/my/tasks/[^"]+)"', browser.get("/messages").text)

    browser.post(duty, {"words": "带伞"})
    page = browser.get("/messages").text
    assert "/my/tasks/" not in page
    assert "已办理" in page


def test_long_lists_have_a_next_page(browse, host):
    for at in range(25):
        tell(host, None, f"n{at:02d}", f"第{at:02d}条")
    browser = browse("citizen")

    first = browser.get("/messages")
    following = re.search(r'href="([^"]+)" rel="next"', first.text)[1].replace("&amp;", "&")

    assert "第24条" in first.text
    assert "第00条" not in first.text
    assert "第00条" in browser.get(following).text


@pytest.mark.parametrize("until", ["", "tomorrow", "2026-11-23T00:00:00"])
def test_marking_all_wants_the_instant_of_the_page(browse, until):
    assert browse("citizen").post("/messages", {"until": until}).status_code == 422


def test_an_error_that_says_nothing_of_its_own_leaves_the_words_to_the_page(browse):
    browser = browse("citizen")
    browser.post("/display", {"language": "en"})

    page = browser.post("/messages", {"until": "tomorrow"}).text

    assert "Something you entered is wrong" in page
    assert "The input does not fit" not in page


def test_a_clerks_line_leads_to_the_work_it_is_about(browse, host):
    def command(conn):
        news = runtime.News("assigned.2026-11-23", "assigned", link="/tasks/some-1")
        runtime.tell(host, conn, "reader", news, None, host.clock())

    host.write(command)
    browser = browse("reader")
    assert "有任务交给了您" in browser.get("/messages").text

    assert browser.get("/messages/:assigned.2026-11-23").location == "/tasks/some-1"
    assert badge(browser.get("/messages")) is None


def code(host) -> str:
    with host.database.read() as conn:
        row = notices.find_contact(conn, "citizen", "sms")
    return host.keys.open(row.sealed_code).decode()


def test_a_number_is_added_proved_switched_off_and_deleted(browse, host):
    browser = browse("citizen")
    browser.post("/account/contacts/sms", {"address": "13812345678"})
    assert "138****5678" in browser.get("/account").text
    assert "13812345678" not in browser.get("/account").text

    browser.post("/account/contacts/sms/code", {"code": code(host)})
    assert "已开启" in browser.get("/account").text
    browser.post("/account/contacts/sms/switch", {"on": "0"})
    assert "已关闭" in browser.get("/account").text
    browser.post("/account/contacts/sms/forget")
    assert "138****5678" not in browser.get("/account").text


@pytest.mark.parametrize(
    ("path", "data", "status", "told"),
    [
        ("sms", {"address": SCRIPT}, 422, "11 位手机号码"),
        ("email", {"address": "a@example.org\r\nBcc: b@example.org"}, 422, "完整的邮箱地址"),
        ("sms/code", {"code": "1"}, 404, "已失效"),
        ("pigeon", {"address": "x"}, 404, ""),
    ],
)
def test_what_is_wrong_with_an_address_is_said(browse, path, data, status, told):
    page = browse("citizen").post(f"/account/contacts/{path}", data)

    assert page.status_code == status
    assert told in page.text
    assert SCRIPT not in page.text


def test_a_refused_address_stays_in_its_field(browse):
    page = browse("citizen").post("/account/contacts/email", {"address": "li@example"}).text

    assert re.search(r'name="address"[^>]* value="li@example"', page)
    assert page.count("li@example") == 1


def test_a_wrong_code_is_said_and_too_many_codes_are_refused(browse, host):
    browser = browse("citizen")
    for _ in range(5):
        browser.post("/account/contacts/sms", {"address": "13812345678"})

    assert browser.post("/account/contacts/sms", {"address": "13812345678"}).status_code == 429
    wrong = f"{(int(code(host)) + 1) % 10**6:06d}"
    page = browser.post("/account/contacts/sms/code", {"code": wrong})
    assert "验证码不正确" in page.text


def test_language_and_scope_are_kept(browse):
    browser = browse("citizen")

    browser.post("/account/wishes", {"message_language": "en", "only_required": "1"})

    page = browser.get("/account").text
    assert re.search(r'name="only_required" value="1" checked', page)
    assert re.search(r'value="en" lang="en" selected', page)


def test_clerks_have_no_addresses_and_see_how_an_applicant_was_told(browse, host):
    case_no = browse("citizen").apply()
    tell(host, case_no)

    assert "接收消息" not in browse("reader").get("/account").text
    assert browse("reader").post("/account/contacts/sms", {"address": "1"}).status_code == 403
    shown = browse("auditor").get(f"/cases/{case_no}").text
    assert "告知当事人" in shown
    assert "许可已办好" in shown


def test_operators_read_of_a_code_without_a_case(browse, host):
    identity.add_person(
        host.database,
        SYSTEM,
        MONDAY,
        user="op",
        name="op",
        password=PASSWORD,
        must_change_password=False,
        settings=host.settings,
    )
    identity.give_post(host.database, SYSTEM, MONDAY, user="op", roles=["operator"])
    runtime.ask_code(host, CITIZEN, "sms", "13812345678")
    browser = browse("op")

    page = browser.get("/operations/jobs")
    link = re.search(r'href="(/operations/jobs/:code[^"]+)"', page.text)[1]

    assert "messages.sms.send" in page.text
    assert browser.get(link).status_code == 200
    assert "13812345678" not in browser.get(link).text
