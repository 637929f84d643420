from datetime import UTC, datetime
from decimal import Decimal

import pytest

from onething import engine
from onething.errors import Conflict


def test_a_user_task_tells_its_form_lane_and_properties(play):
    play.start({"dead": {"name": "王五"}})

    task = next(iter(play.opened.values()))

    assert (task.name, task.lane, task.form) == ("填写申请", "经办人", "after-death/apply")
    assert task.candidate_groups == ("police", "civil")
    assert task.inputs == {"who": "王五"}
    assert task.properties == {"limit": "WD(5)", "item.reason": "for 王五"}


def test_a_job_sends_only_its_inputs_and_maps_its_answer(play):
    play.start({"person": {"idNo": "1", "name": "x"}})
    job = next(iter(play.opened.values()))
    assert (job.operation, job.inputs, job.retries) == ("police.household.get", {"idNo": "1"}, 5)
    assert job.headers == {"purpose": "check"}

    play.complete("t", address="Somewhere 1", secret=1)

    assert play.variables["person"] == {"idNo": "1", "name": "x", "address": "Somewhere 1"}
    assert "secret" not in play.variables


def test_an_answer_is_kept_under_its_result_name_or_dropped(play):
    play.start()

    play.complete("a", no=7)
    play.complete("b", no=8)

    assert play.variables == {"found": {"no": 7}}


def test_a_script_evaluates_feel_exactly(play):
    play.start()

    assert play.variables["sum"] == Decimal("0.3")


def test_properties_are_evaluated_when_the_node_ends(play):
    play.start()

    step = play.complete("t", ok=True)

    assert [(one.activity, one.properties) for one in step.marks] == [
        ("t", {"item": "household", "item.state": "granted"})
    ]


def test_a_legal_period_ends_by_the_calendar(play):
    play.now = datetime(2026, 9, 28, 1, tzinfo=UTC)
    play.start()

    due = next(iter(play.timers.values()))

    # The National Day holiday lies inside: working days are 29, 30, then from 8 October on.
    assert due.due_at == datetime(2026, 10, 10, 16, tzinfo=UTC)
    assert not due.provisional


def test_a_business_rule_task_reports_its_rules(play):
    step = play.start({"age": 30})

    assert play.variables["fee"] == 10
    decision = step.decisions[0]
    assert (decision.decision, decision.value, decision.rules) == ("fee", 10, ("adult",))


def test_a_global_task_is_called(play):
    play.start()
    assert play.open == ["check"]

    play.complete("check", done=True)

    assert play.status == "completed"
    assert play.variables == {"done": True}


def test_as_many_tokens_start_as_the_quantities_say(play):
    play.start()

    assert play.status == "completed"
    assert (play.counts["a"], play.counts["b"], play.counts["c"]) == (1, 3, 1)


def test_ids_named_start_and_end_are_ordinary_ids(play):
    play.start()

    assert play.ended == ["Start", "t", "End"]


def test_an_answer_for_a_token_that_does_not_wait_is_refused(play_named):
    player = play_named("a_script_evaluates_feel_exactly")
    player.start()

    with pytest.raises(Conflict):
        player.apply(engine.CompleteTask("1"))


def test_a_task_is_due_by_its_legal_limit(play):
    play.start({"n": 2})

    task = next(iter(play.opened.values()))

    assert task.due_at == datetime(2026, 3, 4, 16, tzinfo=UTC)


def test_feel_knows_the_legal_calendar(play):
    play.start()

    assert play.variables == {"due": "2026-10-10", "works": False}
