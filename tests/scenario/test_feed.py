"""What a whole case tells the exchange between departments."""

import itertools

import pytest

from onething import runtime, simulator
from onething.identity import SYSTEM
from onething.testing.player import Played, Run
from onething.testing.world import World
from scenario.notes import SCENARIOS, package


@pytest.fixture
def told():
    """Play a scenario and return the feed of its case."""

    def play(name):
        scenario = SCENARIOS[name]
        with World(scenario.now, simulator.create_app, simulator.Records) as world:
            world.deploy(package(scenario.service))
            for given in scenario.given:
                world.give(given)
            Run(world, scenario, Played(scenario)).run()
            return runtime.view_feed(world.host, SYSTEM, limit=200).events

    return play


def test_supplemented_case_tells_its_way_in_order(told):
    events = told("adoption-registration/supplement-then-registration")

    types = [kind for kind, _ in itertools.groupby(one.type for one in events)]
    assert types == [
        "申报",
        "网上预受理",
        "补正告知",
        "补正受理",
        "受理",
        "审批",
        "领取登记",
        "办结",
    ]
    assert [one.sequence for one in events] == sorted(one.sequence for one in events)


def test_special_procedure_tells_request_and_result(told):
    types = [one.type for one in told("adoption-registration/appraisal-takes-all-its-time")]

    assert types[-2:] == ["特别程序申请", "特别程序结果"]
