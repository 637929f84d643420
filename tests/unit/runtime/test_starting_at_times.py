from collections.abc import Iterator
from datetime import timedelta

import pytest

from onething import jobs, runtime
from onething.errors import OnethingError
from onething.testing.node import CODE, Node

DIAGRAM = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
    targetNamespace="urn:t"><process id="{process}" isExecutable="true"><startEvent id="t">
    <timerEventDefinition><{kind}>{time}</{kind}></timerEventDefinition></startEvent>
    <userTask id="a"/><sequenceFlow id="f" sourceRef="t" targetRef="a"/></process></definitions>"""


@pytest.fixture
def bare() -> Iterator[Node]:
    """A node that runs diagrams without a service around them."""
    node = Node()
    yield node
    node.close()


def deploy(node: Node, kind: str, time: str, process: str = "p") -> None:
    """Deploy one process with a timer start, as the next deployment of the service."""
    node.deploy({"a.bpmn": DIAGRAM.format(kind=kind, time=time, process=process).encode()})

    def plan(conn) -> None:
        runtime.plan_starts(node.host, conn, node.host.definitions.newest(conn, CODE))

    node.host.write(plan)


def begun(node: Node, **later: int) -> int:
    """Move the clock on and return how many cases have begun by then."""
    node.clock.move_to(node.clock() + timedelta(**later))
    while runtime.start_due(node.host):
        pass
    return len(node.instances())


def test_a_date_starts_one_case(bare):
    deploy(bare, "timeDate", "2026-01-06T09:00:00+08:00")

    assert begun(bare, hours=23) == 0
    assert begun(bare, hours=2) == 1
    assert begun(bare, days=400) == 1
    assert [one.activity for one in bare.work()] == ["a"]


def test_a_cycle_starts_as_many_cases_as_it_counts(bare):
    deploy(bare, "timeCycle", "R3/PT1H")

    assert begun(bare, minutes=59) == 0
    assert begun(bare, minutes=2) == 1
    assert begun(bare, days=1) == 3


def test_a_cron_text_starts_a_case_every_day_in_the_legal_zone(bare):
    deploy(bare, "timeCycle", "0 30 9 * * ?")

    assert begun(bare, minutes=29) == 0
    assert begun(bare, minutes=1) == 1
    assert begun(bare, days=2) == 3


def test_working_days_count_by_the_calendar(bare):
    deploy(bare, "timeDuration", "WD(1)")

    assert begun(bare, hours=38) == 0
    assert begun(bare, hours=2) == 1


def test_a_new_deployment_keeps_the_time_of_a_start_that_stands_as_it_stood(bare):
    deploy(bare, "timeDuration", "PT2H")
    assert begun(bare, hours=1) == 0

    deploy(bare, "timeDuration", "PT2H")

    assert begun(bare, hours=1) == 1
    assert bare.instances()[0].number == 1
    deploy(bare, "timeDuration", "PT3H")
    deploy(bare, "timeDuration", "PT3H")
    assert begun(bare, hours=2) == 1


def test_a_new_deployment_ends_the_starts_of_the_one_before(bare):
    deploy(bare, "timeDuration", "PT2H")

    deploy(bare, "timeDuration", "PT5H", process="q")

    assert begun(bare, hours=3) == 0
    assert begun(bare, hours=3) == 1


def test_a_start_happens_once_when_two_workers_see_it(bare):
    deploy(bare, "timeDuration", "PT1H")
    bare.clock.move_to(bare.clock() + timedelta(hours=2))
    with bare.host.database.read() as conn:
        due = jobs.due_starts(conn, bare.clock(), 10)
    assert runtime.start_due(bare.host) == 1

    again = bare.host.write(lambda conn: jobs.move_start(conn, due[0], None, 0))

    assert again is False
    assert len(bare.instances()) == 1


def test_a_case_that_begins_at_its_time_replays(bare):
    deploy(bare, "timeDuration", "PT1H")
    begun(bare, hours=1)

    case_no = bare.instances()[0].case_no
    assert runtime.replay(bare.host, case_no).is_clean
    assert "timer" in next(bare.events()).input["cause"]


def test_a_time_that_is_none_is_refused_at_deployment(bare):
    with pytest.raises(OnethingError):
        deploy(bare, "timeDuration", "soon")
