"""Replay: from the first event or a snapshot, the same state; a changed result is named."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onething import engine, instances, runtime
from onething.calendar import Calendar
from onething.errors import Conflict, HistoryBroken, InvalidInput, NotAllowed
from onething.runtime import Upload
from onething.runtime.wording import impersonal
from unit.runtime.node import APPLICANT, CLERK, COLLEAGUE, Node

ANSWER = {"check": {"finding": "属实"}}
PICTURE = b"%PDF-1.4\n%%EOF\n"


def test_a_state_from_a_snapshot_equals_the_replayed_one(node: Node) -> None:
    case_no = node.start("careful")
    node.perform()
    instance_id = node.instance(case_no)

    with node.host.database.read() as conn:
        row = instances.get(conn, instance_id)
        definition = node.host.definitions.get(conn, row.service, row.number)
        rebuilt = runtime.current_state(node.host, conn, row)
        kept = node.host.states.take(instance_id, row.sequence).state

    again = engine.restore(definition.process, engine.snapshot(rebuilt))
    assert engine.digest(rebuilt) == engine.digest(kept) == engine.digest(again)


def test_another_result_of_the_engine_is_named_by_its_event(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_no = node.start()
    runtime.complete(node.host, CLERK, node.task(case_no).id, ANSWER)
    monkeypatch.setattr(engine, "digest", lambda _state: b"another")

    verdict = runtime.replay(node.host, case_no)

    assert verdict.diverges_at == 1
    assert not verdict.is_clean


def test_a_case_is_replayed_by_the_calendar_it_was_counted_by(node: Node) -> None:
    case_no = node.start("count")
    earlier = node.host.calendar
    node.host.calendar = Calendar([])

    with_it = runtime.replay(node.host, case_no)
    node.host.calendars = {}
    without = runtime.replay(node.host, case_no)

    assert with_it.is_clean
    assert without.problem is not None
    assert earlier.version in without.problem


def test_an_erased_case_is_told_and_not_replayed(node: Node) -> None:
    case_no = node.start()
    instance_id = node.instance(case_no)
    node.host.write(lambda conn: node.host.keys.erase(conn, instance_id))

    verdict = runtime.replay(node.host, case_no)

    assert (verdict.is_erased, verdict.is_clean) == (True, True)
    with pytest.raises(HistoryBroken):
        runtime.retrace(node.host, APPLICANT, case_no)


def test_a_material_is_kept_once_and_only_while_the_case_is_open(node: Node) -> None:
    case_no = node.start()
    upload = Upload("statement.pdf", PICTURE)

    first = runtime.add_material(node.host, APPLICANT, case_no, upload)
    again = runtime.add_material(node.host, APPLICANT, case_no, upload)
    runtime.withdraw(node.host, APPLICANT, case_no)

    assert first == again
    assert node.kinds(case_no).count("MaterialAdded") == 1
    with pytest.raises(Conflict):
        runtime.add_material(node.host, APPLICANT, case_no, upload)


@pytest.mark.parametrize(
    "upload",
    [
        Upload("statement.pdf", b"MZ\x90\x00"),
        Upload("statement.exe", PICTURE),
        Upload("statement.pdf", PICTURE + b" " * 50_000_000),
    ],
    ids=["other bytes", "other type", "too large"],
)
def test_a_file_that_does_not_fit_is_refused_and_nothing_is_written(
    node: Node, upload: Upload
) -> None:
    case_no = node.start()

    with pytest.raises(InvalidInput):
        runtime.add_material(node.host, APPLICANT, case_no, upload)

    assert node.kinds(case_no) == ["CaseStarted"]


def test_messages_about_a_case_hide_its_texts_and_long_numbers() -> None:
    values: dict[str, Any] = {"person": {"name": "张三", "tags": ["敏感"]}}

    told = impersonal("张三 with 370502198504129810 is 敏感: event 12", values)

    assert told == "… with … is …: event 12"


@given(st.lists(st.tuples(st.sampled_from(["claim", "return", "complete"]), st.booleans())))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_task_has_one_holder_and_one_end_whatever_two_clerks_try(
    node: Node, tries: list[tuple[str, bool]]
) -> None:
    case_no = node.start(idNo="")
    task = node.task(case_no)
    holder, is_done = None, False

    for verb, is_colleague in tries:
        actor = COLLEAGUE if is_colleague else CLERK
        may = not is_done and holder in (None, actor.user)
        try:
            if verb == "claim":
                runtime.claim(node.host, actor, task.id)
                holder = actor.user
            elif verb == "return":
                runtime.return_task(node.host, actor, task.id)
                holder = None
            else:
                runtime.complete(node.host, actor, task.id, ANSWER)
                is_done = True
            assert may
        except (Conflict, NotAllowed):
            assert not may

    assert (node.tasks(case_no) == []) == is_done
    assert node.kinds(case_no).count("TaskCompleted") == int(is_done)
    assert runtime.replay(node.host, case_no).is_clean
