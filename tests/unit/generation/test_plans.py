"""What generated cases are made after, and when they begin."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from onething.testing.generation.plans import Plan
from onething.testing.scenario import Scenario

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


def begins(*steps) -> list[timedelta]:
    """Return how much later than its scenario a plan of these steps begins, often drawn."""
    plan = Plan(Scenario(Path("a.toml"), "", "", "permit", NOW, steps=steps), len(steps))
    return [plan.begins_at(Random(seed)) - NOW for seed in range(300)]  # noqa: S311 - repeatable


def test_a_case_begins_within_six_hours_of_its_scenario():
    drawn = begins({"apply": "application"}, {"after": "P3D"})

    assert timedelta(0) <= min(drawn) < timedelta(hours=1)
    assert timedelta(hours=5) < max(drawn) < timedelta(hours=6)


@pytest.mark.parametrize("minutes", [1, 91])
def test_a_case_begins_before_every_instant_that_its_steps_name(minutes):
    drawn = begins({"apply": "application"}, {"until": NOW + timedelta(minutes=minutes)})

    assert max(drawn) < timedelta(minutes=minutes)
