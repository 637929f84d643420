"""Complete a task so that its clerk may undo it for some seconds; undo it; let it take effect.

A completion that is held back is stored and changes nothing of its case: it becomes an event when
its seconds are over, by the worker or by its clerk's next page, or at once by the clerk's wish.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from onething import drafts, jobs, materials, tasks
from onething.drafts import subject_of
from onething.errors import AlreadyDone, Conflict
from onething.forms import Posted
from onething.identity import Actor
from onething.runtime.answers import plain
from onething.runtime.appointments.case_booking import slot_field
from onething.runtime.host import Host
from onething.runtime.materials.add_material import Upload, prepare, with_files
from onething.runtime.tasks.complete_task import checked, complete
from onething.runtime.tasks.held_content import Sent, keep_as_draft, read_held, seal_held
from onething.runtime.turn import Receipt, Turn, require_key
from onething.tasks import HeldRow, TaskRow

AT_ONCE = "none"
"""Value of a task's property `undo`: its completion is never held back."""
_FILES_KEPT = timedelta(days=30)
"""So long the files of a held completion lie in the store, should no worker let it take effect."""


def hold_completion(  # noqa: PLR0913 - the parts of one completion
    host: Host,
    actor: Actor,
    task_id: str,
    answers: Posted,
    *,
    uploads: Sequence[Upload] = (),
    key: str | None = None,
) -> Receipt | HeldRow:
    """Complete a task: held back where it may be undone, else at once.

    A task that nobody holds is claimed. Takes and raises what `complete` does.
    """
    if host.settings.undo_seconds == 0:
        return complete(host, actor, task_id, answers, uploads=uploads, key=key)
    require_key(key)
    key = key or secrets.token_hex(16)
    prepared = prepare(host, uploads)
    whole = with_files(answers, prepared)
    request = {"task": task_id, "answers": plain(whole)}

    def transaction(conn: Connection) -> Receipt | HeldRow | None:
        turn, task = Turn.on_task(host, conn, actor, task_id)
        earlier = None if task.is_live else turn.repeated(key, request)
        if earlier is not None:
            return earlier
        row = _row(turn, task, key, request, seal_held(host, actor, task, answers, prepared))
        held = _held(conn, row)
        if held is not None:
            return held
        checked(turn, task, whole)
        if not may_undo(turn, task, row.due_at):
            turn.keep()
            return None
        materials.keep_until(conn, [one.file.sha256 for one in prepared], turn.now + _FILES_KEPT)
        return _hold(turn, task, row)

    held = host.write(transaction)
    if held is not None:
        return held
    return complete(host, actor, task_id, answers, uploads=uploads, key=key)


def undo_completion(host: Host, actor: Actor, task_id: str) -> Sent:
    """Take back a completion that has not taken effect; what was typed is a draft again.

    Raises:
        NotFound: No such task for this person.
        AlreadyDone: It has taken effect, or is not this person's.
    """

    def transaction(conn: Connection) -> Sent:
        turn, task = Turn.on_task(host, conn, actor, task_id)
        turn.keep()
        row = tasks.held_at(conn, task.id)
        if row is None or row.refusal is not None or row.user != actor.user:
            raise AlreadyDone("This completion can no longer be undone")
        tasks.release(conn, task.id)
        sent = read_held(host, row)
        keep_as_draft(host, conn, row, sent)
        return sent

    return host.write(transaction)


def held_completions(host: Host, actor: Actor) -> list[HeldRow]:
    """Return the actor's completions that wait to take effect or were refused."""
    with host.database.read() as conn:
        return tasks.held_by(conn, actor.user)


def dismiss_refusal(host: Host, actor: Actor, task_id: str) -> None:
    """Forget the actor's completion that was refused: its clerk has read it."""

    def transaction(conn: Connection) -> None:
        row = tasks.held_at(conn, task_id)
        if row is not None and row.refusal is not None and row.user == actor.user:
            tasks.release(conn, task_id)

    host.write(transaction)


def may_undo(turn: Turn, task: TaskRow, until: datetime) -> bool:
    """Whether a completion may wait until an instant.

    Not where its diagram says no, and not where waiting would change what the law makes of it: a
    limit or a timer of the case ends meanwhile, or the legal day does. Nor where a time is booked:
    somebody else could take it.
    """
    if task.properties.get("undo") == AT_ONCE or _books(turn, task):
        return False
    if task.due_at is not None and turn.now < task.due_at <= until:
        return False
    zone = turn.host.zone
    if turn.now.astimezone(zone).date() != until.astimezone(zone).date():
        return False
    return all(one.due_at > until for one in jobs.timers_of(turn.conn, task.instance_id))


def _books(turn: Turn, task: TaskRow) -> bool:
    form = turn.definition.form(task.form) if task.form else None
    return form is not None and slot_field(form, turn.definition) is not None


def _held(conn: Connection, row: HeldRow) -> HeldRow | None:
    """Return the same completion that was sent before, or None where none is held back."""
    held = tasks.held_at(conn, row.task_id)
    if held is None or held.refusal is not None:
        return None
    if (held.user, held.key, held.request) != (row.user, row.key, row.request):
        raise Conflict("This task is being completed")
    return held


def _hold(turn: Turn, task: TaskRow, row: HeldRow) -> HeldRow:
    tasks.hold(turn.conn, row)
    drafts.drop_of(turn.conn, [subject_of(task.id)])
    if task.assignee is None:
        tasks.assign(turn.conn, task, turn.actor.user, held_for=turn.actor.on_behalf_of)
        turn.append("TaskClaimed", note={"token": task.token})
    else:
        turn.keep()
    return row


def _row(turn: Turn, task: TaskRow, key: str, request: dict[str, Any], sealed: bytes) -> HeldRow:
    return HeldRow(
        instance_id=task.instance_id,
        token=task.token,
        user=turn.actor.user,
        key=key,
        request=turn.host.keys.digest(request),
        sealed=sealed,
        pressed_at=turn.now,
        due_at=turn.now + timedelta(seconds=turn.host.settings.undo_seconds),
    )
