"""Who gets a task: from its lane to department, post and region, or to a party of the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from onething import feel
from onething.definitions import Service
from onething.engine import TaskOpened
from onething.tasks import Redirect

FALLBACK_DEPARTMENT = "window"
"""The front desk takes what no lane of the manifest claims."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where a task belongs; either a department with post and region, or a party."""

    department: str | None = None
    post: str | None = None
    region: str | None = None
    party: str | None = None
    redirect: int | None = None
    """Number of the redirect by which it goes elsewhere than its lane says."""


def redirected(to: Assignment, redirects: Sequence[Redirect]) -> Assignment:
    """Return where a task goes whose office may have moved, perhaps more than once.

    Args:
        to: Where its lane leads.
        redirects: Those that hold, newest first; each is followed once at most.
    """
    for one in redirects:
        if one.concerns(to.department, to.post, to.region):
            post, region = one.to_post or to.post, one.to_region or to.region
            there = replace(to, post=post, region=region, redirect=one.number)
            return redirected(there, [other for other in redirects if other is not one])
    return to


def assign(
    service: Service,
    task: TaskOpened,
    variables: Mapping[str, Any],
    region: str | None,
    env: feel.Environment,
) -> Assignment:
    """Resolve a task's lane.

    A candidate group `department.post@region` goes before the lane; a lane that the manifest
    does not name falls to the front desk of the case's region.
    """
    if task.candidate_groups:
        return _group(task.candidate_groups[0], region)
    lane = service.lane(task.lane)
    if lane is None:
        return Assignment(FALLBACK_DEPARTMENT, None, region)
    if lane.party is not None:
        return Assignment(party=lane.party)
    return Assignment(lane.department, lane.post, _region(lane.region, variables, env) or region)


def _group(text: str, region: str | None) -> Assignment:
    place, _, own_region = text.partition("@")
    department, _, post = place.partition(".")
    return Assignment(department, post or None, own_region or region)


def _region(text: str | None, variables: Mapping[str, Any], env: feel.Environment) -> str | None:
    if not text:
        return None
    value = feel.compile_attribute(text).evaluate(variables, env)
    return value if isinstance(value, str) and value else None
