"""An address is told of news once its owner has proved it by a code."""

from datetime import timedelta

import pytest

from onething import runtime
from onething.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooOften
from onething.identity import Actor
from unit.clocks.node import APPLICANT, CLERK
from unit.notices.conftest import MAIL, PHONE


def view(site, channel="sms", actor=APPLICANT):
    return runtime.view_wishes(site.host, actor).contacts.get(channel)


def wrong(site) -> str:
    return f"{(int(site.code()) + 1) % 10**6:06d}"


def test_a_code_goes_to_the_address_and_proves_it(site):
    runtime.ask_code(site.host, APPLICANT, "sms", "138 1234-5678")
    assert view(site).state == "asked"

    site.send(minutes=0)
    (text,) = site.sms()
    code = site.code()
    assert code in text
    assert "10" in text

    runtime.prove_code(site.host, APPLICANT, "sms", f" {code[:3]} {code[3:]} ")

    assert (view(site).state, view(site).is_on) == ("verified", True)
    assert view(site).address == "138****5678"


def test_a_code_goes_by_email_too(site):
    runtime.ask_code(site.host, APPLICANT, "email", MAIL)

    site.send(minutes=0)

    assert len(site.mail.received) == 1
    assert view(site, "email").address == "l***@example.org"


def test_the_address_is_sealed(site):
    site.reach()

    with site.host.database.read() as conn:
        stored = conn.exec_driver_sql("SELECT sealed_address FROM contact").scalar()
    assert PHONE.encode() not in bytes(stored)


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("sms", "12345"),
        ("sms", "23812345678"),
        ("sms", "13812345678\r\n13912345678"),
        ("sms", "13812345678,13912345678"),
        ("email", "lin"),
        ("email", "lin@example.org\r\nBcc: x@example.org"),
        ("email", "lin@example.org, x@example.org"),
        ("email", ""),
    ],
)
def test_what_is_no_address_is_refused(site, channel, address):
    with pytest.raises(InvalidInput) as refused:
        runtime.ask_code(site.host, APPLICANT, channel, address)

    assert channel in refused.value.fields
    assert view(site, channel) is None


def test_a_wrong_code_proves_nothing_and_five_of_them_void_it(site):
    runtime.ask_code(site.host, APPLICANT, "sms", PHONE)
    right, bad = site.code(), wrong(site)

    for _ in range(4):
        with pytest.raises(InvalidInput):
            runtime.prove_code(site.host, APPLICANT, "sms", bad)
    with pytest.raises(Conflict):
        runtime.prove_code(site.host, APPLICANT, "sms", bad)
    with pytest.raises(Conflict):
        runtime.prove_code(site.host, APPLICANT, "sms", right)

    assert view(site).state == "asked"


def test_a_code_holds_for_ten_minutes(site):
    runtime.ask_code(site.host, APPLICANT, "sms", PHONE)
    site.world.clock.advance(timedelta(minutes=10))

    with pytest.raises(Conflict):
        runtime.prove_code(site.host, APPLICANT, "sms", site.code())


def test_a_code_that_is_too_late_is_not_sent_any_more(site):
    runtime.ask_code(site.host, APPLICANT, "sms", PHONE)

    site.send(minutes=11)

    assert site.sms() == []
    assert site.job("code").state == "cancelled"


def test_a_code_works_once(site):
    runtime.ask_code(site.host, APPLICANT, "sms", PHONE)
    code = site.code()
    runtime.prove_code(site.host, APPLICANT, "sms", code)

    with pytest.raises(NotFound):
        runtime.prove_code(site.host, APPLICANT, "sms", code)


def test_a_newer_code_replaces_the_earlier_one(site):
    runtime.ask_code(site.host, APPLICANT, "sms", PHONE)
    first = site.code()
    runtime.ask_code(site.host, APPLICANT, "sms", PHONE)

    site.send(minutes=0)

    assert [first in one for one in site.sms()].count(True) == (first == site.code())
    assert len(site.sms()) == 1


def test_an_account_gets_five_codes_an_hour(site):
    for at in range(5):
        runtime.ask_code(site.host, APPLICANT, "sms", f"1381234567{at}")

    with pytest.raises(TooOften) as refused:
        runtime.ask_code(site.host, APPLICANT, "sms", PHONE)

    assert refused.value.until == site.host.clock() + timedelta(hours=1)
    site.world.clock.advance(timedelta(hours=1))
    runtime.ask_code(site.host, APPLICANT, "sms", PHONE)


def test_an_address_gets_five_codes_a_day_from_all_accounts(site):
    people = [Actor(f"p{at}", "", frozenset({"applicant"})) for at in range(6)]
    for person in people[:5]:
        runtime.ask_code(site.host, person, "sms", PHONE)

    with pytest.raises(TooOften):
        runtime.ask_code(site.host, people[5], "sms", PHONE)


def test_a_new_address_has_to_be_proved_again(site):
    site.reach()

    runtime.ask_code(site.host, APPLICANT, "sms", "13912345678")

    assert view(site).state == "asked"


def test_an_address_is_switched_off_and_forgotten(site, case_no):
    site.reach()
    site.records.clear()

    runtime.switch_contact(site.host, APPLICANT, "sms", is_on=False)
    site.tell(case_no, "n1")
    runtime.forget_contact(site.host, APPLICANT, "sms")
    site.tell(case_no, "n2")
    site.send()

    assert site.sms() == []
    assert view(site) is None


def test_what_waits_for_an_address_that_was_forgotten_is_dropped(site, case_no):
    site.reach()
    site.records.clear()
    site.tell(case_no)

    runtime.forget_contact(site.host, APPLICANT, "sms")
    site.send()

    assert site.sms() == []
    (told,) = runtime.view_tellings(site.host, APPLICANT, case_no)
    assert told.ways[0].state == "dropped"


def test_only_applicants_give_addresses_and_only_where_the_site_has_the_channel(site):
    with pytest.raises(NotAllowed):
        runtime.ask_code(site.host, CLERK, "sms", PHONE)
    with pytest.raises(NotFound):
        runtime.ask_code(site.host, APPLICANT, "pigeon", PHONE)


def test_a_language_is_chinese_or_english(site):
    with pytest.raises(InvalidInput):
        runtime.set_wishes(site.host, APPLICANT, "fr", only_required=False)
