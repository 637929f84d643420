"""Further versions of the small service: its files with some texts replaced."""

from pathlib import Path

from onething.catalog import Catalog
from onething.definitions import Package
from unit.runtime.node import Node

PACKAGE = Catalog([Path(__file__).parent / "package"]).package("permit")
DIAGRAM = "bpmn/permit/permit.bpmn"


def renamed(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return the replacements that give a node of the diagram another id."""
    return tuple(
        (before.format(old), before.format(new))
        for before in (' id="{}"', 'sourceRef="{}"', 'targetRef="{}"')
    )


RENAMED = (
    *renamed("check", "review"),
    (">check<", ">review<"),
    ('"核查"', '"复核"'),
)
"""The task `check` is called `review`."""


def version(*changes: tuple[str, str]) -> Package:
    """Return the package with texts of its diagram replaced."""
    text = PACKAGE.files[DIAGRAM].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Package("permit", {**PACKAGE.files, DIAGRAM: text.encode()})


def deploy(node: Node, *changes: tuple[str, str]) -> None:
    """Deploy the next version of the package."""
    node.world.deploy(version(*changes))
