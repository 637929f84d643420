"""Claim what is due first, or several tasks: each clerk gets tasks of their own."""

import threading
from datetime import timedelta
from importlib import import_module

import pytest

from onething import runtime, tasks
from onething.errors import InvalidInput, NotAllowed
from onething.identity import Actor
from unit.runtime.node import APPLICANT, CLERK, COLLEAGUE, OPERATOR, Node, id_no

OTHER_POST = Actor("post", "岗", frozenset({"clerk"}), "police", "traffic", "370502")


@pytest.fixture
def three(node: Node) -> list[str]:
    """Open three cases whose tasks came one after the other; return the tasks' ids."""
    found = []
    for at in range(3):
        found.append(node.task(node.start(idNo=id_no(at + 1))).id)
        node.world.clock.advance(timedelta(minutes=1))
    return found


def holder(node: Node, task_id: str) -> str | None:
    with node.host.database.read() as conn:
        return tasks.get(conn, *tasks.split_id(task_id)).assignee


def test_the_free_task_that_is_first_in_the_queue_is_claimed(node: Node, three) -> None:
    taken = runtime.claim_next(node.host, CLERK)

    assert taken == three[0]
    assert holder(node, three[0]) == CLERK.user


def test_claiming_next_again_takes_the_one_after_it(node: Node, three) -> None:
    taken = [runtime.claim_next(node.host, CLERK) for _ in range(4)]

    assert taken == [*three, None]


def test_nothing_of_another_post_is_claimed(node: Node, three) -> None:
    assert runtime.claim_next(node.host, OTHER_POST) is None
    assert [holder(node, one) for one in three] == [None, None, None]


def test_an_applicant_claims_nothing(node: Node, three) -> None:
    with pytest.raises(NotAllowed):
        runtime.claim_next(node.host, APPLICANT)
    with pytest.raises(NotAllowed):
        runtime.claim_many(node.host, APPLICANT, three)


def test_a_suspended_case_is_passed_over(node: Node, three) -> None:
    with node.host.database.read() as conn:
        case_no = tasks.get(conn, *tasks.split_id(three[0])).case_no
    runtime.suspend(node.host, OPERATOR, case_no, "割接")

    assert runtime.claim_next(node.host, CLERK) == three[1]


def test_clerks_who_claim_at_the_same_instant_get_different_tasks(node: Node, three) -> None:
    start, taken = threading.Barrier(2), {}

    def press(clerk):
        start.wait(10)
        taken[clerk.user] = runtime.claim_next(node.host, clerk)

    pressing = [threading.Thread(target=press, args=(one,)) for one in (CLERK, COLLEAGUE)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()

    assert set(taken.values()) == set(three[:2])
    assert {user: holder(node, one) for user, one in taken.items()} == {
        user: user for user in taken
    }


def test_who_read_the_queue_before_a_colleague_took_the_first_gets_the_second(
    node: Node, three, monkeypatch
) -> None:
    def claim_behind_a_colleague(host, actor, task_id):
        if task_id == three[0] and holder(node, task_id) is None:
            runtime.claim(host, COLLEAGUE, task_id)
        return runtime.claim(host, actor, task_id)

    module = import_module("onething.runtime.tasks.claim_next")
    monkeypatch.setattr(module, "claim", claim_behind_a_colleague)

    assert runtime.claim_next(node.host, CLERK) == three[1]


def test_several_are_claimed_and_those_of_others_are_told(node: Node, three) -> None:
    runtime.claim(node.host, COLLEAGUE, three[1])

    claimed = runtime.claim_many(node.host, CLERK, [*three, three[0], "no-such"])

    assert claimed.taken == (three[0], three[2])
    assert [(one.id, one.assignee) for one in claimed.missed] == [(three[1], COLLEAGUE.user)]


def test_more_than_fifty_at_once_are_refused_and_none_is_claimed(node: Node, three) -> None:
    with pytest.raises(InvalidInput):
        runtime.claim_many(node.host, CLERK, [*three, *(f"a-{at}" for at in range(48))])

    assert holder(node, three[0]) is None


def test_what_follows_is_of_the_same_case_before_it_is_what_is_due_first(node: Node, three) -> None:
    with node.host.database.read() as conn:
        case_no = tasks.get(conn, *tasks.split_id(three[1])).case_no

    same = runtime.claim_following(node.host, CLERK, case_no)
    runtime.claim(node.host, COLLEAGUE, three[0])
    others = runtime.claim_following(node.host, CLERK, "370502-none")

    assert same == three[1]
    assert others == three[1], "what the clerk holds comes before what is due later"


def test_nothing_follows_where_others_hold_everything(node: Node, three) -> None:
    runtime.claim_many(node.host, COLLEAGUE, three)

    assert runtime.claim_following(node.host, CLERK, "none") is None
