"""Modification: a token is moved against the flows, or the move is refused and nothing happens."""

import pytest

from onething import engine
from onething.engine import Move
from onething.errors import Conflict, InvalidInput, NotFound

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">'
    '<message id="m" name="M"/><process id="p" isExecutable="true">'
    '<startEvent id="s"/><parallelGateway id="f"/><userTask id="a"/><userTask id="b"/>'
    '<parallelGateway id="j"/><userTask id="c"/><endEvent id="e"/>'
    '<boundaryEvent id="late" attachedToRef="a"><timerEventDefinition>'
    "<timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>"
    '<subProcess id="i"><userTask id="x"/></subProcess>'
    '<subProcess id="w" triggeredByEvent="true"><startEvent id="ws">'
    '<messageEventDefinition messageRef="m"/></startEvent><userTask id="wt"/>'
    '<sequenceFlow id="ws-wt" sourceRef="ws" targetRef="wt"/></subProcess>'
)
FLOWS = ("s-f", "f-a", "f-b", "a-j", "b-j", "late-j", "j-c", "c-i", "i-e")


@pytest.fixture
def player(player_of):
    """A started instance with tasks at a and b."""
    flows = "".join(
        f'<sequenceFlow id="{one}" sourceRef="{one.split("-")[0]}"'
        f' targetRef="{one.split("-")[1]}"/>'
        for one in FLOWS
    )
    text = f"{HEAD}{flows}</process></definitions>"
    started = player_of(engine.compile(engine.Bundle({"p.bpmn": text.encode()})))
    started.start()
    yield started
    assert started.replayed() == engine.digest(started.state)


def test_a_token_moves_with_its_timers_and_the_rest_goes_on(player):
    player.apply(Move("a", "c"))

    assert (player.open, player.timers, player.cancelled) == (["b", "c"], {}, ["a"])


def test_a_token_can_be_started_beside_the_others(player):
    player.apply(Move(start="c"))

    assert player.open == ["a", "b", "c"]


def test_a_token_can_be_ended_while_others_go_on(player):
    player.apply(Move("a"))

    assert player.open == ["b"]


def test_an_inside_ends_with_the_token_around_it(player):
    player.apply(Move("a", "i"))
    player.apply(Move("b"))
    player.apply(Move("i", "c"))

    assert player.open == ["c"]


def test_the_way_back_out_of_an_interrupting_event_subprocess_listens_again(player):
    player.send("M")
    player.apply(Move("w", "a"))
    again = player.open
    player.send("M")

    assert (again, player.open) == (["a"], ["wt"])


@pytest.mark.parametrize(
    ("command", "error", "told"),
    [
        (Move(), InvalidInput, "Name an element"),
        (Move("nothing", "c"), NotFound, "tokens stand at a, b"),
        (Move("c", "a"), NotFound, "No token stands at c"),
        (Move("a", "nothing"), NotFound, "no element nothing"),
        (Move("a", "x"), Conflict, "inside its scope"),
        (Move(start="x"), Conflict, "0 running scopes"),
        (Move("a", "late"), Conflict, "only its event"),
        (Move("a", "w"), Conflict, "only its event"),
        (Move("a", "j"), Conflict, "a join needs"),
    ],
)
def test_an_impossible_move_is_refused_and_nothing_has_happened(player, command, error, told):
    before = engine.snapshot(player.state)

    with pytest.raises(error, match=told):
        engine.apply(player.process, player.state, command, player.context)

    assert engine.snapshot(player.state) == before


def test_the_last_token_needs_a_place_to_go(player):
    player.apply(Move("a"))

    with pytest.raises(Conflict, match="all that goes on"):
        engine.apply(player.process, player.state, Move("b"), player.context)


def test_one_of_several_tokens_is_named_by_its_number(player):
    player.apply(Move(start="c"))
    player.apply(Move(start="c"))
    first, second = (key for key, one in player.opened.items() if one.activity == "c")

    with pytest.raises(Conflict, match=f"c#{first}, c#{second}"):
        engine.apply(player.process, player.state, Move("c", "a"), player.context)
    player.apply(Move(f"c#{first}", "i"))

    assert player.open == ["a", "b", "c", "x"]
