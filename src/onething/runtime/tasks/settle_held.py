"""Let completions take effect that were held back, when their seconds are over."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from onething import tasks
from onething.errors import NotFound, OnethingError
from onething.identity import Actor
from onething.runtime.answers import plain
from onething.runtime.host import Host
from onething.runtime.materials.add_material import prepare, store_with_task, with_files
from onething.runtime.tasks.complete_task import checked, step
from onething.runtime.tasks.held_content import keep_as_draft, read_held, uploads_of
from onething.runtime.turn import Turn
from onething.tasks import HeldRow

SWEEP = 100
_TOLD_FOR = timedelta(days=1)
_log = structlog.get_logger()


def settle_now(host: Host, actor: Actor, task_id: str) -> bool:
    """Let the actor's own completion take effect before its time; tell whether it did."""
    with host.database.read() as conn:
        row = tasks.held_at(conn, task_id)
    return row is not None and row.user == actor.user and _settled(host, row)


def settle_due(host: Host, user: str | None = None) -> int:
    """Let the completions take effect whose seconds are over; return how many did.

    Each is a command of its own. One that is refused becomes a draft again, and its clerk is told.
    """
    with host.database.read() as conn:
        due = tasks.held_until(conn, host.clock(), SWEEP, user)
    return sum(_settled(host, one) for one in due)


def drop_old_refusals(host: Host) -> int:
    """Delete the refusals that nobody read for a day; return how many."""
    before = host.clock() - _TOLD_FOR
    return host.database.write(lambda conn: tasks.drop_refused(conn, before))


def _settled(host: Host, row: HeldRow) -> bool:
    """Let one completion take effect; tell whether it did."""
    try:
        return host.write(_effect(host, row))
    except OnethingError as error:
        _log.warning("completion refused", case=row.instance_id, code=error.code)
        host.write(_refusal(host, row, error.code))
        return False


def _effect(host: Host, row: HeldRow) -> Callable[[Connection], bool]:
    sent = read_held(host, row)
    prepared = prepare(host, uploads_of(host, sent))
    whole = with_files(sent.answers, prepared)
    request = {"task": row.task_id, "answers": plain(whole)}

    def transaction(conn: Connection) -> bool:
        turn, task = Turn.on_task(host, conn, sent.actor, row.task_id)
        if tasks.held_at(conn, row.task_id) != row:
            turn.keep()
            return False  # undone, or another worker was here
        data = checked(turn, task, whole)
        turn.occurred_at = row.pressed_at
        for one in prepared:
            store_with_task(turn, one, task, data)
        step(turn, task, data, row.key, request, pressed_at=row.pressed_at.isoformat())
        return True

    return transaction


def _refusal(host: Host, row: HeldRow, code: str) -> Callable[[Connection], None]:
    def transaction(conn: Connection) -> None:
        if tasks.held_at(conn, row.task_id) != row:
            return
        tasks.refuse_all(conn, [row.task_id], code)
        try:
            task = tasks.get(conn, row.instance_id, row.token)
        except NotFound:
            return
        if task.is_live:
            keep_as_draft(host, conn, row, read_held(host, row))

    return transaction
