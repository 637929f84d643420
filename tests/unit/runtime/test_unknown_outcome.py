"""A department that cannot tell a repeated call from a second one is never asked blindly again."""

from datetime import timedelta

import pytest

from onething import jobs, runtime
from onething.errors import Conflict, InvalidInput, NotAllowed, OutcomeUnknown
from onething.runtime.jobs.perform_job import perform
from unit.runtime.node import APPLICANT, ID_NO, OPERATOR, Node

BANK = "东营银行"


def received(node: Node, operation: str) -> list[dict]:
    return [one for one in node.world.exchange.received() if one["operation"] == operation]


def incident(node: Node, case_no: str):
    (found,) = node.incidents(case_no)
    return found


@pytest.fixture
def bank(node: Node) -> Node:
    node.know()
    node.world.give({"record": "deposits", "idNo": ID_NO, "bank": BANK, "total": 900})
    return node


def lose(node: Node, department: str, way: str, mode: str = "timeout") -> str:
    """Start a case whose call is answered in a way that nobody understands."""
    node.world.give({"fault": department, "mode": mode, "times": 1})
    case_no = node.start(way)
    node.perform()
    return case_no


def test_a_lost_answer_is_asked_for_and_the_work_is_done_once(bank: Node) -> None:
    case_no = lose(bank, "bank", "release")
    bank.world.clock.advance(timedelta(hours=1))

    bank.perform()

    assert bank.case(case_no).state == "CLOSED"
    assert len(received(bank, "bank.deposits.release")) == 1
    assert len(received(bank, "bank.deposits.paid")) == 1
    assert len(bank.world.records.find("payments")) == 1
    assert runtime.replay(bank.host, case_no).is_clean


def test_a_department_that_did_nothing_is_asked_again(bank: Node) -> None:
    case_no = lose(bank, "bank", "release", "down")
    bank.world.clock.advance(timedelta(hours=1))

    bank.perform()

    assert bank.case(case_no).state == "CLOSED"
    assert len(received(bank, "bank.deposits.release")) == 2
    assert len(bank.world.records.find("payments")) == 1


def test_a_department_that_never_says_what_it_did_is_an_incident_and_no_error(bank: Node) -> None:
    bank.world.give({"fault": "bank", "mode": "timeout", "times": None})
    case_no = bank.start("release")

    for _ in range(8):
        bank.perform()
        bank.world.clock.advance(timedelta(hours=1))

    assert incident(bank, case_no).code == "unknown-outcome"
    assert len(received(bank, "bank.deposits.release")) == 1


@pytest.mark.parametrize("mode", ["timeout", "rubbish"])
def test_one_that_cannot_be_asked_is_an_incident_at_once(node: Node, mode: str) -> None:
    case_no = lose(node, "edu", "tell", mode)

    assert incident(node, case_no).code == "unknown-outcome"
    assert len(received(node, "edu.student.notify")) == 1


def test_a_worker_that_died_in_the_call_leaves_an_incident_and_no_second_call(node: Node) -> None:
    case_no, now = node.start("tell"), node.host.clock()
    (job,) = node.host.write(lambda conn: jobs.take_due(conn, now, 1))
    node.host.write(lambda conn: jobs.ask(conn, job, now))
    with node.host.database.read() as conn:
        found = jobs.get(conn, job.instance_id, job.effect_key)

    perform(node.host, found)

    assert incident(node, case_no).code == "unknown-outcome"
    assert received(node, "edu.student.notify") == []


def test_it_is_repeated_only_when_somebody_says_that_it_was_not_done(node: Node) -> None:
    node.know()
    case_no = lose(node, "edu", "tell", "rubbish")
    found = incident(node, case_no)

    with pytest.raises(OutcomeUnknown):
        runtime.retry(node.host, OPERATOR, found.id, reason="再试")
    runtime.retry(node.host, OPERATOR, found.id, reason="电话核实未办", was_not_done=True)
    node.perform()

    assert node.case(case_no).state == "CLOSED"
    assert len(received(node, "edu.student.notify")) == 2


def test_it_is_completed_when_somebody_says_that_it_was_done(node: Node) -> None:
    case_no = lose(node, "edu", "tell")

    runtime.complete_by_hand(
        node.host, OPERATOR, incident(node, case_no).id, {"receiptNo": "R1"}, "电话核实已办"
    )

    assert node.case(case_no).state == "CLOSED"


def test_a_job_is_skipped_with_the_answer_that_its_activity_declares(node: Node) -> None:
    case_no = lose(node, "edu", "tell")
    found = incident(node, case_no)

    with pytest.raises(NotAllowed):
        runtime.skip(node.host, APPLICANT, found.id, "学校放假")
    with pytest.raises(InvalidInput):
        runtime.skip(node.host, OPERATOR, found.id, " ")
    runtime.skip(node.host, OPERATOR, found.id, "学校放假")

    assert node.kinds(case_no)[-1] == "JobSkipped"
    assert node.case(case_no).state == "CLOSED"
    assert node.incidents(case_no) == []
    assert runtime.replay(node.host, case_no).is_clean


def test_an_activity_that_declares_nothing_is_not_skipped(node: Node) -> None:
    case_no = node.start("call")
    node.perform()

    with pytest.raises(Conflict, match="by hand"):
        runtime.skip(node.host, OPERATOR, incident(node, case_no).id, "不等了")

    assert node.incidents(case_no)


def test_one_that_says_that_it_does_nothing_is_asked_until_its_attempts_end(node: Node) -> None:
    node.world.give({"fault": "edu", "mode": "down", "times": None})
    case_no = node.start("tell")

    for _ in range(8):
        node.perform()
        node.world.clock.advance(timedelta(hours=1))

    assert incident(node, case_no).code == "UNAVAILABLE"
    assert len(received(node, "edu.student.notify")) > 1
