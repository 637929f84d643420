"""What real cases took: days, supplements, materials given by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from onething import runtime
from onething.clocks.models import clock
from onething.errors import NotAllowed
from onething.identity import SYSTEM, Actor
from onething.runtime import CaseFigures, Upload
from unit.runtime.node import APPLICANT, CLERK, Node, id_no

ANSWER = {"check": {"finding": "属实"}}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def decided(node: Node, at: int, days: int, *, is_given: bool = False) -> str:
    """Open a case, let days go by, decide it; return its instance."""
    case_no = node.start(idNo=id_no(at))
    if is_given:
        runtime.add_material(node.host, APPLICANT, case_no, Upload("证明.pdf", PDF))
    node.world.clock.advance(timedelta(days=days))
    runtime.complete(node.host, CLERK, node.task(case_no).id, ANSWER)
    return node.instance(case_no)


def supplement(node: Node, instance_id: str) -> None:
    """Write the clock of a notice to supplement."""
    now = node.host.clock()
    row = {one.name: None for one in clock.columns} | {
        "instance_id": instance_id,
        "clock_id": "supplement",
        "owner": "case",
        "kind": "supplement",
        "started_on": now.date(),
        "started_at": now,
        "provisional": 0,
        "state": "stopped",
        "ended_at": now,
        "calendar_version": "1",
        "jurisdiction": "",
        "basis": "",
        "by_hours": 0,
    }
    node.host.database.write(lambda conn: conn.execute(insert(clock), row))


def figures(node: Node, actor: Actor = SYSTEM, **when) -> CaseFigures:
    return runtime.relief_of_cases(node.host, actor, "permit", **when)


def test_figures_of_ten_cases(node: Node) -> None:
    ended = [decided(node, at, days=at, is_given=at <= 5) for at in range(1, 11)]
    supplement(node, ended[0])
    supplement(node, ended[1])
    node.world.clock.advance(timedelta(minutes=1))

    found = figures(node)

    assert found.decided == 10
    assert found.median_days == pytest.approx(5.5)
    assert found.ninetieth_days == pytest.approx(9)
    assert found.share_supplemented == pytest.approx(0.2)
    assert found.materials_by_hand == pytest.approx(0.5)


def test_fewer_than_ten_cases_tell_nothing(node: Node) -> None:
    for at in range(1, 10):
        decided(node, at, days=1)
    node.world.clock.advance(timedelta(minutes=1))

    found = figures(node)

    assert (found.decided, found.is_enough) == (9, False)
    assert (found.median_days, found.share_supplemented, found.materials_by_hand) == (None,) * 3


def test_open_and_withdrawn_cases_do_not_count(node: Node) -> None:
    node.start(idNo=id_no(1))
    runtime.withdraw(node.host, APPLICANT, node.start(idNo=id_no(2)), "不办了")
    node.world.clock.advance(timedelta(minutes=1))

    assert figures(node).decided == 0


def test_only_cases_that_ended_in_the_time_count(node: Node) -> None:
    decided(node, 1, days=1)
    between = node.host.clock() + timedelta(days=1)
    decided(node, 2, days=3)
    node.world.clock.advance(timedelta(minutes=1))

    assert figures(node).decided == 2
    assert figures(node, until=between).decided == 1
    assert figures(node, since=between).decided == 1
    node.world.clock.advance(timedelta(days=90))
    assert figures(node).decided == 0


@pytest.mark.parametrize("role", ["operator", "auditor", "supervisor"])
def test_operators_auditors_and_supervisors_read_figures(node: Node, role) -> None:
    assert figures(node, Actor("one", "一", frozenset({role}))).decided == 0


@pytest.mark.parametrize("role", ["applicant", "helper", "clerk", "deputy", "designer"])
def test_nobody_else_reads_figures(node: Node, role) -> None:
    with pytest.raises(NotAllowed):
        figures(node, Actor("one", "一", frozenset({role})))
