"""Every scenario of every service, and what they cover together."""

import json
from functools import cache

import pytest

from onething import simulator, testing
from onething.catalog import Catalog

PLAYER = testing.Player(Catalog(), simulator.create_app, simulator.Records)
SCENARIOS = {f"{one.path.parts[-3]}/{one.name}": one for one in PLAYER.scenarios()}
SERVICES = tuple(Catalog().codes())
SHARED = "_shared"


@cache
def package(code):
    return Catalog().package(code)


@pytest.fixture
def shelf(tmp_path_factory, worker_id):
    """Give the folder in which all workers note the flows that scenarios took."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "played"
    folder.mkdir(exist_ok=True)
    return folder


def play(name, shelf):
    """Play a scenario, or read what another test noted of it."""
    note = shelf / f"{name.replace('/', '@')}.json"
    if not note.exists():
        played = PLAYER.play(SCENARIOS[name], package(SCENARIOS[name].service))
        told = {"failures": [str(one) for one in played.failures], "flows": sorted(played.flows)}
        draft = note.with_suffix(f".{id(played)}")
        draft.write_text(json.dumps(told), "utf-8")
        draft.rename(note)
    return json.loads(note.read_text("utf-8"))


def taken(shelf):
    return {tuple(flow) for name in SCENARIOS for flow in play(name, shelf)["flows"]}


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
