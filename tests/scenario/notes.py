"""What playing each scenario showed: played once, told to every test and worker."""

import json
import random
from collections import Counter
from functools import cache
from pathlib import Path

from onething import simulator, testing
from onething.catalog import Catalog

PLAYER = testing.Player(Catalog(), simulator.create_app, simulator.Records)
SCENARIOS = {f"{one.path.parts[-3]}/{one.name}": one for one in PLAYER.scenarios()}


@cache
def package(code):
    """Return a service's package as it is on disk."""
    return Catalog().package(code)


def play(name, shelf: Path):
    """Play a scenario, or read what another test noted of it on the shelf."""
    note = shelf / f"{name.replace('/', '@')}.json"
    if not note.exists():
        played = PLAYER.play(SCENARIOS[name], package(SCENARIOS[name].service))
        told = {
            "failures": [str(one) for one in played.failures],
            "flows": sorted(played.flows),
            "uses": sorted(played.uses),
        }
        draft = note.with_suffix(f".{id(played)}")
        draft.write_text(json.dumps(told), "utf-8")
        draft.rename(note)
    return json.loads(note.read_text("utf-8"))


@cache
def _own_order():
    """Return every scenario, in an order of this process: two workers rarely play the same one."""
    return random.sample(list(SCENARIOS), len(SCENARIOS))


def taken(shelf: Path):
    """Return every flow that some scenario takes, as process and flow."""
    return {tuple(flow) for name in _own_order() for flow in play(name, shelf)["flows"]}


def uses(shelf: Path):
    """Count the scenarios that use each flow and rule."""
    return Counter(use for name in _own_order() for use in play(name, shelf)["uses"])
