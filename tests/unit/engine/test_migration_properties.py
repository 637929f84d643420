"""Any state can be moved to a version with other ids, and back, and is the same again."""

import re

import pytest
from hypothesis import given, settings

from onething import engine
from unit.engine.random_process import files
from unit.engine.test_random_processes import CALM, NUMBERS, Walk


def names(process):
    """Return the ids of all nodes, flows and processes."""
    found = set(process.process_ids)
    for scope in process.scopes.values():
        found |= {*scope.nodes, *scope.flows}
    return found


def renamed(texts, known):
    """Return the files with every known id changed."""
    pattern = re.compile(r'(?<=[">])({})(?=["<])'.format("|".join(map(re.escape, sorted(known)))))
    return {
        name: pattern.sub(r"r-\1", data.decode()).encode() if name.endswith(".bpmn") else data
        for name, data in texts.items()
    }


class ThereAndBack(Walk):
    """A random path on which the state is moved and moved back after every step."""

    def __init__(self, player, numbers, other, mapping):
        back = {new: old for old, new in mapping.items()}
        self.there = engine.Counterparts(player.process, other, mapping)
        self.back = engine.Counterparts(other, player.process, back)
        super().__init__(player, numbers)

    def _check(self, step):
        super()._check(step)
        if step.state.status != "active":
            return
        context = self.player.context
        moved = engine.migrate(self.there, step.state, context)
        if moved.step is None:
            # A compensation in the middle is the one thing that no renaming explains.
            assert {one.rule for one in moved.obstacles} == {"compensation"}
            return
        again = engine.migrate(self.back, moved.step.state, context)
        assert engine.snapshot(again.step.state) == engine.snapshot(step.state)


def hold(player_class, numbers, *, of_blocks):
    texts = files(numbers, of_blocks=of_blocks)
    process = engine.compile(engine.Bundle(texts))
    mapping = {one: f"r-{one}" for one in names(process)}
    other = engine.compile(engine.Bundle(renamed(texts, mapping)))
    path = ThereAndBack(player_class(process), numbers, other, mapping)
    path.go()


@settings(max_examples=20, **CALM)
@given(numbers=NUMBERS)
def test_a_state_of_blocks_moves_there_and_back(player_class, numbers):
    hold(player_class, numbers, of_blocks=True)


@settings(max_examples=20, **CALM)
@given(numbers=NUMBERS)
def test_a_state_of_a_free_graph_moves_there_and_back(player_class, numbers):
    hold(player_class, numbers, of_blocks=False)


@pytest.mark.long
@settings(max_examples=200, **CALM)
@given(numbers=NUMBERS)
def test_many_states_move_there_and_back(player_class, numbers):
    hold(player_class, numbers, of_blocks=bool(numbers.randint(0, 1)))
