"""Messages are delivered at least once, wait for a provider that is away, and end in time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from onething import jobs, runtime
from onething.runtime.jobs import perform_job
from onething.runtime.messages import deliver_news
from unit.clocks.node import APPLICANT, OPERATOR
from unit.notices.conftest import MAIL

DEAD = "13900000000"


@pytest.fixture
def told(site, case_no) -> str:
    """A case whose applicant is about to be told by text message."""
    site.reach()
    site.records.clear()
    site.tell(case_no)
    return case_no


def way(site, case_no):
    return runtime.view_tellings(site.host, APPLICANT, case_no)[0].ways[0]


def test_a_provider_that_is_away_is_tried_again(site, told):
    site.exchange.faults.set("messages", "down", None, 1)

    site.send()
    assert (site.job().state, site.job().attempts) == ("queued", 1)
    site.send(minutes=5)

    assert len(site.sms()) == 1
    assert way(site, told).state == "sent"


def test_a_message_sent_before_a_crash_is_repeated_under_its_key_and_arrives_once(
    site, told, monkeypatch
):
    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(deliver_news, "_taken", die)
        with pytest.raises(KeyboardInterrupt):
            site.send()
    site.host.write(lambda conn: jobs.put_back(conn, site.job(), site.host.clock()))
    site.send()

    assert len(site.sms()) == 1
    assert way(site, told).state == "sent"
    assert [one["key"] for one in site.exchange.received()].count(site.job().id) == 2


def test_news_that_cannot_be_told_for_three_days_is_given_up_without_an_incident(site, told):
    site.exchange.faults.set("messages", "down", None, None)

    for _ in range(12):
        site.send(minutes=12 * 60)

    assert site.job().state == "failed"
    assert way(site, told).state == "failed"
    assert runtime.list_incidents(site.host, OPERATOR) == []


def test_the_breaker_of_the_provider_opens_and_costs_no_attempt(site, told):
    site.host.settings = replace(site.host.settings, breaker_failures=1)
    site.exchange.faults.set("messages", "down", None, 1)

    site.send()

    gates = {one.department: one.state for one in runtime.list_gates(site.host, OPERATOR)}
    assert gates["messages"] == "open"
    assert site.job().attempts == 0
    runtime.reset_gate(site.host, OPERATOR, "messages")
    site.send(minutes=5)
    assert len(site.sms()) == 1


def test_a_dead_number_is_told_in_the_centre_and_used_no_more_after_three_refusals(site, case_no):
    site.reach(address=DEAD)
    for at in range(3):
        site.tell(case_no, f"n{at}")
        site.send(minutes=24 * 60)

    kinds = [one.row.kind for one in site.lines() if one.row.case_no is None]
    assert sorted(kinds) == ["address_dead", "address_refused", "address_refused"]
    assert runtime.view_wishes(site.host, APPLICANT).contacts["sms"].state == "dead"
    site.tell(case_no, "n9")
    assert site.job().state == "failed"


def test_a_message_that_arrives_forgives_earlier_refusals(site, case_no):
    site.reach("email", MAIL)
    site.mail.answers["RCPT"] = "550 nobody"
    site.tell(case_no, "n1")
    site.send()
    assert runtime.view_wishes(site.host, APPLICANT).contacts["email"].bounces == 1
    del site.mail.answers["RCPT"]

    site.tell(case_no, "n2")
    site.send()

    assert runtime.view_wishes(site.host, APPLICANT).contacts["email"].bounces == 0


def test_an_unwelcome_message_is_no_sign_of_a_dead_address(site, case_no):
    site.reach("email", MAIL)
    site.mail.answers["message"] = "554 policy"
    site.tell(case_no)

    site.send()

    assert way(site, case_no).state == "refused"
    assert runtime.view_wishes(site.host, APPLICANT).contacts["email"].bounces == 0


def test_a_mail_server_that_is_away_leaves_text_messages_alone(site, case_no):
    site.reach()
    site.reach("email", MAIL)
    site.mail.answers["greeting"] = "421 later"
    site.records.clear()
    site.tell(case_no)

    site.send()

    assert len(site.sms()) == 1


def test_operators_see_messages_among_the_jobs_without_names_and_addresses(site, told):
    listed = runtime.list_jobs(
        site.host, OPERATOR, runtime.JobFilter(operation="messages.sms.send")
    )
    (found,) = (one for one in listed if one.case_no)
    view = runtime.view_job(site.host, OPERATOR, found.id)

    assert (found.department, found.state, found.case_no) == ("messages", "queued", told)
    assert view.inputs is None
    assert APPLICANT.user not in found.id


def test_a_code_is_a_job_without_a_case(site):
    runtime.ask_code(site.host, APPLICANT, "sms", DEAD)

    (found,) = runtime.list_jobs(site.host, OPERATOR, runtime.JobFilter())

    assert found.case_no == ""
    assert runtime.view_job(site.host, OPERATOR, found.id).case_no == ""
    site.send(minutes=0)
    assert [one.row.kind for one in site.lines()] == ["address_refused"]


def test_a_message_whose_workers_died_again_and_again_is_given_up_without_an_incident(site, told):
    job = site.job()
    site.host.write(
        lambda conn: jobs.take_due(conn, site.host.clock() + timedelta(hours=1), 9, "messages")
    )

    perform_job.stop(site.host, replace(job, state="relayed"), {}, "job-killing", "died")

    assert site.job().state == "failed"
    assert runtime.list_incidents(site.host, OPERATOR) == []


def test_a_suspended_case_tells_nobody_until_it_goes_on(site, told):
    runtime.suspend(site.host, OPERATOR, told, "核查")
    site.send()
    assert site.sms() == []

    runtime.resume(site.host, OPERATOR, told, "核查完毕")
    site.send()

    assert len(site.sms()) == 1


def test_calls_that_wait_for_the_provider_go_no_way_of_a_model(site, told):
    site.host.settings = replace(site.host.settings, breaker_failures=1, patience_s=1)
    site.exchange.faults.set("messages", "down", None, 1)
    site.send()
    site.world.clock.advance(timedelta(hours=1))

    assert runtime.give_up_patience(site.host) == 0


def test_messages_and_lines_about_no_case_are_forgotten_after_ninety_days(site, case_no):
    site.tell(case_no)
    runtime.ask_code(site.host, APPLICANT, "sms", DEAD)
    site.send(minutes=0)
    assert len(site.lines()) == 2
    assert site.job("code").state == "failed"

    site.world.clock.advance(timedelta(days=91))
    runtime.drop_old_news(site.host)

    assert [one.row.kind for one in site.lines()] == ["notice"]
    assert runtime.list_jobs(site.host, OPERATOR, runtime.JobFilter(state="failed")) == []
