"""Batches: choose cases once, try a command on each, then perform it line by line.

The lines are frozen when the batch is made. The worker looks at each (the dry run), and when an
operator has started the batch with a reason, performs each in one transaction together with the
line's note: after a kill nothing is done twice and nothing is left out.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from onething import batches, cases, identity, incidents, instances
from onething.batches import BatchRow, Counts, LineRow
from onething.errors import (
    Conflict,
    InvalidInput,
    KeyReused,
    NotAllowed,
    OnethingError,
    OutcomeUnknown,
)
from onething.identity import SYSTEM, SYSTEM_USER, Actor
from onething.incidents import IncidentRow
from onething.instances import InstanceRow
from onething.runtime.host import Host
from onething.runtime.incidents.resolve_incident import retrying
from onething.runtime.incidents.view_causes import IncidentFilter, every_incident
from onething.runtime.operating.migrate import Moving, Outcome, look_at, move_one, prepare_migration
from onething.runtime.operating.suspend import cancelling, require_reason, resuming, suspending
from onething.runtime.operating.view_instances import Search, every_instance
from onething.runtime.permissions import require_role
from onething.runtime.turn import require_key

READERS = ("operator", "auditor")
MOST_LINES = 100_000
_PORTION = 20
_ID_BYTES = 6
_VERBS = {"suspend": suspending, "resume": resuming, "cancel": cancelling}
_UNDO = {"suspend": "resume", "resume": "suspend"}
_log = structlog.get_logger()
Target = tuple[str, str, str]
"""Instance, case number, and the incident of a retry or an empty text."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came, or would come, of one line."""

    state: str
    code: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch and how far it is."""

    row: BatchRow
    counts: Counts

    @property
    def can_be_undone(self) -> bool:
        """Whether what was done can be taken back by another batch."""
        has_ended = self.row.state in ("ended", "cancelled")
        return has_ended and self.row.kind in _UNDO and self.counts.done > 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a batch is to do, and under which idempotency key it was asked for."""

    kind: str
    criteria: dict[str, Any]
    options: dict[str, Any]
    undo_of: str | None = None
    key: str | None = None

    def batch_id(self, actor: Actor) -> str:
        """Return the batch's id: with a key the same for every request of the caller."""
        if self.key is None:
            return secrets.token_hex(_ID_BYTES)
        return sha256(f"{actor.user}\n{self.key}".encode()).hexdigest()[: 2 * _ID_BYTES]

    def made(self, row: BatchRow, actor: Actor) -> bool:
        """Whether a batch was made by this actor for the same."""
        mine = (actor.user, self.kind, self.criteria, self.options, self.undo_of)
        return mine == (row.created_by, row.kind, row.criteria, row.options, row.undo_of)


def create_batch(  # noqa: PLR0913 - the parts of one batch
    host: Host,
    actor: Actor,
    kind: str,
    *,
    wanted: Search | IncidentFilter | None = None,
    chosen: Sequence[str] | None = None,
    options: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> str:
    """Choose the cases of a batch; the worker begins its dry run. Return the batch's id.

    Args:
        host: The node.
        actor: An operator.
        kind: One of `batches.KINDS`.
        wanted: A search for instances; for a retry a filter of incidents.
        chosen: Case numbers instead; for a retry ids of incidents.
        options: For a migration `service`, `from`, `to` and `mapping`.
        key: Idempotency key: a repeated request is answered with the first one's batch.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: A chosen case or incident does not exist.
        InvalidInput: Nothing or too much is chosen, or the options do not fit.
        KeyReused: The key was used with another request.
    """
    require_role(actor, "operator")
    if kind not in batches.KINDS:
        raise InvalidInput(f"A batch is one of {', '.join(batches.KINDS)}")
    kept = dict(options or {})
    criteria = wanted.told() if wanted is not None else {"chosen": len(set(chosen or ()))}
    plan = _Plan(kind, criteria, kept, key=key)
    if (earlier := _made_before(host, actor, plan, chosen)) is not None:
        return earlier
    if kind == "migrate":
        _moving(host, actor, kept)
    with host.database.read() as conn:
        found = list(_targets(conn, kind, wanted, chosen))
    return _add(host, actor, plan, found)


def undo_batch(host: Host, actor: Actor, batch_id: str, *, key: str | None = None) -> str:
    """Make the batch that takes back what an ended one did; return its id.

    Args:
        host: The node.
        actor: An operator.
        batch_id: The batch to take back.
        key: Idempotency key: a repeated request is answered with the first one's batch.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such batch.
        Conflict: It runs, or what it did cannot be taken back.
        KeyReused: The key was used with another request.
    """
    require_role(actor, "operator")
    with host.database.read() as conn:
        view = BatchView(batches.get(conn, batch_id), batches.counts(conn, batch_id))
        if not view.can_be_undone:
            raise Conflict(f"The batch {batch_id} cannot be taken back")
        done = [one for one in batches.every_line(conn, batch_id) if one.state == "done"]
    found = [(one.instance_id, one.case_no, "") for one in done]
    plan = _Plan(_UNDO[view.row.kind], {"chosen": len(found)}, {}, batch_id, key)
    return _made_before(host, actor, plan, None) or _add(host, actor, plan, found)


def start_batch(
    host: Host, actor: Actor, batch_id: str, reason: str, *, key: str | None = None
) -> None:
    """Let the worker perform a batch whose dry run is over.

    A batch is started once: with an idempotency key, the same person's request for the same
    reason is answered as the first one.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such batch.
        InvalidInput: No reason is given, or it is too long.
        Conflict: It is not ready, or was started by somebody else or for another reason.
    """
    require_role(actor, "operator")
    require_reason(reason)
    require_key(key)

    def transaction(conn: Connection) -> None:
        batches.get(conn, batch_id)
        if not batches.start(conn, batch_id, actor.user, reason, host.clock()):
            row = batches.get(conn, batch_id)
            if key is None or (row.started_by, row.reason) != (actor.user, reason):
                raise Conflict(f"The batch {batch_id} is not ready to start")

    host.write(transaction)


def cancel_batch(host: Host, actor: Actor, batch_id: str, *, key: str | None = None) -> None:
    """Stop a batch: what is done stays done, the other lines are left alone.

    With an idempotency key, one that is stopped already is answered as stopped.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such batch.
        Conflict: It has ended.
    """
    require_role(actor, "operator")
    require_key(key)

    def transaction(conn: Connection) -> None:
        row = batches.get(conn, batch_id)
        if key is not None and row.state == "cancelled":
            return
        states = ("looking", "ready", "running")
        if not batches.set_state(conn, batch_id, states, "cancelled", host.clock()):
            raise Conflict(f"The batch {batch_id} has ended")

    host.write(transaction)


def list_batches(
    host: Host, actor: Actor, *, before: str | None = None, limit: int = 50
) -> list[BatchRow]:
    """Return batches, newest first; raise NotAllowed for all but operators and auditors."""
    require_role(actor, *READERS)
    with host.database.read() as conn:
        return batches.listing(conn, limit, before)


def view_batch(host: Host, actor: Actor, batch_id: str) -> BatchView:
    """Return a batch and how far it is; raise NotFound when there is none.

    Raises:
        NotAllowed: The actor is neither operator nor auditor.
    """
    require_role(actor, *READERS)
    with host.database.read() as conn:
        return BatchView(batches.get(conn, batch_id), batches.counts(conn, batch_id))


def batch_lines(  # noqa: PLR0913 - a page of one list
    host: Host,
    actor: Actor,
    batch_id: str,
    *,
    state: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[LineRow]:
    """Return lines of a batch in order; raise NotAllowed for all but operators and auditors."""
    require_role(actor, *READERS)
    with host.database.read() as conn:
        return batches.lines(conn, batch_id, state=state, after=after, limit=limit)


def advance_batches(host: Host, limit: int = _PORTION) -> int:
    """Look at, or perform, some lines of every open batch; return how many."""
    with host.database.read() as conn:
        found = batches.open_batches(conn)
    return sum(_advance(host, row, limit) for row in found)


def _advance(host: Host, row: BatchRow, limit: int) -> int:
    try:
        work = _Work.of(host, row)
    except OnethingError as error:
        told = f"{error.code}: {error.message}"
        _log.warning("batch stopped", batch=row.batch_id, error=told)
        now = host.clock()
        host.write(
            lambda conn: batches.set_state(conn, row.batch_id, (row.state,), "cancelled", now)
        )
        return 0
    for count in range(limit):
        if not _one(work):
            host.write(lambda conn: batches.finish(conn, row, host.clock()))
            return count
    return limit


def _one(work: "_Work") -> bool:
    """Settle the next line; one that fails is noted and holds up no other."""
    taken: list[LineRow] = []

    def transaction(conn: Connection) -> bool:
        taken.clear()
        line = batches.take(conn, work.row)
        if line is None:
            return False
        taken.append(line)
        _note(conn, work.host, line, work.settle(conn, line))
        return True

    try:
        return work.host.write(transaction)
    except OnethingError as error:
        verdict = Verdict(work.fault, error.code, error.message)
    except (SQLAlchemyError, TimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, a person must look at it
        _log.exception("batch line failed", batch=work.row.batch_id)
        verdict = Verdict(work.fault, "failed", type(error).__name__)
    work.host.write(lambda conn: _note(conn, work.host, taken[0], verdict))
    return True


def _note(conn: Connection, host: Host, line: LineRow, verdict: Verdict) -> None:
    batches.note_line(conn, line, verdict.state, verdict.code, verdict.note, host.clock())


@dataclass(frozen=True, slots=True)
class _Work:
    """One batch in the hands of a worker."""

    host: Host
    row: BatchRow
    actor: Actor
    moving: Moving | None

    @classmethod
    def of(cls, host: Host, row: BatchRow) -> "_Work":
        """Prepare a batch for whoever made or started it; they must still be operators."""
        actor = _operator(host, row.started_by or row.created_by)
        moving = _moving(host, actor, row.options) if row.kind == "migrate" else None
        return cls(host, row, actor, moving)

    @property
    def fault(self) -> str:
        """The state of a line for which an error was raised."""
        return "refused" if self.row.state == "looking" else "failed"

    def settle(self, conn: Connection, line: LineRow) -> Verdict:
        """Look at a line or perform it."""
        if self.row.state == "looking":
            return self._look(conn, line)
        return self._perform(conn, line)

    def _look(self, conn: Connection, line: LineRow) -> Verdict:
        row = instances.get(conn, line.instance_id)
        if self.moving is not None:
            return _moved(look_at(self.moving, conn, row), "waiting", "refused")
        if not row.is_live:
            return Verdict("refused", "ended")
        if self.row.kind == "retry":
            return _retried(row, incidents.get(conn, line.target))
        if self.row.kind == "resume" and not row.is_suspended:
            return Verdict("refused", "not-suspended")
        if self.row.kind == "suspend" and row.is_suspended:
            return Verdict("refused", "instance-suspended")
        return Verdict("waiting")

    def _perform(self, conn: Connection, line: LineRow) -> Verdict:
        if self.moving is not None:
            return _moved(move_one(self.moving, line.instance_id, conn), "done", "failed")
        reason, key = self.row.reason or "", f"batch {line.batch_id} {line.number}"
        if self.row.kind == "retry":
            retrying(self.host, self.actor, line.target, reason=reason, key=key)(conn)
        else:
            verb = _VERBS[self.row.kind]
            verb(self.host, self.actor, line.case_no, reason, key)(conn)
        return Verdict("done")


def _retried(row: InstanceRow, found: IncidentRow) -> Verdict:
    if found.state != "open":
        return Verdict("refused", "already-done")
    if found.code == OutcomeUnknown.code:
        return Verdict("refused", found.code)
    if row.is_suspended:
        return Verdict("refused", "instance-suspended")
    return Verdict("waiting")


def _moved(outcome: Outcome, good: str, bad: str) -> Verdict:
    told = outcome.reasons or outcome.notes
    note = "; ".join(f"{one.element}: {one.message} [{one.rule}]" for one in told) or None
    if outcome.outcome == "moved":
        return Verdict(good, None, note)
    return Verdict(bad, "kept" if outcome.outcome == "kept" else "cannot-move", note)


def _operator(host: Host, user: str) -> Actor:
    """Return a person at the post that makes them an operator.

    Raises:
        NotFound: The account is gone.
        NotAllowed: It is no operator's any more.
    """
    if user == SYSTEM_USER:
        return SYSTEM
    with host.database.read() as conn:
        for post in identity.get_person(conn, user).posts:
            if "operator" in post.roles:
                return identity.actor(conn, user, post.post_id)
    raise NotAllowed(f"{user} is no operator any more")


def _moving(host: Host, actor: Actor, options: Mapping[str, Any]) -> Moving:
    try:
        service, old, new = options["service"], int(options["from"]), int(options["to"])
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("A migration names a service and two deployments") from error
    return prepare_migration(host, actor, service, old, new, options.get("mapping") or {})


def _targets(
    conn: Connection,
    kind: str,
    wanted: Search | IncidentFilter | None,
    chosen: Sequence[str] | None,
) -> Iterable[Target]:
    if isinstance(wanted, IncidentFilter):
        return every_incident(conn, wanted, MOST_LINES + 1)
    if wanted is not None:
        found = every_instance(conn, wanted, MOST_LINES + 1)
        return ((instance_id, case_no, "") for instance_id, case_no in found)
    return _chosen(conn, kind, chosen or ())


def _chosen(conn: Connection, kind: str, chosen: Sequence[str]) -> Iterator[Target]:
    for name in dict.fromkeys(chosen):
        if kind == "retry":
            one = incidents.get(conn, name)
            yield one.instance_id, one.case_no, name
        else:
            yield cases.get(conn, name).instance_id, name, ""


def _add(host: Host, actor: Actor, plan: _Plan, found: Sequence[Target]) -> str:
    if not found:
        raise InvalidInput("No case is chosen")
    if len(found) > MOST_LINES:
        raise InvalidInput(f"A batch has at most {MOST_LINES} cases: narrow the search")
    if plan.kind == "retry" and not all(target for _, _, target in found):
        raise InvalidInput("A retry chooses incidents")
    row = BatchRow(
        batch_id=plan.batch_id(actor),
        kind=plan.kind,
        state="looking",
        total=len(found),
        criteria=plan.criteria,
        options=plan.options,
        undo_of=plan.undo_of,
        created_by=actor.user,
        created_at=host.clock(),
    )
    lines = [LineRow(row.batch_id, at, *one) for at, one in enumerate(found, start=1)]

    def transaction(conn: Connection) -> None:
        earlier = batches.find(conn, row.batch_id)
        if earlier is None:
            batches.add(conn, row, lines)
        elif not plan.made(earlier, actor):
            raise KeyReused

    host.write(transaction)
    return row.batch_id


def _made_before(host: Host, actor: Actor, plan: _Plan, chosen: Sequence[str] | None) -> str | None:
    """Return the batch that this request made before; raise KeyReused for another request's."""
    require_key(plan.key)
    if plan.key is None:
        return None
    with host.database.read() as conn:
        earlier = batches.find(conn, plan.batch_id(actor))
        if earlier is None:
            return None
        lines = batches.every_line(conn, earlier.batch_id) if chosen else ()
        named = {one.target or one.case_no for one in lines}
    if not plan.made(earlier, actor) or named != set(chosen or ()):
        raise KeyReused
    return earlier.batch_id
