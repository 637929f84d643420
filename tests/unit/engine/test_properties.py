"""Properties of every model: deploys or is refused cleanly, replays, and can be stored."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from onething import engine
from onething.errors import ModelRefused, OnethingError

DIAGRAMS = sorted(Path(__file__).parent.glob("*.bpmn"))
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
LIMITS = engine.Limits(automatic_steps=200, depth=10, rounds=50)


@st.composite
def mutated(draw):
    """A good model with one to three things broken in it."""
    root = etree.fromstring(draw(st.sampled_from(DIAGRAMS)).read_bytes())
    for _ in range(draw(st.integers(1, 3))):
        elements = [one for one in root.iter() if one is not root]
        if not elements:
            break
        element = elements[draw(st.integers(0, len(elements) - 1))]
        how = draw(st.sampled_from(["drop", "empty", "attribute", "copy", "swap", "rename"]))
        names = sorted(element.attrib)
        if how == "drop":
            element.getparent().remove(element)
        elif how == "empty":
            for inner in list(element):
                element.remove(inner)
        elif how == "copy":
            element.getparent().append(etree.fromstring(etree.tostring(element)))
        elif how == "rename":
            element.tag = f"{{{MODEL}}}{draw(st.sampled_from(['task', 'endEvent', 'subProcess']))}"
        elif names and how == "attribute":
            del element.attrib[draw(st.sampled_from(names))]
        elif names:
            value = draw(
                st.sampled_from(["", "s", "e", "t", "-1", "true", "=1 +", "=x.y[1]", "甲"])
            )
            element.set(draw(st.sampled_from(names)), value)
    return etree.tostring(root)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_a_broken_model_deploys_or_is_refused_and_never_crashes(player_class, data):
    process, findings = deployed(data)

    assert all(one.message and one.rule and one.remedy for one in findings)
    if process is not None and "p" in process.process_ids:
        player = player_class(process)
        player.limits = LIMITS
        walk(player, choices=[0, 1, 2, 3, 4, 5])


def deployed(data):
    """Return the compiled process, or the findings that refuse it."""
    try:
        return engine.compile(engine.Bundle({"a.bpmn": data})), []
    except ModelRefused as refused:
        return None, refused.findings


def walk(player, choices):
    """Start and go on as far as the choices lead; any error must be one of ours."""
    try:
        player.start({"n": 1, "x": 5, "items": [], "names": ["a"], "enough": True})
        for choice in choices:
            moves = possible(player)
            if player.status != "active" or not moves:
                break
            moves[choice % len(moves)]()
    except OnethingError:
        return
    assert player.replayed() == engine.digest(player.state)
    revived = engine.restore(player.process, engine.snapshot(player.state))
    assert engine.snapshot(revived) == engine.snapshot(player.state)


def possible(player):
    """Return what may happen next, each as a function."""
    moves = [lambda one=one: player.complete(one.activity) for one in player.opened.values()]
    moves += [lambda one=one: player.send(one.name) for one in player.waits.values()]
    if player.timers:
        moves.append(lambda: player.advance(days=1) if len(player.timers) < 5 else None)
    return moves
