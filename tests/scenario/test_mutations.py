"""A scenario that stays green when its rule is taken out of the model proves nothing.

`make test` asks a sample of every service; the long run asks every scenario and tells
which rule turned it red.
"""

from itertools import islice

import pytest

from onething import simulator, testing
from onething.catalog import Catalog

PLAYER = testing.Player(Catalog(), simulator.create_app, simulator.Records)
SCENARIOS = {f"{one.path.parts[-3]}/{one.name}": one for one in PLAYER.scenarios()}
MOST_MUTANTS = 8
SAMPLE = sorted(SCENARIOS)[::16]
REST = sorted(set(SCENARIOS) - set(SAMPLE))


def killer(name):
    """Return the rule whose absence turns the scenario red, or None; the packages are frozen."""
    scenario = SCENARIOS[name]
    package = Catalog().package(scenario.service)
    played = PLAYER.play(scenario, package)
    for mutant in islice(testing.mutants(package, played), MOST_MUTANTS):
        if not PLAYER.play(scenario, mutant.package).is_green:
            return mutant.what
    return None


@pytest.mark.parametrize("name", SAMPLE)
def test_a_scenario_turns_red_when_a_rule_it_uses_is_taken_out(name, record_property):
    rule = killer(name)

    record_property("rule", rule)
    assert rule is not None


@pytest.mark.long
@pytest.mark.parametrize("name", REST)
def test_every_other_scenario_turns_red_as_well(name, record_property):
    rule = killer(name)

    record_property("rule", rule)
    assert rule is not None
