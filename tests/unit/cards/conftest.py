from collections.abc import Iterator
from pathlib import Path

import pytest

from onething.catalog import Catalog
from onething.simulator import Records, create_app
from onething.testing.world import World
from unit.clocks.node import Node, at

LICENCES = Path(__file__).parents[1] / "clocks" / "package"


@pytest.fixture
def node() -> Iterator[Node]:
    """A node on Monday, 2 March 2026, with a small service under the shipped supervision."""
    with World(at("2026-03-02"), create_app, Records) as world:
        world.deploy(Catalog([LICENCES]).package("licence"))
        yield Node(world)
