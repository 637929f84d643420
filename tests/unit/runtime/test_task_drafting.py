"""Drafts of tasks: they belong to the task and its holder, and go along when it is handed on."""

import pytest
from sqlalchemy import select

from onething import runtime
from onething.drafts import subject_of
from onething.drafts.models import draft
from onething.errors import Conflict, NotFound
from onething.identity import Actor
from onething.runtime import DraftPage, Typed
from onething.tasks import TaskRow
from unit.runtime.node import APPLICANT, CLERK, COLLEAGUE, OTHER, Node

SUPERVISOR = Actor("chief", "长", frozenset({"supervisor"}), "police", None, "370500")
FAR = Actor("far", "远", frozenset({"clerk"}), "police", "household", "370503")
ANSWER = {"check": {"finding": "属实"}}
TYPED = {"check.finding": ["查到一半"]}
PAGE = DraftPage("d1", 0, "tab-1")


@pytest.fixture
def task(node: Node, monkeypatch) -> TaskRow:
    """Return a task that the clerk has claimed, with a colleague who may have it too."""
    monkeypatch.setattr("onething.identity.workers", lambda _conn, _of: [CLERK, COLLEAGUE])
    found = node.task(node.start())
    runtime.claim(node.host, CLERK, found.id)
    return found


def save(node: Node, task: TaskRow, actor=CLERK, page=PAGE, answers=TYPED):
    return runtime.save_draft(node.host, actor, subject_of(task.id), page, Typed(answers))


def find(node: Node, task: TaskRow, actor=CLERK, kind="saved"):
    return runtime.find_draft(node.host, actor, subject_of(task.id), kind)


def rows(node: Node) -> list:
    with node.host.database.read() as conn:
        return list(conn.execute(select(draft)))


def test_what_a_clerk_types_is_kept_sealed_and_read_again(node, task) -> None:
    save(node, task)

    assert runtime.read_draft(node.host, find(node, task)).answers == TYPED
    (row,) = rows(node)
    assert "查到一半".encode() not in row.answers


def test_nobody_saves_into_a_task_of_others(node, task) -> None:
    with pytest.raises(NotFound):
        save(node, task, FAR)
    with pytest.raises(NotFound):
        save(node, task, APPLICANT)
    with pytest.raises(Conflict):
        save(node, task, COLLEAGUE)

    assert rows(node) == []


def test_an_applicants_own_task_has_a_draft_too(node) -> None:
    task = node.task(node.start("explain"))

    save(node, task, APPLICANT)

    assert find(node, task, APPLICANT) is not None
    with pytest.raises(NotFound):
        save(node, task, OTHER)
    assert runtime.list_drafts(node.host, APPLICANT) == []


def test_completing_deletes_every_draft_of_the_task(node, task) -> None:
    save(node, task)
    left = Typed({"check.finding": ["x"]})
    runtime.leave_draft(node.host, "clerk", subject_of(task.id), "d2", left)

    runtime.complete(node.host, CLERK, task.id, ANSWER)

    assert rows(node) == []


def test_a_task_that_the_process_cancels_takes_its_draft_along(node, task) -> None:
    save(node, task)

    runtime.cancel(node.host, Actor("op", "运维", frozenset({"operator"})), task.case_no, "错")

    assert rows(node) == []


def test_what_comes_behind_its_own_completion_is_no_draft(node, task) -> None:
    runtime.complete(node.host, CLERK, task.id, ANSWER, key="d1")

    with pytest.raises(Conflict):
        save(node, task)
    with pytest.raises(NotFound):
        runtime.leave_draft(node.host, "clerk", subject_of(task.id), "d1", Typed(TYPED))

    assert rows(node) == []


def test_a_colleague_goes_on_with_what_was_typed_and_is_told_by_whom(node, task) -> None:
    save(node, task)

    runtime.delegate(node.host, CLERK, task.id, "colleague")

    moved = find(node, task, COLLEAGUE)
    assert moved.begun_by == "clerk"
    assert runtime.read_draft(node.host, moved).answers == TYPED
    assert find(node, task) is None
    with pytest.raises(Conflict):
        save(node, task)
    again = save(node, task, COLLEAGUE, DraftPage("d1", moved.version, "tab-9"))
    assert again.begun_by == "clerk"


def test_a_draft_of_a_returned_task_waits_for_whoever_claims_it(node, task) -> None:
    save(node, task)
    runtime.return_task(node.host, CLERK, task.id)
    assert find(node, task) is not None

    runtime.claim(node.host, COLLEAGUE, task.id)
    runtime.return_task(node.host, COLLEAGUE, task.id)
    assert find(node, task, COLLEAGUE).begun_by == "clerk"

    runtime.claim(node.host, CLERK, task.id)
    assert find(node, task).begun_by is None


def test_who_typed_something_before_keeps_the_own_draft(node, task) -> None:
    runtime.return_task(node.host, CLERK, task.id)
    save(node, task, COLLEAGUE, answers={"check.finding": ["另一人"]})
    save(node, task)

    runtime.claim(node.host, COLLEAGUE, task.id)

    assert runtime.read_draft(node.host, find(node, task, COLLEAGUE)).answers == {
        "check.finding": ["另一人"]
    }
    assert find(node, task, COLLEAGUE).begun_by is None
