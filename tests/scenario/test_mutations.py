"""A scenario that stays green when its rule is taken out of the model proves nothing.

`make test` asks a sample of every service; the long run asks every scenario and tells
which rule turned it red.
"""

from itertools import islice

import pytest

from onething import testing
from onething.errors import ModelRefused
from scenario.notes import PLAYER, SCENARIOS, package, uses

MOST_MUTANTS = 8
SAMPLE = sorted(SCENARIOS)[::16]
REST = sorted(set(SCENARIOS) - set(SAMPLE))


@pytest.fixture
def killer(shelf):
    """Give what returns the nearest rule whose absence turns a scenario red, or None."""

    def find(name):
        scenario = SCENARIOS[name]
        whole = package(scenario.service)
        played = PLAYER.play(scenario, whole)
        near = testing.mutants(whole, played, uses(shelf))
        return next((one.what for one in islice(near, MOST_MUTANTS) if is_red(scenario, one)), None)

    return find


def is_red(scenario, mutant):
    """Whether a scenario shows that a rule is missing; a package that is refused shows nothing."""
    try:
        return not PLAYER.play(scenario, mutant.package).is_green
    except ModelRefused:
        return False


@pytest.mark.parametrize("name", SAMPLE)
def test_a_scenario_turns_red_when_a_rule_it_uses_is_taken_out(name, killer, record_property):
    rule = killer(name)

    record_property("rule", rule)
    assert rule is not None


@pytest.mark.long
@pytest.mark.parametrize("name", REST)
def test_every_other_scenario_turns_red_as_well(name, killer, record_property):
    rule = killer(name)

    record_property("rule", rule)
    assert rule is not None
