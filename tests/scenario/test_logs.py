"""What is logged of a whole case: its number, and no word of any person."""

import json
import logging
from collections.abc import Iterator

import pytest

from onething import simulator
from onething.cli import logs
from onething.testing.player import Played, Run
from onething.testing.world import World
from scenario.notes import SCENARIOS, package

PERSONAL = (
    "name",
    "idNo",
    "phone",
    "mobile",
    "address",
    "placeAddr",
    "bank",
    "officer",
    "physician",
)


@pytest.fixture
def plain_root():
    """Let the root logger be configured anew, and take it back afterwards."""
    root = logging.getLogger()
    before, root.handlers = root.handlers, []
    level = root.level
    yield
    root.handlers = before
    root.setLevel(level)


def personal(value, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from personal(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from personal(inner, name)
    elif isinstance(value, str) and name in PERSONAL and len(value) > 1:
        yield value


@pytest.mark.parametrize("name", sorted(SCENARIOS)[:: len(SCENARIOS) // 6])
def test_log_of_a_case_has_its_number_and_no_personal_value(name, plain_root, capsys):
    logs.configure("DEBUG")
    scenario = SCENARIOS[name]

    with World(scenario.now, simulator.create_app, simulator.Records) as world:
        world.deploy(package(scenario.service))
        for given in scenario.given:
            world.give(given)
        run = Run(world, scenario, Played(scenario))
        run.run()
        case_nos = run.case_nos
    text = capsys.readouterr().err

    lines = [json.loads(line) for line in text.splitlines()]
    assert set(case_nos) <= {one.get("case_no") for one in lines}
    told = [value for step in scenario.steps for value in personal(step.get("data"))]
    assert case_nos
    assert told
    assert [value for value in told if value in text] == []
