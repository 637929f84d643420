"""Rows of an instance that goes on in another version: they stand at the nodes of that one."""

from sqlalchemy import Connection

from onething import incidents, jobs, messages, tasks
from onething.engine import Moved, Step
from onething.runtime.sealing import CaseSeal


def relocate(conn: Connection, seal: CaseSeal, instance_id: str, step: Step) -> None:
    """Move tasks, incidents, jobs, timers and subscriptions; ids, holders and dates stay."""
    at_tasks = [_place(one) for one in step.moved if one.waits_for == "task"]
    tasks.move_all(conn, instance_id, at_tasks)
    renamed = {one.token: one.activity for one in step.moved if one.is_renamed}
    incidents.move_all(conn, instance_id, renamed)
    for one in step.moved:
        if one.waits_for == "job" and one.is_renamed:
            _readdress(conn, seal, instance_id, one)
    jobs.move_timers(conn, instance_id, step.waits_moved)
    messages.move_all(conn, instance_id, step.waits_moved)


def _place(moved: Moved) -> dict[str, str | None]:
    return {
        "token": moved.token,
        "activity": moved.activity,
        "process": moved.process,
        "name": moved.name,
        "form": moved.form,
    }


def _readdress(conn: Connection, seal: CaseSeal, instance_id: str, moved: Moved) -> None:
    """Let a job's later incidents and events name the new activity."""
    row = jobs.at_token(conn, instance_id, moved.token)
    if row is not None:
        payload = seal.open(row.payload) | {"activity": moved.activity, "name": moved.name}
        jobs.readdress(conn, row, seal.close(payload))
