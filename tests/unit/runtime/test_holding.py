"""Completions that can be undone: held back, then done once, or given back whole."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert, select, update

from onething import runtime, tasks
from onething.drafts import subject_of
from onething.errors import AlreadyDone, Conflict, HistoryBroken, InvalidInput, NotFound
from onething.forms import Posted
from onething.history import Ed25519Signer
from onething.identity import SYSTEM, Actor, StandIn
from onething.jobs.models import timer
from onething.runtime import DraftPage, Typed, Upload
from onething.tasks import HeldRow
from onething.tasks.models import held_completion
from onething.worker import Worker
from unit.runtime.node import CLERK, COLLEAGUE, OPERATOR, OTHER, Node

SUPERVISOR = Actor("chief", "长", frozenset({"supervisor"}), "police", None, "370500")
ANSWERS = Posted({"check.finding": ["属实"]})
OTHERS = Posted({"check.finding": ["不属实"]})
TEN_S = timedelta(seconds=10)


@pytest.fixture
def task(node: Node):
    return node.task(node.start())


def hold(node: Node, task, answers=ANSWERS, actor=CLERK, key="k1", **more):
    return runtime.hold_completion(node.host, actor, task.id, answers, key=key, **more)


def state(node: Node, task) -> str:
    with node.host.database.read() as conn:
        return tasks.get(conn, task.instance_id, task.token).state


def held(node: Node, actor=CLERK) -> list[HeldRow]:
    return runtime.held_completions(node.host, actor)


def draft(node: Node, task, actor=CLERK):
    row = runtime.find_draft(node.host, actor, subject_of(task.id))
    return None if row is None else runtime.read_draft(node.host, row).answers


def wait(node: Node, by=TEN_S) -> int:
    node.world.clock.advance(by)
    return runtime.settle_due(node.host)


def test_a_completion_changes_nothing_of_its_case_before_its_seconds_are_over(node, task) -> None:
    row = hold(node, task)

    assert row.due_at - row.pressed_at == TEN_S
    assert node.kinds(task.case_no) == ["CaseStarted", "TaskClaimed"]
    assert wait(node, timedelta(seconds=9)) == 0
    assert state(node, task) == "claimed"


def test_it_takes_effect_by_itself_and_tells_when_it_was_sent(node, task) -> None:
    row = hold(node, task)

    assert wait(node) == 1

    event = node.events(task.case_no)[-1]
    assert event.kind == "TaskCompleted"
    assert event.actor == "clerk"
    assert event.post == "police.household@370502"
    assert event.input["pressed_at"] == row.pressed_at.isoformat()
    assert event.at == row.due_at
    assert state(node, task) == "completed"
    assert held(node) == []


def test_the_worker_lets_it_take_effect_also_after_it_was_killed(node, task) -> None:
    hold(node, task)
    node.world.clock.advance(TEN_S)

    Worker(node.host, Ed25519Signer(bytes(32)), "another")._sweep()

    assert state(node, task) == "completed"


def test_undone_in_time_what_was_typed_is_a_draft_again(node, task) -> None:
    hold(node, task)
    node.world.clock.advance(timedelta(seconds=9))

    sent = runtime.undo_completion(node.host, CLERK, task.id)

    assert sent.answers == ANSWERS
    assert draft(node, task) == ANSWERS
    assert wait(node) == 0
    assert state(node, task) == "claimed"
    assert node.kinds(task.case_no) == ["CaseStarted", "TaskClaimed"]


def test_undone_twice_or_too_late_says_so(node, task) -> None:
    hold(node, task)
    runtime.undo_completion(node.host, CLERK, task.id)
    with pytest.raises(AlreadyDone):
        runtime.undo_completion(node.host, CLERK, task.id)

    hold(node, task)
    wait(node)
    with pytest.raises(AlreadyDone):
        runtime.undo_completion(node.host, CLERK, task.id)
    assert state(node, task) == "completed"


def test_what_is_corrected_behind_an_undoing_is_completed(node, task) -> None:
    hold(node, task)
    runtime.undo_completion(node.host, CLERK, task.id)

    hold(node, task, OTHERS, key="k2")
    wait(node)

    assert state(node, task) == "completed"
    assert draft(node, task) is None


def test_nobody_else_undoes_it(node, task) -> None:
    hold(node, task)

    with pytest.raises(AlreadyDone):
        runtime.undo_completion(node.host, COLLEAGUE, task.id)
    with pytest.raises(NotFound):
        runtime.undo_completion(node.host, OTHER, task.id)
    assert not runtime.settle_now(node.host, COLLEAGUE, task.id)
    assert held(node, COLLEAGUE) == []
    assert len(held(node)) == 1


def test_sent_twice_it_is_held_once_and_done_once(node, task) -> None:
    first = hold(node, task)
    assert hold(node, task) == first

    wait(node)

    assert hold(node, task).repeated
    assert node.kinds(task.case_no).count("TaskCompleted") == 1


def test_another_tab_does_not_overwrite_what_is_being_completed(node, task) -> None:
    hold(node, task)

    with pytest.raises(Conflict):
        hold(node, task, OTHERS, key="k2")
    with pytest.raises(Conflict):
        hold(node, task, OTHERS)
    page = DraftPage("d1", 0, "tab-1")
    with pytest.raises(Conflict):
        runtime.save_draft(node.host, CLERK, subject_of(task.id), page, Typed(OTHERS))


def test_nobody_takes_the_task_away_meanwhile(node, task) -> None:
    hold(node, task)

    for command in (
        lambda: runtime.claim(node.host, COLLEAGUE, task.id),
        lambda: runtime.return_task(node.host, CLERK, task.id),
        lambda: runtime.return_task(node.host, SUPERVISOR, task.id),
        lambda: runtime.complete(node.host, COLLEAGUE, task.id, OTHERS),
    ):
        with pytest.raises(Conflict):
            command()
    assert runtime.claim_following(node.host, CLERK, task.case_no) is None
    wait(node)
    assert state(node, task) == "completed"


def test_a_wrong_answer_is_told_at_once(node, task) -> None:
    with pytest.raises(InvalidInput):
        hold(node, task, Posted({"check.finding": [""]}))

    assert held(node) == []
    assert state(node, task) == "open"


def test_a_task_that_ends_otherwise_takes_the_completion_along_and_its_clerk_is_told(
    node, task
) -> None:
    hold(node, task)

    runtime.cancel(node.host, OPERATOR, task.case_no, "错")

    assert wait(node) == 0
    assert [one.refusal for one in held(node)] == ["already-done"]
    with pytest.raises(AlreadyDone):
        runtime.undo_completion(node.host, CLERK, task.id)
    runtime.dismiss_refusal(node.host, CLERK, task.id)
    assert held(node) == []


def test_a_case_that_was_suspended_meanwhile_gives_the_form_back(node, task) -> None:
    hold(node, task)
    runtime.suspend(node.host, OPERATOR, task.case_no, "查")

    assert wait(node) == 0

    assert [one.refusal for one in held(node)] == ["instance-suspended"]
    assert draft(node, task) == ANSWERS
    runtime.resume(node.host, OPERATOR, task.case_no, "好")
    hold(node, task, key="k2")
    wait(node)
    assert state(node, task) == "completed"


def test_a_refusal_that_nobody_reads_is_forgotten_after_a_day(node, task) -> None:
    hold(node, task)
    runtime.suspend(node.host, OPERATOR, task.case_no, "查")
    wait(node)

    assert runtime.drop_old_refusals(node.host) == 0
    node.world.clock.advance(timedelta(days=1))
    assert runtime.drop_old_refusals(node.host) == 1


def test_by_wish_it_takes_effect_at_once(node, task) -> None:
    hold(node, task)

    assert runtime.settle_now(node.host, CLERK, task.id)
    assert not runtime.settle_now(node.host, CLERK, task.id)

    assert state(node, task) == "completed"


def test_a_completion_through_the_api_is_done_at_once(node, task) -> None:
    hold(node, task)

    runtime.complete(node.host, CLERK, task.id, {"check": {"finding": "不属实"}})

    assert state(node, task) == "completed"
    assert wait(node) == 0
    assert held(node) == []


def test_files_are_given_back_or_become_materials(node, task) -> None:
    upload = Upload("a.pdf", b"%PDF-1.4\n%%EOF\n", "check.proof", declared_type="application/pdf")
    hold(node, task, uploads=[upload])
    sent = runtime.undo_completion(node.host, CLERK, task.id)
    again = runtime.read_draft(node.host, runtime.find_draft(node.host, CLERK, subject_of(task.id)))
    for kept in (sent.files, again.files):
        assert [(one.name, one.field) for one in kept] == [("a.pdf", "check.proof")]

    hold(node, task, key="k2", uploads=[upload])
    wait(node)

    case = runtime.view_case(node.host, SYSTEM, task.case_no, "test")
    assert [one.name for one in case.materials] == ["a.pdf"]


def at(node: Node, text: str) -> None:
    wanted = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    node.world.clock.advance(wanted - node.world.clock())


def test_nothing_is_held_back_over_the_end_of_the_legal_day(node, task) -> None:
    at(node, "2026-09-28T23:59:55")

    assert not isinstance(hold(node, task), HeldRow)
    assert state(node, task) == "completed"


def test_nothing_is_held_back_over_the_end_of_a_limit_or_a_timer(node) -> None:
    due, timed = (node.task(node.start(idNo=one)) for one in _NUMBERS)
    soon = node.host.clock() + timedelta(seconds=5)

    def prepare(conn) -> None:
        of = tasks.models.task.c
        conn.execute(update(tasks.models.task).where(of.token == due.token).values(due_at=soon))
        row = {"instance_id": timed.instance_id, "timer": "t", "activity": "x"}
        conn.execute(insert(timer), row | {"due_at": soon, "provisional": 0})

    node.host.database.write(prepare)

    assert not isinstance(hold(node, due), HeldRow)
    assert not isinstance(hold(node, timed), HeldRow)


_NUMBERS = ("370502198504129810", "370502199003074212")


def test_nothing_is_held_back_where_the_diagram_says_no(node, task) -> None:
    properties = {"undo": "none"}
    change = update(tasks.models.task).values(properties=properties)
    node.host.database.write(lambda conn: conn.execute(change).rowcount)

    assert not isinstance(hold(node, task), HeldRow)


def test_switched_off_nothing_is_held_back(node, task) -> None:
    node.host.settings = type(node.host.settings)(
        data_dir=node.host.settings.data_dir, undo_seconds=0
    )

    assert not isinstance(hold(node, task), HeldRow)


def test_what_is_kept_is_sealed_and_bound_to_person_and_task(node, task) -> None:
    hold(node, task)
    with node.host.database.read() as conn:
        row = conn.execute(select(held_completion)).one()
    assert "属实".encode() not in row.sealed

    move = update(held_completion).values(user="colleague")
    node.host.database.write(lambda conn: conn.execute(move).rowcount)

    with pytest.raises(HistoryBroken):
        runtime.undo_completion(node.host, COLLEAGUE, task.id)


def test_a_case_of_which_nothing_is_left_holds_up_no_other(node, task) -> None:
    hold(node, task)
    gone = delete(tasks.models.task)
    node.host.database.write(lambda conn: conn.execute(gone).rowcount)

    assert wait(node) == 0
    assert wait(node) == 0


def test_who_stands_in_does_it_for_the_absent_holder(node, task) -> None:
    runtime.claim(node.host, COLLEAGUE, task.id)
    absent = StandIn("colleague", "赵六", "household", "370502", date(2026, 9, 30))
    hold(node, task, actor=replace(CLERK, stands_in=(absent,)))

    assert wait(node) == 1

    event = node.events(task.case_no)[-1]
    assert (event.actor, event.on_behalf_of) == ("clerk", "colleague")


def test_who_is_absent_and_works_all_the_same_may_undo_too(node, task) -> None:
    away = replace(CLERK, absent_until=date(2026, 9, 30))

    row = hold(node, task, actor=away)

    assert isinstance(row, HeldRow)
    assert wait(node) == 1


def test_history_with_a_late_effect_replays(node, task) -> None:
    hold(node, task)
    wait(node, timedelta(hours=9))

    assert runtime.replay(node.host, task.case_no).is_clean
