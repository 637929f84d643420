import pytest

from onething import engine
from onething.errors import Conflict


def test_a_gateway_that_starts_instances_begins_at_the_event_that_came(play):
    assert [(one.name, one.event) for one in play.process.messages] == [("A", "a"), ("B", "b")]

    play.start(event="b")

    assert play.open == ["ub"]
    assert play.waits == {}


def test_a_parallel_gateway_that_starts_instances_waits_for_the_other_events(play):
    play.start(event="b")
    assert play.open == ["ub"]

    play.send("A")

    assert play.open == ["ua", "ub"]


def test_a_receive_task_can_start_an_instance(play):
    play.start({"x": 1}, event="r")

    assert play.open == ["u"]
    assert play.counts["r"] == 1


def test_only_the_plain_start_event_begins_by_itself(play):
    play.start()

    assert play.open == ["a"]


def test_several_definitions_start_the_same_event(play):
    assert [one.name for one in play.process.messages] == ["A"]
    assert [one.name for one in play.process.signals] == ["S"]

    play.start(event="s")

    assert play.open == ["a"]


def test_a_start_that_could_be_any_of_several_must_be_named(play_named):
    player = play_named("a_gateway_that_starts_instances_begins_at_the_event_that_came")

    with pytest.raises(Conflict):
        engine.start(player.process, engine.Start("p"), player.context)
