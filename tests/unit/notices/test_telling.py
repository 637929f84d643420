"""People are told in the notice centre, and outside without a word of what it is about."""

import pytest

from onething import cases, runtime
from onething.errors import NotFound
from onething.identity import Actor
from onething.notices import NewsFilter
from onething.runtime.messages.tell_parties import recipients
from unit.clocks.node import APPLICANT, CLERK
from unit.notices.conftest import MAIL

OTHER = Actor("li", "李四", frozenset({"applicant"}))
PERSONAL = ("王芳", "结婚", "证", "zhang", "张三", "licence")


def test_news_stands_in_the_readers_centre_and_in_nobody_elses(site, case_no):
    site.tell(case_no)

    (line,) = site.lines()
    assert (line.text["title"], line.text["en"]["title"]) == (
        "结婚登记证已办好",
        "The certificate is ready",
    )
    assert line.row.case_no == case_no
    assert site.lines(OTHER) == []


def test_its_text_is_sealed(site, case_no):
    site.tell(case_no)

    with site.host.database.read() as conn:
        stored = conn.exec_driver_sql("SELECT sealed FROM news").scalar()
    assert "结婚".encode() not in bytes(stored)


def test_reading_a_line_marks_it_and_it_can_be_unread_again(site, case_no):
    site.tell(case_no)
    (line,) = site.lines(unread=True)

    runtime.read_news(site.host, APPLICANT, line.row.id)

    assert runtime.count_unread(site.host, APPLICANT) == 0
    runtime.mark_news(site.host, APPLICANT, line.row.id, is_read=False)
    assert runtime.count_unread(site.host, APPLICANT) == 1


def test_nobody_reads_or_marks_the_line_of_another(site, case_no):
    site.tell(case_no)
    (line,) = site.lines()

    with pytest.raises(NotFound):
        runtime.read_news(site.host, OTHER, line.row.id)
    runtime.mark_news(site.host, OTHER, line.row.id, is_read=True)

    assert runtime.count_unread(site.host, APPLICANT) == 1


def test_all_are_read_at_once_but_for_what_came_after_the_page_was_shown(site, case_no):
    site.tell(case_no, "n1")
    seen = site.host.clock()
    site.send(minutes=1)
    site.tell(case_no, "n2")

    assert runtime.mark_all_news(site.host, APPLICANT, seen) == 1

    assert [one.row.line_id for one in site.lines(unread=True)] == ["n2"]


def test_the_lines_of_one_case_are_found_and_paged(site, case_no):
    for at in range(3):
        site.tell(case_no, f"n{at}")
        site.send(minutes=1)
    site.tell(None, "other")

    (first, second) = runtime.list_news(site.host, APPLICANT, NewsFilter(case_no=case_no), limit=2)
    (third,) = runtime.list_news(
        site.host, APPLICANT, NewsFilter(case_no=case_no), after=second.row.id
    )

    assert [one.row.line_id for one in (first, second, third)] == ["n2", "n1", "n0"]
    assert [one.case_no for one in runtime.cases_with_news(site.host, APPLICANT)] == [case_no]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_messages_say_that_there_is_news_and_nothing_of_it(site, case_no, language):
    site.reach()
    site.reach("email", MAIL)
    runtime.set_wishes(site.host, APPLICANT, language, only_required=False)
    site.records.clear()
    site.mail.received.clear()
    site.tell(case_no)

    site.send()

    (text,) = site.sms()
    ((_sender, to, content),) = site.mail.received
    assert case_no[-6:] in text
    assert "https://apply.example.org/messages" in text
    assert case_no not in text
    assert MAIL in to
    head = content.decode().partition("\r\n\r\n")[0]
    for word in PERSONAL:
        assert word not in text
        assert word not in head
    assert ("news" in text) is (language == "en")


def test_a_person_without_an_address_is_told_in_the_centre_alone(site, case_no):
    site.tell(case_no)

    site.send()

    assert site.sms() == []
    assert len(site.lines()) == 1


def test_what_comes_together_is_one_message(site, case_no):
    site.reach()
    site.records.clear()
    site.tell(case_no, "n1")
    site.tell(case_no, "n2")

    site.send()

    assert len(site.sms()) == 1
    assert [one.ways[0].state for one in runtime.view_tellings(site.host, APPLICANT, case_no)] == [
        "sent",
        "sent",
    ]


def test_told_twice_under_one_id_is_told_once(site, case_no):
    site.reach()
    site.records.clear()
    site.tell(case_no)
    site.send()

    site.tell(case_no)
    site.send()

    assert len(site.sms()) == 1
    assert len(site.lines()) == 1


def test_who_wants_only_what_the_law_wants_delivered_is_sent_only_that(site, case_no):
    site.reach()
    runtime.set_wishes(site.host, APPLICANT, "zh", only_required=True)
    site.records.clear()

    site.tell(case_no, "n1")
    site.send()
    assert site.sms() == []

    site.tell(case_no, "n2", is_required=True)
    site.send()
    assert len(site.sms()) == 1


def test_an_erased_case_leaves_its_lines_without_words(site, case_no):
    site.tell(case_no)
    site.host.write(lambda conn: site.host.keys.erase(conn, site.instance(case_no)))

    (line,) = site.lines()

    assert line.text == {}


def test_a_task_for_the_applicant_is_told_and_leads_there(site, case_no):
    site.decide(case_no, "supplement")

    (line,) = site.lines()

    assert line.row.kind == "todo"
    assert line.text["title"] == "请您办理：补齐材料"
    assert line.duty is not None
    assert line.duty.id == site.task(case_no).id


def test_clerks_see_how_a_case_was_told(site, case_no):
    site.reach()
    site.decide(case_no, "accept")
    site.tell(case_no)
    site.send()

    (told,) = runtime.view_tellings(site.host, CLERK, case_no)

    assert (told.title, told.title_en) == ("结婚登记证已办好", "The certificate is ready")
    assert [(one.channel, one.state) for one in told.ways] == [("sms", "sent")]
    assert told.ways[0].sent_at is not None


def test_a_party_is_told_under_the_name_that_the_manifest_gives_it(site, case_no):
    with site.host.database.read() as conn:
        case = cases.get(conn, case_no)
        told = {one: recipients(site.host, conn, case, one) for one in ("applicant", "a", "b", "x")}

    assert told == {"applicant": [APPLICANT.user], "a": [APPLICANT.user], "b": [], "x": []}
