from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from onething.catalog import Catalog
from onething.simulator import Records, create_app
from onething.testing.world import World
from unit.clocks.node import Node, at

NOTICE = """
jurisdiction = "CN"
year = 2027
notice = "a notice for the tests"

[[holidays]]
name = "元旦"
first = 2027-01-01
last = 2027-01-05
make_up = [2027-01-09]
"""


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    """A folder with the shipped notices and one of 2027."""
    folder = tmp_path / "notices"
    folder.mkdir()
    for file in (resources.files("onething.calendar") / "data").iterdir():
        if file.name.endswith(".toml"):
            (folder / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (folder / "2027.toml").write_text(NOTICE, "utf-8")
    return folder


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
