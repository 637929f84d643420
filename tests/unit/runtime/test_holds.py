"""Holds for review and lawsuit: the case rests, the outcome lifts it, others read little."""

from dataclasses import replace
from datetime import timedelta

import pytest

from onething import instances, runtime
from onething.errors import (
    AlreadyDone,
    CaseOnHold,
    InvalidInput,
    KeyReused,
    NotAllowed,
    NotFound,
)
from onething.identity import Actor
from onething.runtime import Holding, Ruling
from unit.runtime.node import CLERK, MONDAY, OPERATOR, Node
from unit.runtime.test_tasks import ANSWER

HEAD = Actor("chief", "长", frozenset({"supervisor"}), "police", None, "370500")
DAY = MONDAY.date()
HOLDING = Holding("review", "东政复字〔2026〕12号", DAY, "行政复议法 第四十二条")
RULING = Ruling("annulled", "东政复决字〔2026〕9号", DAY)


def hold(node: Node, case_no: str, **more: str) -> runtime.Receipt:
    return runtime.hold_case(node.host, HEAD, case_no, HOLDING, **more)


def lift(node: Node, case_no: str, **more: str) -> runtime.Receipt:
    return runtime.lift_hold(node.host, HEAD, case_no, RULING, **more)


def status(node: Node, case_no: str) -> str:
    with node.host.database.read() as conn:
        return instances.get(conn, node.instance(case_no)).status


def finished(node: Node) -> str:
    case_no = node.start()
    runtime.complete(node.host, CLERK, node.task(case_no).id, ANSWER)
    assert node.case(case_no).state == "CLOSED"
    return case_no


def test_a_held_case_is_seen_but_completes_nothing_until_the_hold_is_lifted(node: Node) -> None:
    case_no = node.start()
    task = node.task(case_no)
    hold(node, case_no)

    with pytest.raises(CaseOnHold):
        runtime.complete(node.host, CLERK, task.id, ANSWER)
    assert runtime.view_task(node.host, CLERK, task.id).task.is_live
    assert runtime.claim_next(node.host, CLERK) is None
    lift(node, case_no)
    runtime.complete(node.host, CLERK, task.id, ANSWER)

    assert node.kinds(case_no) == ["CaseStarted", "CaseHeld", "HoldLifted", "TaskCompleted"]
    assert runtime.replay(node.host, case_no).is_clean


def test_papers_lie_under_the_key_and_only_the_department_reads_them(node: Node) -> None:
    case_no = node.start()
    hold(node, case_no)
    event = node.events(case_no)[-1]
    assert "复字" not in str((event.input, event.effects))
    assert event.personal["document"] == HOLDING.document
    other = Actor("w", "窗口", frozenset({"supervisor"}), "window")

    (full,) = runtime.view_holds(node.host, CLERK, case_no)
    (bare,) = runtime.view_holds(node.host, other, case_no)

    assert (full.kind, full.document, full.put_by) == ("review", HOLDING.document, "chief")
    assert (bare.kind, bare.document, bare.basis, bare.put_by) == ("", "", "", "")
    assert (bare.is_open, bare.put_at) == (True, full.put_at)


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        (CLERK, NotAllowed),
        (replace(HEAD, department="health"), NotFound),
        (replace(HEAD, region="370700"), NotFound),
        (OPERATOR, NotAllowed),
    ],
)
def test_only_a_supervisor_who_sees_the_case_holds_it(node: Node, actor, error) -> None:
    case_no = node.start()

    with pytest.raises(error):
        runtime.hold_case(node.host, actor, case_no, HOLDING)
    assert status(node, case_no) == "active"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "whim"}, "kind"),
        ({"document": " "}, "document"),
        ({"document": "x" * 101}, "document"),
        ({"basis": ""}, "basis"),
        ({"dated_on": DAY + timedelta(days=1)}, "dated_on"),
    ],
)
def test_what_is_missing_or_impossible_is_named(node: Node, wrong, field) -> None:
    case_no = node.start()

    with pytest.raises(InvalidInput) as refused:
        runtime.hold_case(node.host, HEAD, case_no, replace(HOLDING, **wrong))
    assert field in refused.value.fields


def test_twice_is_refused_and_repeated_requests_are_answered(node: Node) -> None:
    case_no = node.start()
    first = hold(node, case_no, key="k")

    assert hold(node, case_no, key="k") == replace(first, repeated=True)
    with pytest.raises(KeyReused):
        runtime.hold_case(node.host, HEAD, case_no, replace(HOLDING, basis="x"), key="k")
    with pytest.raises(AlreadyDone):
        hold(node, case_no)
    lift(node, case_no)
    with pytest.raises(AlreadyDone):
        lift(node, case_no)
    hold(node, case_no)
    assert [one.number for one in runtime.view_holds(node.host, HEAD, case_no)] == [1, 2]


def test_operators_neither_lift_nor_cancel_what_a_supervisor_holds(node: Node) -> None:
    case_no = node.start()
    hold(node, case_no)

    with pytest.raises(AlreadyDone):
        runtime.resume(node.host, OPERATOR, case_no, "x")
    with pytest.raises(CaseOnHold):
        runtime.cancel(node.host, OPERATOR, case_no, "x")
    assert status(node, case_no) == "suspended"


@pytest.mark.parametrize("first_lifted", ["hold", "suspension"])
def test_a_case_under_both_goes_on_when_both_are_over(node: Node, first_lifted: str) -> None:
    case_no = node.start()
    hold(node, case_no)
    runtime.suspend(node.host, OPERATOR, case_no, "维护")
    over = {
        "hold": lambda: lift(node, case_no),
        "suspension": lambda: runtime.resume(node.host, OPERATOR, case_no, "好了"),
    }

    over.pop(first_lifted)()
    assert status(node, case_no) == "suspended"
    (last,) = over.values()
    last()
    assert status(node, case_no) == "active"
    runtime.complete(node.host, CLERK, node.task(case_no).id, ANSWER)
    assert runtime.replay(node.host, case_no).is_clean


def test_a_closed_case_may_be_held_and_stays_closed(node: Node) -> None:
    case_no = finished(node)

    hold(node, case_no)
    assert (status(node, case_no), node.case(case_no).state) == ("completed", "CLOSED")
    lift(node, case_no)

    (told,) = runtime.view_holds(node.host, HEAD, case_no)
    assert told.asks_for_correction
    assert (status(node, case_no), runtime.replay(node.host, case_no).is_clean) == (
        "completed",
        True,
    )


def test_the_list_has_the_holds_of_the_own_department(node: Node) -> None:
    held = node.start()
    hold(node, held)
    inspector = Actor("i", "督", frozenset({"supervisor"}))
    health = replace(HEAD, department="health")

    for actor, count in ((HEAD, 1), (inspector, 1), (health, 0)):
        assert len(runtime.list_holds(node.host, actor)) == count
    assert runtime.list_holds(node.host, HEAD, is_open=False) == []
    with pytest.raises(NotAllowed):
        runtime.list_holds(node.host, CLERK)
