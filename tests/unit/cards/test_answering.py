"""Cards are answered, reviewed, waived and handed up, by those whose they are."""

from dataclasses import replace

import pytest

from onething import cards, runtime
from onething.cards import CardRow, Filter
from onething.errors import AlreadyDone, Conflict, InvalidInput, NotAllowed, NotFound
from onething.identity import Actor
from unit.clocks.node import APPLICANT, CLERK, SUPERVISOR, Node, at

POLICE = Actor("officer", "警官", frozenset({"supervisor"}), "police", "household", "370502")
DEPUTY = Actor("deputy", "分管局长", frozenset({"deputy"}), "civil", None, "370502")
INSPECTOR = Actor("inspector", "督查员", frozenset({"supervisor"}))


@pytest.fixture
def card(node) -> CardRow:
    """A yellow card of the civil department: its promise has passed."""
    node.accepted()
    node.go_to("2026-03-17")
    runtime.raise_cards(node.host)
    return listed(node, colour="yellow", clock="handling.licence")


def listed(node: Node, *, colour: str, clock: str) -> CardRow:
    found = runtime.list_cards(node.host, INSPECTOR, Filter(colour=colour))
    return next(one for one in found if one.clock_id == clock)


def state(node: Node, card: CardRow) -> str:
    with node.host.database.read() as conn:
        return cards.get(conn, card.id).state


def test_an_answer_is_sealed_and_read_by_those_who_may(node, card):
    runtime.reply_to_card(node.host, CLERK, card.id, "等待邻省回函")

    view = runtime.view_card(node.host, SUPERVISOR, card.id)
    assert (view.card.state, view.reply, view.card.replied_by) == (
        "answered",
        "等待邻省回函",
        "clerk",
    )
    assert "邻省".encode() not in (view.card.sealed_reply or b"")


def test_a_reply_is_owed_within_three_working_days(card):
    assert card.reply_due_at == at("2026-03-21", 0)


def test_a_supervisor_reviews_an_answer(node, card):
    runtime.reply_to_card(node.host, CLERK, card.id, "等待邻省回函")

    runtime.review_card(node.host, SUPERVISOR, card.id, "情况属实")

    assert runtime.view_card(node.host, SUPERVISOR, card.id).review == "情况属实"
    with pytest.raises(AlreadyDone):
        runtime.waive_card(node.host, SUPERVISOR, card.id, "不用了")


def test_nobody_reviews_what_was_not_answered_or_what_they_answered(node, card):
    with pytest.raises(Conflict):
        runtime.review_card(node.host, SUPERVISOR, card.id, "情况属实")
    runtime.reply_to_card(node.host, SUPERVISOR, card.id, "我来说明")
    with pytest.raises(Conflict):
        runtime.review_card(node.host, SUPERVISOR, card.id, "情况属实")

    assert state(node, card) == "answered"


def test_a_waived_card_counts_no_more(node, card):
    before = {one.department: one.cards for one in runtime.figures(node.host, INSPECTOR)}

    runtime.waive_card(node.host, SUPERVISOR, card.id, "系统故障")

    after = {one.department: one.cards for one in runtime.figures(node.host, INSPECTOR)}
    assert before["civil"]["yellow"] - after["civil"].get("yellow", 0) == 1


@pytest.mark.parametrize("text", ["", "  ", "长" * 2_001])
def test_a_waiver_needs_a_reason(node, card, text):
    with pytest.raises(InvalidInput):
        runtime.waive_card(node.host, SUPERVISOR, card.id, text)

    assert state(node, card) == "open"


def test_a_clerk_waives_nothing(node, card):
    with pytest.raises(NotAllowed):
        runtime.waive_card(node.host, CLERK, card.id, "不用了")


def test_a_card_of_another_department_does_not_exist(node, card):
    with pytest.raises(NotFound):
        runtime.view_card(node.host, POLICE, card.id)
    with pytest.raises(NotAllowed):
        runtime.reply_to_card(node.host, APPLICANT, card.id, "?")

    assert card not in runtime.list_cards(node.host, POLICE, Filter())


def test_a_card_that_nobody_answers_is_handed_up_once(node, card):
    node.go_to("2026-03-21", hour=0)

    first, second = runtime.escalate_cards(node.host), runtime.escalate_cards(node.host)

    kinds = [one.kind for one in node.events(card.case_no)]
    assert (first >= 1, second, state(node, card)) == (True, 0, "escalated")
    assert kinds.count("CardEscalated") == first


def test_an_answered_card_is_not_handed_up(node, card):
    runtime.reply_to_card(node.host, CLERK, card.id, "等待邻省回函")
    node.go_to("2026-03-23")

    runtime.escalate_cards(node.host)

    assert state(node, card) == "answered"


def test_a_repeated_answer_is_given_once(node, card):
    first = runtime.reply_to_card(node.host, CLERK, card.id, "等待回函", key="k")

    again = runtime.reply_to_card(node.host, CLERK, card.id, "等待回函", key="k")

    assert (again.sequence, again.repeated) == (first.sequence, True)


def test_the_own_cards_of_a_post_stand_in_its_queue(node, card):
    own = runtime.own_cards(node.host, CLERK)
    others = runtime.own_cards(node.host, POLICE)

    assert (card.id in {one.id for one in own}, others) == (True, [])


def test_figures_tell_what_was_on_time_and_how_much_of_the_limit_was_used(node):
    case_no = node.accepted()
    node.go_to("2026-03-06")
    node.decide(case_no, "grant")

    (civil,) = runtime.figures(node.host, SUPERVISOR)

    assert (civil.department, civil.ended, civil.on_time) == ("civil", 1, 1)
    assert civil.average_share == pytest.approx(0.4)


@pytest.fixture
def handed_up(node, card) -> CardRow:
    """The card three working days later: nobody answered it."""
    node.go_to("2026-03-23")
    runtime.escalate_cards(node.host)
    with node.host.database.read() as conn:
        return cards.get(conn, card.id)


def test_a_deputy_finds_what_was_handed_up_and_owes_the_reply(node, handed_up):
    found = runtime.own_cards(node.host, DEPUTY)

    assert handed_up.id in [one.id for one in found]
    assert all(one.escalated_at or one.addressee == "bureau" for one in found)
    assert handed_up.escalated_at == at("2026-03-23")
    assert handed_up.reply_due_at == at("2026-03-27", 0)


def test_a_deputy_sees_nothing_that_was_not_handed_up(node, card):
    with pytest.raises(NotFound):
        runtime.view_card(node.host, DEPUTY, card.id)

    assert runtime.list_cards(node.host, DEPUTY, Filter()) == []


def test_what_was_handed_up_is_the_deputys_to_answer(node, handed_up):
    with pytest.raises(NotAllowed):
        runtime.reply_to_card(node.host, CLERK, handed_up.id, "忘了")

    runtime.reply_to_card(node.host, DEPUTY, handed_up.id, "已调整人手")

    assert state(node, handed_up) == "answered"
    assert handed_up.id not in [one.id for one in runtime.own_cards(node.host, DEPUTY)]


def test_another_departments_deputy_sees_no_card(node, handed_up):
    with pytest.raises(NotFound):
        runtime.view_card(node.host, replace(DEPUTY, department="police"), handed_up.id)


def test_cards_are_narrowed_by_service_and_time(node, card):
    def count(**wanted) -> int:
        return runtime.count_cards(node.host, INSPECTOR, Filter(**wanted))

    assert count(service="licence") > 0
    assert count(service="adoption") == 0
    assert count(since=card.raised_at) > 0
    assert count(until=card.raised_at) == 0
