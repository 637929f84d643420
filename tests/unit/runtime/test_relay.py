"""The relay: what is due is handed over as the departments take it, and nothing is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from onething import jobs, runtime
from onething.errors import NotAllowed, NotFound
from onething.jobs import GateRow, JobRow, Limits, Policy
from onething.now import FakeClock
from onething.runtime.jobs.gates import limits_of
from onething.runtime.jobs.perform_job import perform_relayed
from unit.runtime.node import APPLICANT, MONDAY, OPERATOR, Node, id_no

POLICY = Policy(failures=3, wait=timedelta(seconds=30))
LIMITS = Limits(per_second=5, concurrency=4)
FRESH = GateRow("police", "closed", 0, 0, None, None, None, 1.0, MONDAY)


class Kept:
    """A handover that keeps what it took in memory, and performs it when it is told."""

    def __init__(self, *, shares_transaction: bool = False) -> None:
        self.shares_transaction = shares_transaction
        self.held: list[JobRow] = []
        self.told: dict[str, str] = {}

    def take(self, conn: Connection | None, taken: Sequence[JobRow]) -> None:
        assert (conn is not None) == self.shares_transaction
        self.held += taken
        self.told |= {job.workflow_id: "runs" for job in taken}

    def fates(self, ids: Sequence[str]) -> Mapping[str, str]:
        return {one: self.told[one] for one in ids if one in self.told}

    def perform(self, node: Node) -> list[str]:
        held, self.held = self.held, []
        ways = []
        for job in held:
            ways.append(perform_relayed(node.host, job.instance_id, job.effect_key, job.round))
            self.told[job.workflow_id] = "ended"
        return ways


@pytest.fixture
def relayed(node: Node) -> Node:
    runtime.prepare_gates(node.host)
    node.know()
    return node


def gate(node: Node, department: str = "police") -> GateRow:
    (found,) = (
        one for one in runtime.list_gates(node.host, OPERATOR) if one.department == department
    )
    return found


def work(node: Node, kept: Kept, rounds: int = 1, wait: timedelta = timedelta(hours=1)) -> None:
    for _ in range(rounds):
        runtime.relay_due(node.host, kept)
        kept.perform(node)
        node.world.clock.advance(wait)


@pytest.mark.parametrize("shares_transaction", [True, False])
def test_what_is_due_is_handed_over_once_and_performed(relayed: Node, shares_transaction) -> None:
    case_no = relayed.start("call")
    kept = Kept(shares_transaction=shares_transaction)

    handed = [runtime.relay_due(relayed.host, kept) for _ in range(2)]
    ways = kept.perform(relayed)

    assert (handed, ways) == ([1, 0], ["performed"])
    assert relayed.case(case_no).state == "CLOSED"


def test_a_department_gets_so_many_calls_at_a_time_as_it_takes(relayed: Node) -> None:
    for at in range(6):
        relayed.start("call", idNo=id_no(at))
    kept = Kept()
    relayed.world.clock.advance(timedelta(seconds=1))

    runtime.relay_due(relayed.host, kept)
    runtime.relay_due(relayed.host, kept)

    assert len(kept.held) == limits_of("police").concurrency == 4


def test_what_a_crash_lost_between_marking_and_handing_over_is_queued_again(relayed: Node) -> None:
    case_no = relayed.start("call")
    crashed, kept = Kept(), Kept()
    runtime.relay_due(relayed.host, crashed)

    found = runtime.find_lost(relayed.host, kept)
    work(relayed, kept)

    assert found == 1
    assert relayed.case(case_no).state == "CLOSED"
    assert [job.attempts for job in relayed.jobs(case_no)] == [0]


def test_a_workflow_that_ended_without_closing_its_job_is_queued_again(relayed: Node) -> None:
    relayed.start("call")
    kept = Kept()
    runtime.relay_due(relayed.host, kept)
    (job,) = kept.held
    kept.told[job.workflow_id] = "ended"

    assert runtime.find_lost(relayed.host, kept) == 1
    assert runtime.find_lost(relayed.host, kept) == 0


@pytest.mark.parametrize(("fate", "code"), [("killing", "job-killing"), ("defect", "job-failed")])
def test_a_job_that_nobody_can_perform_becomes_an_incident(
    relayed: Node, fate: str, code: str
) -> None:
    case_no = relayed.start("call")
    kept = Kept()
    runtime.relay_due(relayed.host, kept)
    (job,) = kept.held
    kept.told[job.workflow_id] = fate

    runtime.find_lost(relayed.host, kept)

    (incident,) = relayed.incidents(case_no)
    assert incident.code == code


def test_a_breaker_opens_holds_calls_without_attempts_and_closes_with_a_probe(
    relayed: Node,
) -> None:
    relayed.world.give({"fault": "police", "mode": "down", "times": None})
    cases = [relayed.start("call", idNo=id_no(at)) for at in range(6)]
    kept = Kept()
    work(relayed, kept, 3)
    spent = [relayed.jobs(one)[0].attempts for one in cases]
    assert gate(relayed).state == "open"

    work(relayed, kept, 5)
    assert [relayed.jobs(one)[0].attempts for one in cases] == spent
    relayed.world.exchange.faults.clear("police")
    relayed.know()
    work(relayed, kept, 8)

    assert gate(relayed).is_clean
    assert not any(job.state == "queued" for one in cases for job in relayed.jobs(one))
    assert all(relayed.kinds(one)[-1] != "JobRefused" for one in cases)


def test_an_operator_closes_a_breaker_and_what_waits_is_due(relayed: Node) -> None:
    case_no, now = relayed.start("call"), relayed.host.clock()
    held = gate(relayed).failed(now, Policy(1, timedelta(minutes=1)), "down")
    relayed.host.write(lambda conn: jobs.save_gate(conn, held))
    kept = Kept()
    assert runtime.relay_due(relayed.host, kept) == 0

    with pytest.raises(NotAllowed):
        runtime.reset_gate(relayed.host, APPLICANT, "police")
    with pytest.raises(NotFound):
        runtime.reset_gate(relayed.host, OPERATOR, "nobody")
    runtime.reset_gate(relayed.host, OPERATOR, "police")
    work(relayed, kept)

    assert gate(relayed).reset_by == OPERATOR.user
    assert relayed.case(case_no).state == "CLOSED"


def test_a_call_that_waits_too_long_goes_the_way_its_model_has_for_it(relayed: Node) -> None:
    caught, plain = relayed.start("careful"), relayed.start("call", idNo=id_no(1))
    now = relayed.host.clock()
    held = gate(relayed).failed(now, Policy(1, timedelta(minutes=1)), "down")
    relayed.host.write(lambda conn: jobs.save_gate(conn, held))

    early = runtime.give_up_patience(relayed.host)
    relayed.world.clock.advance(timedelta(hours=2))
    late = runtime.give_up_patience(relayed.host)

    assert (early, late) == (0, 1)
    assert relayed.task(caught).activity == "search"
    (waiting,) = relayed.jobs(plain)
    soon = timedelta(seconds=relayed.host.settings.breaker_wait_s)
    assert (waiting.state, waiting.due_at) == ("queued", relayed.world.clock() + soon)
    assert relayed.incidents(plain) == []


def test_a_probe_that_fails_late_goes_the_way_its_model_has_for_it(relayed: Node) -> None:
    relayed.world.give({"fault": "police", "mode": "down", "times": None})
    case_no, now = relayed.start("careful"), relayed.host.clock()
    held = gate(relayed).failed(now, Policy(1, timedelta(minutes=1)), "down")
    relayed.host.write(lambda conn: jobs.save_gate(conn, held))

    relayed.world.clock.advance(timedelta(hours=2))
    work(relayed, Kept())

    assert gate(relayed).state == "open"
    assert relayed.task(case_no).activity == "search"


def test_a_rate_is_kept_whatever_a_clock_does() -> None:
    later = MONDAY + timedelta(seconds=10)

    spent = FRESH.passed(4, later, Limits(5, 99))

    assert FRESH.room(later, 0, Limits(5, 99)) == 5
    assert spent.room(later, 0, Limits(5, 99)) == 1
    assert spent.room(later - timedelta(hours=1), 0, Limits(5, 99)) == 1
    assert spent.room(later + timedelta(seconds=0.4), 0, Limits(5, 99)) == 3
    assert FRESH.passed(0, MONDAY, Limits(0.5, 1)).room(MONDAY, 0, Limits(0.5, 1)) == 1


def test_a_probe_that_a_clock_ahead_has_set_is_due() -> None:
    ahead = MONDAY + timedelta(hours=1)
    gate = FRESH
    for _ in range(3):
        gate = gate.failed(ahead, POLICY, "down")

    assert gate.holds(ahead)
    assert not gate.holds(MONDAY)


def test_a_department_is_asked_again_at_once_when_a_clock_that_was_ahead_is_set_back(
    relayed: Node,
) -> None:
    relayed.world.clock.advance(timedelta(hours=1))
    relayed.world.give({"fault": "police", "mode": "down", "times": None})
    cases = [relayed.start("call", idNo=id_no(at)) for at in range(4)]
    kept = Kept()
    while gate(relayed).state != "open":
        work(relayed, kept, 1, timedelta(minutes=10))
    work(relayed, kept, 4, timedelta(minutes=10))  # all wait for a probe of that clock
    relayed.world.exchange.faults.clear("police")
    relayed.know()

    relayed.world.clock = relayed.host.clock = FakeClock(MONDAY)
    work(relayed, kept, 4, timedelta(seconds=1))

    assert gate(relayed).is_clean
    assert not any(job.state == "queued" for one in cases for job in relayed.jobs(one))


def test_a_rate_that_was_used_up_under_a_clock_ahead_is_given_again(relayed: Node) -> None:
    now = relayed.host.clock()
    spent = gate(relayed).passed(0, now + timedelta(hours=1), LIMITS)
    spent = replace(spent, tokens=0.0)
    relayed.host.write(lambda conn: jobs.save_gate(conn, spent))
    case_no = relayed.start("call")

    work(relayed, Kept(), 2, timedelta(seconds=1))

    assert relayed.case(case_no).state == "CLOSED"


def test_a_gate_written_by_a_machine_a_little_ahead_stays_as_it_is(relayed: Node) -> None:
    ahead = relayed.host.clock() + timedelta(seconds=20)
    waiting = gate(relayed).failed(ahead, Policy(1, timedelta(minutes=1)), "down")
    relayed.host.write(lambda conn: jobs.save_gate(conn, replace(waiting, tokens_at=ahead)))
    relayed.start("call")

    handed = runtime.relay_due(relayed.host, Kept())

    assert handed == 0
    assert gate(relayed).tokens_at == ahead


def test_waits_of_a_breaker_double_up_to_the_longest() -> None:
    gate, waits = FRESH, []
    for _ in range(3):
        gate = gate.failed(MONDAY, POLICY, "down")
    for _ in range(7):
        waits.append((gate.probe_at - MONDAY).total_seconds())
        gate = gate.passed(1, gate.probe_at, LIMITS).failed(MONDAY, POLICY, "down")

    assert waits == [30, 60, 120, 120, 120, 120, 120]
    assert gate.closed().is_clean


def test_a_half_open_gate_lets_one_call_through() -> None:
    probe_at = MONDAY + timedelta(seconds=30)
    gate = FRESH
    for _ in range(3):
        gate = gate.failed(MONDAY, POLICY, "down")

    probing = gate.passed(1, probe_at, LIMITS)

    assert (gate.room(MONDAY, 0, LIMITS), gate.room(probe_at, 0, LIMITS)) == (0, 1)
    assert (probing.state, probing.room(probe_at, 0, LIMITS)) == ("half-open", 0)


def test_jobs_are_listed_page_by_page_longest_due_first(relayed: Node) -> None:
    for at in range(4):
        relayed.start("call", idNo=id_no(at))
        relayed.world.clock.advance(timedelta(seconds=at % 2))
    whole = [one.id for one in runtime.list_jobs(relayed.host, OPERATOR, runtime.JobFilter())]

    pages, after = [], None
    while page := runtime.list_jobs(
        relayed.host, OPERATOR, runtime.JobFilter(), after=after, limit=1
    ):
        pages += [one.id for one in page]
        after = pages[-1]
        assert len(pages) <= len(whole)

    assert pages == whole
    assert len(whole) == 4
