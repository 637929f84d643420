import pytest

from onething import engine


def test_an_endless_loop_becomes_an_incident(play):
    play.limits = engine.Limits(automatic_steps=500)

    play.start()

    assert [one.code for one in play.incidents.values()] == ["step-limit"]
    assert play.status == "active"


def test_a_process_that_calls_itself_becomes_an_incident(play):
    play.start()

    assert [one.code for one in play.incidents.values()] == ["depth-limit"]


def chain(length):
    nodes = "".join(f'<task id="n{i}"/>' for i in range(length))
    flows = "".join(
        f'<sequenceFlow id="f{i}" sourceRef="n{i}" targetRef="n{i + 1}"/>'
        for i in range(length - 1)
    )
    model = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    text = f'<definitions xmlns="{model}"><process id="p">{nodes}{flows}</process></definitions>'
    return engine.compile(engine.Bundle({"chain.bpmn": text.encode()}))


@pytest.mark.parametrize("length", [2, 2_000])
def test_a_chain_of_any_length_runs_through(length, player_of):
    player = player_of(chain(length))

    player.start()

    assert player.status == "completed"
    assert len(player.ended) == length


def test_the_state_of_a_loop_does_not_grow(play_named):
    player = play_named("an_inclusive_join_in_a_loop_does_not_wait_for_itself")
    player.start()
    player.complete("a", again=True)
    early = len(engine.snapshot(player.state))

    for _ in range(200):
        player.complete("a", again=True)

    assert len(engine.snapshot(player.state)) <= early + 10


def test_ten_thousand_rounds_of_a_loop_run_through(play):
    play.limits = engine.Limits(automatic_steps=100_000)

    play.start({"most": 10_000})

    assert play.status == "completed"
    assert play.counts["t"] == 10_000


def test_two_thousand_instances_run_beside_each_other(play):
    play.start()
    assert len(play.opened) == 2_000

    for _ in range(20):
        play.complete("t")

    assert len(play.opened) == 1_980


def nested(depth):
    model = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    calls = "".join(
        f'<process id="p{i}"><callActivity id="c{i}" calledElement="p{i + 1}"/></process>'
        for i in range(depth)
    )
    text = f'<definitions xmlns="{model}">{calls}<process id="p{depth}"><userTask id="t"/>'
    return engine.compile(engine.Bundle({"n.bpmn": f"{text}</process></definitions>".encode()}))


def test_calls_fifty_deep_run_through(player_of):
    player = player_of(nested(50), "p0")
    player.start()

    player.complete("t")

    assert player.status == "completed"
    assert len(player.ended) == 51
