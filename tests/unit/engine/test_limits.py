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
