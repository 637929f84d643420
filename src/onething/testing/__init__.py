"""What authors of services test with: public, part of the product."""

from onething.testing.mutation import Mutant, mutants
from onething.testing.player import Played, play
from onething.testing.report import Player, Report, flows
from onething.testing.scenario import Scenario, read
from onething.testing.world import World, person

__all__ = [
    "Mutant",
    "Played",
    "Player",
    "Report",
    "Scenario",
    "World",
    "flows",
    "mutants",
    "person",
    "play",
    "read",
]
