"""Messages, signals and timers: each receiver once, early ones kept, nobody else reached."""

from datetime import timedelta

import pytest

from onething import jobs, messages, runtime
from onething.engine import FireTimer
from onething.errors import InvalidInput, KeyReused, NotAllowed
from onething.identity import SYSTEM, Actor
from onething.runtime.turn import Turn
from unit.runtime.node import APPLICANT, CLERK, OPERATOR, Node


def pay(node: Node, case_no: str, **options: object) -> runtime.Receipt | None:
    actor = options.pop("actor", OPERATOR)
    return runtime.correlate(node.host, actor, "Paid", correlation_key=case_no, **options)


def test_a_message_reaches_the_case_of_its_key_alone(node: Node) -> None:
    first, second = node.start("pay"), node.start("pay", idNo="370502198709039827")

    receipt = pay(node, second)

    assert receipt is not None
    assert receipt.case_no == second
    assert node.case(first).is_open
    assert not node.case(second).is_open


def test_a_message_that_nobody_waits_for_is_told_so(node: Node) -> None:
    assert pay(node, node.start()) is None


def test_a_repeated_message_is_answered_and_not_delivered_again(node: Node) -> None:
    case_no = node.start("pay")
    first = pay(node, case_no, key="once")

    again = pay(node, case_no, key="once")

    assert first is not None
    assert again is not None
    assert (again.sequence, again.repeated) == (first.sequence, True)
    with pytest.raises(KeyReused):
        pay(node, case_no, key="once", payload={"sum": 1})


def test_an_early_message_is_kept_and_taken_by_who_waits_later(node: Node) -> None:
    stranger = Actor("system-to-be", "", frozenset({"operator"}))
    runtime.correlate(node.host, stranger, "Paid", correlation_key=None, keep_for=timedelta(days=1))
    case_no = node.start("pay")

    assert runtime.deliver_kept(node.host) == 0
    assert node.case(case_no).is_open


def test_a_message_kept_for_a_case_that_waits_by_now_is_handed_over_once(node: Node) -> None:
    case_no = node.start("pay")
    now = node.host.clock()
    kept = messages.EarlyMessage(
        "kept", "Paid", case_no, node.host.keys.seal(b"{}"), now, now + timedelta(days=1)
    )
    node.host.write(lambda conn: messages.keep_early(conn, kept))

    assert runtime.deliver_kept(node.host) == 1
    assert runtime.deliver_kept(node.host) == 0
    assert node.kinds(case_no) == ["CaseStarted", "MessageCorrelated"]


def test_a_clerk_reaches_the_cases_of_the_own_post_only(node: Node) -> None:
    case_no = node.start("pay")

    assert pay(node, case_no, actor=CLERK) is None
    assert node.case(case_no).is_open


def test_applicants_send_no_messages(node: Node) -> None:
    with pytest.raises(NotAllowed):
        pay(node, node.start("pay"), actor=APPLICANT)


@pytest.mark.parametrize("name", ["", "n" * 201])
def test_a_message_without_a_name_is_refused(node: Node, name: str) -> None:
    with pytest.raises(InvalidInput):
        runtime.correlate(node.host, OPERATOR, name)


def test_a_signal_reaches_everybody_who_waits(node: Node) -> None:
    waiting = [node.start("bell"), node.start("bell", idNo="370502198709039827")]

    receipts = runtime.broadcast(node.host, OPERATOR, "Bell")

    assert sorted(one.case_no for one in receipts) == sorted(waiting)


def test_a_repeated_broadcast_of_one_cause_reaches_nobody_twice(node: Node) -> None:
    case_no = node.start("bell")
    runtime.broadcast(node.host, SYSTEM, "Bell", cause="thrower:1-m0")

    runtime.broadcast(node.host, SYSTEM, "Bell", cause="thrower:1-m0")

    assert node.kinds(case_no) == ["CaseStarted", "SignalReceived"]


def test_a_timer_of_five_working_days_skips_the_holidays(node: Node) -> None:
    case_no = node.start("clock")
    with node.host.database.read() as conn:
        due = jobs.next_timer(conn)
    assert due is not None

    node.world.clock.move_to(due - timedelta(seconds=1))
    early = runtime.fire_timers(node.host)
    node.world.clock.move_to(due)

    assert (early, runtime.fire_timers(node.host), runtime.fire_timers(node.host)) == (0, 1, 0)
    assert due.astimezone(node.host.zone).isoformat() == "2026-10-11T00:00:00+08:00"
    assert not node.case(case_no).is_open


def test_a_timer_that_fails_holds_up_no_other(node: Node) -> None:
    broken, sound = node.start("clock"), node.start("clock", idNo="370502198709039827")
    instance_id = node.instance(broken)

    def fire_unseen(conn: object) -> None:
        """Let the state go on while its row of the sweep stays."""
        turn = Turn.on(node.host, conn, SYSTEM, instance_id)  # type: ignore[arg-type]
        rows = jobs.timers_of(conn, instance_id)  # type: ignore[arg-type]
        turn.step("TimerFired", FireTimer(rows[0].timer))
        jobs.set_timers(conn, rows)  # type: ignore[arg-type]

    node.host.write(fire_unseen)
    node.world.clock.advance(timedelta(days=60))

    assert runtime.fire_timers(node.host) == 1
    assert not node.case(sound).is_open
    assert runtime.fire_timers(node.host) == 0


def test_models_count_by_the_legal_calendar(node: Node) -> None:
    case_no = node.start("count")

    started = node.events(case_no)[0]

    assert started.personal["variables"]["counted"] == {"due": "2026-10-10", "third": "2026-10-10"}
