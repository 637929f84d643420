"""Who has how much, and handing on what a person holds."""

import pytest
from stdnum.cn import ric as number

from onething import identity, runtime
from onething.errors import Conflict, InvalidInput, NotAllowed, NotFound
from onething.identity import SYSTEM, Actor
from onething.runtime.tasks.work_on_task import reassign
from unit.runtime.node import CLERK, MONDAY, Node

HEAD = Actor("chief", "长", frozenset({"supervisor"}), "police", None, "370500")
INSPECTOR = Actor("inspector", "督", frozenset({"supervisor"}))
POSTS = {"clerk": "household", "wang": "household", "li": "traffic"}


@pytest.fixture
def police(node: Node) -> Node:
    """Three clerks of the police, two of one post."""
    database = node.host.database
    identity.put_department(database, SYSTEM, MONDAY, code="police", name="公安")
    identity.put_region(database, SYSTEM, MONDAY, code="370502", name="东营区")
    for user, post in POSTS.items():
        settings = node.host.settings
        identity.add_person(database, SYSTEM, MONDAY, user=user, name=user, settings=settings)
        where = {"department_code": "police", "post_name": post, "region_code": "370502"}
        identity.give_post(database, SYSTEM, MONDAY, user=user, roles=["clerk"], **where)
    return node


def id_no(serial: int) -> str:
    """Return an identity number that nobody else here has."""
    digits = f"37050219850412{980 + serial}"
    return digits + number.calc_check_digit(digits)


def held(node: Node, count: int) -> list[str]:
    """Let the clerk hold tasks of so many cases; return their numbers."""
    numbers = [node.start(idNo=id_no(at)) for at in range(count)]
    for one in numbers:
        runtime.claim(node.host, CLERK, node.task(one).id)
    return numbers


def loads(node: Node) -> dict[str | None, tuple[int, int]]:
    return {one.user: (one.held, one.late) for one in runtime.view_workload(node.host, HEAD)}


def test_everybody_of_the_department_is_listed_with_what_they_hold(police: Node) -> None:
    held(police, 2)
    police.start(idNo=id_no(9))

    assert loads(police) == {None: (1, 0), "clerk": (2, 0), "wang": (0, 0), "li": (0, 0)}


def test_who_has_left_and_still_holds_something_is_listed(police: Node) -> None:
    (case_no,) = held(police, 1)
    with police.host.database.read() as conn:
        (post,) = identity.get_person(conn, "clerk").posts
    identity.take_post(police.host.database, SYSTEM, MONDAY, post.post_id)

    assert loads(police)["clerk"] == (1, 0)
    assert police.task(case_no).assignee == "clerk"


def test_everything_goes_to_a_colleague_with_its_reason_in_each_history(police: Node) -> None:
    numbers = held(police, 3)

    handed = runtime.hand_on(police.host, HEAD, "clerk", "wang", " 调离 ")

    assert (handed.moved, handed.left) == (3, ())
    assert loads(police)["wang"] == (3, 0)
    for one in numbers:
        last = police.events(one)[-1]
        assert (last.kind, last.personal["reason"]) == ("TaskDelegated", "调离")
        assert "调离" not in str(last.input)
        assert runtime.replay(police.host, one).is_clean


def test_everything_goes_back_to_the_queue(police: Node) -> None:
    (case_no,) = held(police, 1)

    assert runtime.hand_on(police.host, HEAD, "clerk", None, "休假").moved == 1
    assert police.task(case_no).assignee is None


def test_what_the_colleagues_post_may_not_do_stays(police: Node) -> None:
    (case_no,) = held(police, 1)

    handed = runtime.hand_on(police.host, HEAD, "clerk", "li", "调离")

    assert (handed.moved, [one.case_no for one in handed.left]) == (0, [case_no])
    assert police.task(case_no).assignee == "clerk"


def test_what_is_in_other_hands_by_now_stays_there(police: Node) -> None:
    (case_no,) = held(police, 1)
    seen = police.task(case_no)
    runtime.hand_on(police.host, HEAD, "clerk", "wang", "调离")

    with pytest.raises(Conflict):
        reassign(police.host, HEAD, seen, None, "again")


@pytest.mark.parametrize(("to", "reason"), [("wang", ""), ("wang", "x" * 2001), ("clerk", "why")])
def test_no_reason_or_the_same_person_is_refused(police: Node, to: str, reason: str) -> None:
    held(police, 1)

    with pytest.raises(InvalidInput):
        runtime.hand_on(police.host, HEAD, "clerk", to, reason)


def test_only_the_supervisor_of_a_department_sees_and_hands_on(police: Node) -> None:
    with pytest.raises(NotAllowed):
        runtime.view_workload(police.host, CLERK)
    with pytest.raises(NotFound):
        runtime.view_workload(police.host, INSPECTOR)
    with pytest.raises(NotAllowed):
        runtime.hand_on(police.host, CLERK, "clerk", None, "why")


def test_another_departments_tasks_are_neither_counted_nor_moved(police: Node) -> None:
    held(police, 1)
    health = Actor("h", "卫", frozenset({"supervisor"}), "health", None, "370500")

    assert [one.held for one in runtime.view_workload(police.host, health)] == [0]
    assert runtime.hand_on(police.host, health, "clerk", None, "why").moved == 0
