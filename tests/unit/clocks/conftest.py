from collections.abc import Iterator
from pathlib import Path

import pytest

from onething.catalog import Catalog
from onething.simulator import Records, create_app
from onething.testing.world import World
from unit.clocks.node import Node, at


@pytest.fixture
def february() -> Iterator[Node]:
    """A node on Friday, 13 February 2026."""
    with World(at("2026-02-13"), create_app, Records) as world:
        world.deploy(Catalog([Path(__file__).parent / "package"]).package("licence"))
        yield Node(world)


@pytest.fixture
def node(february: Node) -> Node:
    """A node on Monday, 2 March 2026."""
    february.go_to("2026-03-02")
    return february
