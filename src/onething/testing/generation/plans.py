"""Which cases are played: scenarios of the shipped services, whole or broken off half-way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from onething.catalog import Catalog
from onething.errors import ModelRefused
from onething.testing.scenario import Scenario, read

_PLAIN = ("apply", "complete", "claim", "after", "until")
"""Steps that a generated case is made of: scenarios with others are left out."""
_BEGINS_WITHIN = timedelta(hours=6)


class Shelf(Catalog):
    """The services that cases are made of."""

    def __init__(self, folders: Sequence[Path], chosen: Sequence[str]) -> None:
        super().__init__(folders)
        self._chosen = chosen

    def codes(self) -> list[str]:
        """Return the codes of the chosen services."""
        return [one for one in super().codes() if one in self._chosen]


@dataclass(frozen=True, slots=True)
class Plan:
    """A scenario up to one of its steps."""

    scenario: Scenario
    steps: int
    is_late: bool = False
    """Whether the clock then moves on until supervision has raised cards."""

    @property
    def name(self) -> str:
        """What the plan is called in messages."""
        late = ", late" if self.is_late else ""
        return f"{self.scenario.service}/{self.scenario.name} to step {self.steps}{late}"

    def begins_at(self, random: Random) -> datetime:
        """Draw when a take begins: some hours late, yet before every instant that a step names."""
        now = self.scenario.now
        named = (step["until"] - now for step in self.scenario.steps if "until" in step)
        room = min((_BEGINS_WITHIN, *named))
        return now + timedelta(minutes=random.randrange(max(1, room // timedelta(minutes=1))))


def plans(shelf: Shelf, most: int) -> list[Plan]:
    """Return what can be played of every service, evenly, at most so many of each service."""
    found: list[Plan] = []
    for code in shelf.codes():
        scenarios = [one for one in _scenarios(shelf, code) if _is_plain(one)]
        found += [plan for one in _chosen(scenarios, most) for plan in _of(one)]
    return found


def _chosen(scenarios: list[Scenario], most: int) -> list[Scenario]:
    """Return the shortest ones, which close cases soon, and as many of the others, evenly."""
    by_length = sorted(scenarios, key=lambda one: len(one.steps))
    short, others = by_length[: (most + 1) // 2], by_length[(most + 1) // 2 :]
    stride = max(1, len(others) // max(1, most // 2))
    return short + others[::stride][: most // 2]


def _of(one: Scenario) -> Iterator[Plan]:
    whole = len(one.steps)
    for steps in sorted({1, whole // 2, whole - 1, whole} - {0}):
        yield Plan(one, steps)
    if whole > 1:
        yield Plan(one, 1, is_late=True)


def _scenarios(shelf: Shelf, code: str) -> list[Scenario]:
    found = []
    for root in shelf.roots:
        for path in sorted((root / "bpmn" / code / "scenarios").glob("*.toml")):
            try:
                found.append(read(path))
            except ModelRefused:
                continue
    return found


def _is_plain(one: Scenario) -> bool:
    """Whether it is about one case, without faults and refusals, and its people have numbers."""
    first, *others = one.steps
    refused = any("error" in expect for expect in one.expect)
    faulty = any("fault" in given for given in one.given)
    is_one = "apply" in first and not any("apply" in step for step in others)
    return is_one and not refused and not faulty and all(_kind(step) for step in one.steps)


def _kind(step: Mapping[str, Any]) -> bool:
    return any(name in step for name in _PLAIN)
