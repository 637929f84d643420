"""Branches: a condition that held, a default that was taken."""

from collections.abc import Iterator
from functools import partial

from onething.catalog.diagram import parsed
from onething.catalog.elements import MODEL, Element
from onething.definitions import Package
from onething.testing.mutation.mutant import Mutant, by_id, edited, own_first
from onething.testing.player import Played


def with_other_flows(package: Package, played: Played) -> Iterator[Mutant]:
    """Turn each condition that held into its contrary, and each default that was taken."""
    taken = {flow for _, flow in played.flows}
    for path in own_first(package, ".bpmn"):
        root = parsed(package.files[path])
        defaults = {one.get("default") for one in root.iter("{*}*")} - {None}
        for flow in root.iter(f"{MODEL}sequenceFlow"):
            name = str(flow.get("id"))
            if name not in taken:
                continue
            if flow.find(f"{MODEL}conditionExpression") is not None:
                make = edited(package, path, partial(_turn_round, name))
                yield Mutant(f"condition: {path}: {name}", name, make)
            elif name in defaults:
                make = edited(package, path, partial(_lead_away, name))
                yield Mutant(f"default: {path}: {name}", name, make)


def _turn_round(name: str, root: Element) -> None:
    condition = by_id(root, name).find(f"{MODEL}conditionExpression")
    if condition is not None:
        condition.text = f"=not({(condition.text or '').strip().removeprefix('=')})"


def _lead_away(name: str, root: Element) -> None:
    """Let the first flow beside a default hold always."""
    source = by_id(root, name).get("sourceRef")
    for flow in root.iter(f"{MODEL}sequenceFlow"):
        condition = flow.find(f"{MODEL}conditionExpression")
        if flow.get("sourceRef") == source and condition is not None:
            condition.text = "=true"
            return
