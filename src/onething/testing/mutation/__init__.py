"""Taking rules out of a model: a scenario that stays green then proves nothing.

A mutant is the frozen package with one rule less: a row of a decision table, a bound, a
condition, a branch, an event, a demand of a form, the subject of the service. Only what a
scenario used is offered. What a scenario is about comes first: what the fewest others use, and
of that what it expects to be refused, then a bound on which a value lies, then a whole row.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from onething.definitions import Package
from onething.testing.mutation.demands import without_demands, without_subject
from onething.testing.mutation.events import without_events
from onething.testing.mutation.flows import with_other_flows
from onething.testing.mutation.mutant import Mutant
from onething.testing.mutation.tables import with_moved_bounds, without_rows
from onething.testing.player import Played

__all__ = ["Mutant", "mutants"]


def mutants(package: Package, played: Played, uses: Mapping[str, int]) -> Iterator[Mutant]:
    """Yield the mutants that could turn a scenario red, the nearest to what it is about first.

    Args:
        package: The package on which the scenario is green.
        played: What playing it there showed.
        uses: How many scenarios use each flow, rule and refused field (`Played.uses`).
    """
    found = chain(
        without_subject(package, played),
        without_demands(package, played),
        with_moved_bounds(package, played),
        without_rows(package, played),
        with_other_flows(package, played),
        without_events(package, played),
    )
    yield from sorted(found, key=lambda one: uses.get(one.use, 1))
