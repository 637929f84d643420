"""Every scenario of every service, and what they cover together."""

import pytest

from onething import testing
from onething.catalog import Catalog
from scenario.notes import SCENARIOS, package, play, taken

SERVICES = tuple(Catalog().codes())
SHARED = "_shared"


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_scenario_comes_as_expected_and_replays(name, shelf):
    assert play(name, shelf)["failures"] == []


def test_there_are_at_least_forty_scenarios():
    assert len(SCENARIOS) >= 40


def test_every_scenario_names_the_rule_that_it_proves():
    assert [name for name, one in SCENARIOS.items() if not one.rule.strip()] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_sequence_flow_of_a_service_is_taken_by_some_scenario(service, shelf):
    drawn = testing.flows(package(service))

    missing = drawn - taken(shelf)

    assert sorted(missing) == []


def test_every_sequence_flow_of_the_shared_processes_is_taken_by_some_scenario(shelf):
    drawn = set().union(*(testing.flows(package(code), [SHARED]) for code in SERVICES))

    missing = drawn - taken(shelf)

    assert sorted(missing) == []
