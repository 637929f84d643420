"""Migrate the instances of one deployment to another one of the same service.

Every instance moves in a command, an event and a transaction of its own, or stays where it is
with the reasons. A migration that was interrupted is simply run again: what has moved does not
belong to the old deployment any more.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sqlalchemy import Connection

from onething import cases, engine, instances
from onething.db import Pending
from onething.definitions import Definition
from onething.engine import Counterparts, Remark
from onething.errors import InvalidInput, OnethingError
from onething.identity import Actor
from onething.instances import InstanceRow
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.rebuild import MIGRATED, rebuild
from onething.runtime.turn import Turn


@dataclass(frozen=True, slots=True)
class Moving:
    """A migration that was found possible: two deployments and how their ids correspond."""

    host: Host
    actor: Actor
    old: Definition
    new: Definition
    parts: Counterparts
    active: int
    """Instances that are to move."""
    ended: int
    """Instances that have ended and stay with the old deployment."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What migration did, or would do, with one instance."""

    case_no: str
    outcome: Literal["moved", "kept", "cannot"]
    """kept: it ended or was moved while the migration ran."""
    reasons: tuple[Remark, ...] = ()
    """Why it cannot move."""
    notes: tuple[Remark, ...] = ()
    """What is different after the move."""
    places: tuple[tuple[str, str], ...] = ()
    """Where its tokens stand: id of the node before and after."""


def prepare_migration(  # noqa: PLR0913 - the parts of one migration
    host: Host,
    actor: Actor,
    service: str,
    old: int,
    new: int,
    mapping: Mapping[str, str] | None = None,
) -> Moving:
    """Hold a mapping against two deployments and count what is to move; nothing is written.

    Args:
        host: The node.
        actor: An operator.
        service: Code of the service.
        old: Number of the deployment to leave.
        new: Number of the deployment to go on in; may be an earlier one.
        mapping: New id by old id, for the elements whose id differs. An empty text lets go
            the timer or subscription of an event that waits beside an activity.

    Raises:
        NotAllowed: The actor is no operator.
        NotFound: No such deployment.
        InvalidInput: Both numbers are the same, or the mapping names unknown elements.
    """
    require_role(actor, "operator")
    if old == new:
        raise InvalidInput(f"The cases of {service}@{old} are there already")
    with host.database.read() as conn:
        before = host.definitions.get(conn, service, old)
        after = host.definitions.get(conn, service, new)
        active, ended = instances.count_of(conn, service, old)
    parts = Counterparts(before.process, after.process, mapping or {})
    faults = parts.faults()
    if faults:
        raise InvalidInput(f"The mapping does not fit {before.name} and {after.name}", faults)
    return Moving(host, actor, before, after, parts, active, ended)


def preview_migration(moving: Moving) -> Iterator[Outcome]:
    """Yield what would happen to every active instance; nothing is written."""
    for instance_id in _instances(moving):
        with moving.host.database.read() as conn:
            row = instances.get(conn, instance_id)
            try:
                outcome = look_at(moving, conn, row)
            except OnethingError as error:
                outcome = _unreadable(row, error)
        yield outcome


def migrate(moving: Moving, *, at_once: int = 16) -> Iterator[Outcome]:
    """Move every active instance that can; yield what became of each once that is on disk.

    So many as `at_once` are under way together: they share a flush to disk, and the commands of
    others still find their turn between them.
    """
    under_way: deque[tuple[str, Pending[Outcome]]] = deque()
    for instance_id in _instances(moving):
        pending = moving.host.database.submit(partial(move_one, moving, instance_id))
        under_way.append((instance_id, pending))
        if len(under_way) >= at_once:
            yield _settled(moving, *under_way.popleft())
    for one in under_way:
        yield _settled(moving, *one)


def _settled(moving: Moving, instance_id: str, pending: Pending[Outcome]) -> Outcome:
    """Wait for one instance; one that cannot be read holds up no other."""
    try:
        return pending.result()
    except OnethingError as error:
        with moving.host.database.read() as conn:
            return _unreadable(instances.get(conn, instance_id), error)


def _instances(moving: Moving) -> Iterator[str]:
    """Yield the live instances of the old deployment, read in batches."""
    last, host = "", moving.host
    while True:
        with host.database.read() as conn:
            found = instances.of_deployment(
                conn, moving.old.service.code, moving.old.number, after=last
            )
        if not found:
            return
        yield from found
        last = found[-1]


def _has_left(moving: Moving, row: InstanceRow) -> bool:
    return not row.is_live or row.number != moving.old.number


def _unreadable(row: InstanceRow, error: OnethingError) -> Outcome:
    return Outcome(row.case_no, "cannot", (Remark(row.instance_id, error.code, error.message),))


def look_at(moving: Moving, conn: Connection, row: InstanceRow) -> Outcome:
    """Say what migration would do with one instance; nothing is written."""
    if _has_left(moving, row):
        return Outcome(row.case_no, "kept")
    state = rebuild(moving.host, conn, row)
    outside = moving.host.outside_in(row.region)
    context = moving.host.context(max(moving.host.clock(), row.updated_at), outside)
    answer = engine.migrate(moving.parts, state, context)
    return _outcome(conn, moving, row.case_no, row.instance_id, answer)


def move_one(moving: Moving, instance_id: str, conn: Connection) -> Outcome:
    """Migrate one instance in the caller's transaction."""
    turn = Turn.on(moving.host, conn, moving.actor, instance_id)
    if _has_left(moving, turn.row):
        return Outcome(turn.row.case_no, "kept")
    answer = engine.migrate(moving.parts, turn.state, turn.context)
    outcome = _outcome(conn, moving, turn.row.case_no, instance_id, answer)
    if answer.step is None:
        turn.keep()
        return outcome
    turn.go_on_in(moving.new, answer.step.state)
    note = {
        "from": moving.old.number,
        "from_hash": moving.old.package.hash,
        "to": moving.new.number,
        "to_hash": moving.new.package.hash,
        "mapping": moving.parts.mapping,
    }
    turn.append(MIGRATED, step=answer.step, note=note)
    return outcome


def _outcome(
    conn: Connection,
    moving: Moving,
    case_no: str,
    instance_id: str,
    answer: engine.Migration,
) -> Outcome:
    if answer.step is None:
        return Outcome(case_no, "cannot", answer.obstacles)
    notes = (*answer.notes, *_items_missing(conn, moving, instance_id))
    places = tuple((one.was, one.activity) for one in answer.step.moved)
    return Outcome(case_no, "moved", (), notes, places)


def _items_missing(conn: Connection, moving: Moving, instance_id: str) -> Iterator[Remark]:
    """Yield the items that only the new manifest declares: the case was opened without them."""
    before = {item.id for item in moving.old.service.items}
    added = [item for item in moving.new.service.items if item.id not in before]
    held = {row.item_id for row in cases.items(conn, instance_id)} if added else set()
    for item in added:
        if item.id not in held:
            message = f"the case was opened without the item {item.id}; it has no number"
            yield Remark(item.id, "item-missing", message)
