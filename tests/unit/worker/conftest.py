from collections.abc import Iterator
from pathlib import Path

import pytest

from onething.catalog import Catalog
from onething.simulator import Records, create_app
from onething.testing.world import World
from unit.runtime.node import MONDAY, Node

PACKAGE = Path(__file__).parents[1] / "runtime" / "package"


@pytest.fixture
def node() -> Iterator[Node]:
    with World(MONDAY, create_app, Records) as world:
        world.deploy(Catalog([PACKAGE]).package("permit"))
        yield Node(world)
