"""Who completed the work on items, and when a result was handed over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, select

from onething.tasks.filters import Filter, filtered
from onething.tasks.models import task

DELIVERY = "shared-deliver"
"""The process that hands a result over."""


def last_workers(
    conn: Connection, instance_ids: Sequence[str], department: str
) -> dict[tuple[str, str | None], str]:
    """Return who completed a department's last task, by instance and item."""
    query = (
        select(task.c.instance_id, task.c.item, task.c.assignee)
        .where(task.c.instance_id.in_(instance_ids), task.c.department == department)
        .where(task.c.state == "completed", task.c.assignee.is_not(None))
        .order_by(task.c.closed_at, task.c.token)
    )
    return {(instance, item): who for instance, item, who in conn.execute(query)}


def delivered_at(conn: Connection, instance_ids: Sequence[str]) -> dict[str, datetime]:
    """Return when the results of instances were last handed over."""
    query = (
        select(task.c.instance_id, task.c.closed_at)
        .where(task.c.instance_id.in_(instance_ids), task.c.process == DELIVERY)
        .where(task.c.state == "completed")
        .order_by(task.c.closed_at)
    )
    return {instance: at for instance, at in conn.execute(query)}  # noqa: C416 - rows are no pairs


def delivered_between(since: datetime, until: datetime) -> Select[tuple[str]]:
    """Return the query for the instances whose result was handed over in a time."""
    return select(task.c.instance_id).where(
        task.c.process == DELIVERY,
        task.c.state == "completed",
        task.c.closed_at >= since,
        task.c.closed_at < until,
    )


def at_no_item(wanted: Filter) -> Select[tuple[str]]:
    """Return the query for the instances that have a task the filter finds, for all their items."""
    return filtered(select(task.c.instance_id), wanted).where(task.c.item.is_(None))
