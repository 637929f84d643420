"""Clerks, supervisors and deputies are told the few things that concern their work."""

from datetime import timedelta

import pytest

from onething import cards, identity, runtime, tasks
from onething.cards import Filter
from onething.identity import SYSTEM, Actor
from onething.notices import NewsFilter
from unit.clocks.node import APPLICANT, CLERK, SUPERVISOR

COLLEAGUE = Actor("colleague", "赵六", frozenset({"clerk"}), "civil", "examiner", "370502")
DEPUTY = Actor("deputy", "分管", frozenset({"deputy"}), "civil", None, "370502")
STAFF = (CLERK, COLLEAGUE, SUPERVISOR, DEPUTY)


@pytest.fixture
def office(site):
    """The site with the accounts of its department."""
    database, now = site.host.database, site.host.clock()
    identity.put_region(database, SYSTEM, now, code="370502", name="东营区")
    for one in STAFF:
        identity.add_person(
            database, SYSTEM, now, user=one.user, name=one.name, settings=site.host.settings
        )
        identity.give_post(
            database,
            SYSTEM,
            now,
            user=one.user,
            roles=one.roles,
            department_code=one.department,
            post_name=one.post,
            region_code=one.region,
        )
    return site


def told(site, actor) -> list[tuple[str, int]]:
    lines = runtime.list_news(site.host, actor, NewsFilter())
    return [(one.row.kind, one.row.count) for one in lines]


def test_who_is_given_a_task_is_told_and_who_gave_it_is_not(office):
    case_no = office.accepted()

    runtime.delegate(office.host, SUPERVISOR, office.task(case_no).id, CLERK.user)

    assert told(office, CLERK) == [("assigned", 1)]
    assert told(office, SUPERVISOR) == []


def test_who_loses_a_task_to_a_colleague_is_told(office):
    case_no = office.accepted()
    runtime.claim(office.host, CLERK, office.task(case_no).id)

    runtime.hand_on(office.host, SUPERVISOR, CLERK.user, COLLEAGUE.user, "休假")

    assert told(office, CLERK) == [("taken", 1)]
    assert told(office, COLLEAGUE) == [("assigned", 1)]


def test_who_claims_or_returns_by_themselves_is_told_nothing(office):
    case_no = office.accepted()

    runtime.claim(office.host, CLERK, office.task(case_no).id)
    runtime.return_task(office.host, CLERK, office.task(case_no).id)

    assert told(office, CLERK) == []


def test_a_case_and_kind_is_one_line_a_day_which_counts_on_and_is_unread_again(office):
    case_no = office.accepted()
    task_id = office.task(case_no).id
    runtime.delegate(office.host, SUPERVISOR, task_id, CLERK.user)
    runtime.mark_all_news(office.host, CLERK, office.host.clock())

    runtime.return_task(office.host, CLERK, task_id)
    runtime.delegate(office.host, SUPERVISOR, task_id, CLERK.user)

    assert told(office, CLERK) == [("assigned", 2)]
    assert runtime.count_unread(office.host, CLERK) == 1


def test_another_day_is_another_line(office):
    case_no = office.accepted()
    task_id = office.task(case_no).id
    runtime.delegate(office.host, SUPERVISOR, task_id, CLERK.user)
    runtime.return_task(office.host, CLERK, task_id)
    office.world.clock.advance(timedelta(days=1))
    runtime.delegate(office.host, SUPERVISOR, task_id, CLERK.user)

    assert told(office, CLERK) == [("assigned", 1), ("assigned", 1)]


def test_who_last_worked_on_a_case_is_told_of_its_supplement(office):
    case_no = office.apply()
    task = office.task(case_no)
    office.host.write(lambda conn: tasks.assign(conn, task, CLERK.user))
    decide(office, task, "supplement")

    runtime.complete(
        office.host, APPLICANT, office.task(case_no).id, {"check": {"finding": "补齐"}}
    )

    assert told(office, CLERK) == [("supplemented", 1)]


def decide(site, task, decision) -> None:
    holder = Actor(CLERK.user, "", CLERK.roles, task.department, task.post, task.region)
    answers = {"next": decision, "check": {"finding": decision}}
    runtime.complete(site.host, holder, task.id, answers)


def test_a_late_task_is_told_to_who_holds_it(office):
    case_no = office.accepted()
    runtime.claim(office.host, CLERK, office.task(case_no).id)

    office.go_to("2026-03-17")
    runtime.raise_cards(office.host, every=True)

    assert "late" in dict(told(office, CLERK))
    assert "late" not in dict(told(office, SUPERVISOR))


def test_a_late_task_that_nobody_holds_is_told_to_the_head(office):
    office.accepted()

    office.go_to("2026-03-17")
    runtime.raise_cards(office.host, every=True)

    assert "late" in dict(told(office, SUPERVISOR))


def test_a_card_that_was_answered_waits_for_the_head(office):
    office.accepted()
    office.go_to("2026-03-17")
    runtime.raise_cards(office.host, every=True)
    with office.host.database.read() as conn:
        card = cards.listing(conn, Filter(colour="yellow", department="civil"))[0]

    runtime.reply_to_card(office.host, CLERK, card.id, "等待回函")

    assert "card_answered" in dict(told(office, SUPERVISOR))


def test_a_card_that_was_handed_up_is_told_to_the_deputy(office):
    office.accepted()
    office.go_to("2026-03-17")
    runtime.raise_cards(office.host, every=True)
    office.go_to("2026-03-25")

    runtime.escalate_cards(office.host)

    assert "card_escalated" in dict(told(office, DEPUTY))


def test_nothing_of_it_leaves_the_notice_centre(office):
    case_no = office.accepted()

    runtime.delegate(office.host, SUPERVISOR, office.task(case_no).id, CLERK.user)
    office.send()

    assert office.sms() == []
