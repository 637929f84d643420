"""What the queue finds a case by: keyed digests of the fields that its clerks may filter by.

Who may see a field is part of the digest. So a clerk finds a case by a field only where the
case's own deployment lets the clerk see it, whatever other deployments say.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection

from onething import engine, instances, tasks
from onething.definitions import Definition
from onething.engine import Step
from onething.errors import OnethingError
from onething.history import Keys
from onething.instances import InstanceRow
from onething.runtime.host import Host
from onething.runtime.rebuild import rebuild

_BITS = 64
_DIGITS = _BITS // 4
_HALF: int = 2 ** (_BITS - 1)
_AT_ONCE = 200
TAILS = (4, 5, 6)
"""So many last characters of a case number find the case without looking at all of them."""


def term(keys: Keys, place: str, among: Iterable[str], value: str) -> int:
    """Return the term of a value: the first 64 bits of its digest, as a signed number.

    Args:
        keys: The site's.
        place: The field's key, service and path.
        among: Who may see the field.
        value: As `comparable` writes it.
    """
    digest = keys.digest(["queue", place, list(among), value])
    return int(digest[:_DIGITS], 16) - _HALF


def tail_term(keys: Keys, tail: str) -> int:
    """Return the term of the last characters of a case number."""
    return term(keys, "number", (), tail)


def terms(
    keys: Keys, definition: Definition, case_no: str, variables: Mapping[str, Any]
) -> set[int]:
    """Return the terms of a case, from its number and its root variables."""
    found = {tail_term(keys, case_no[-length:]) for length in TAILS}
    for field in definition.filters:
        for value in field.values(variables):
            found.add(term(keys, field.key, field.readers, value))
    return found


def concerns(definition: Definition, step: Step) -> bool:
    """Whether a step changed variables that a queue is filtered by."""
    names = {field.path.partition(".")[0] for field in definition.filters}
    return not names.isdisjoint(step.variables)


def keep_terms(  # noqa: PLR0913 - what a case is found by, and when it changes
    conn: Connection,
    keys: Keys,
    definition: Definition,
    row: InstanceRow,
    step: Step,
    *,
    anew: bool,
) -> None:
    """Write the terms that follow from a step: all of a new case, none of one that has ended.

    Args:
        conn: The command's.
        keys: The site's.
        definition: The deployment in which the case stands after the step.
        row: The instance before it.
        step: What the engine answered.
        anew: The case has moved to another deployment.
    """
    is_new = row.sequence == 0
    is_over = step.status != "active"
    if not (is_new or is_over or anew or concerns(definition, step)):
        return
    if not is_new:
        tasks.drop_terms(conn, row.instance_id)
    if not is_over:
        found = terms(keys, definition, row.case_no, engine.variables(step.state))
        tasks.add_terms(conn, row.instance_id, found)


def index_cases(host: Host, told: Callable[[str], None]) -> int:
    """Write the terms of all open cases anew, each in a transaction; return how many.

    Args:
        host: The node.
        told: Is told the case numbers that cannot be read, and why.
    """
    after, count = "", 0
    while True:
        with host.database.read() as conn:
            ids = instances.live_after(conn, after, _AT_ONCE)
        if not ids:
            return count
        for instance_id in ids:
            try:
                host.database.write(partial(_index, host, instance_id))
            except OnethingError as error:
                told(f"{instance_id}: {error.message}")
            else:
                count += 1
        after = ids[-1]


def _index(host: Host, instance_id: str, conn: Connection) -> None:
    row = instances.lock(conn, instance_id)
    tasks.drop_terms(conn, instance_id)
    if row.is_live:
        definition = host.definitions.get(conn, row.service, row.number)
        variables = engine.variables(rebuild(host, conn, row))
        found = terms(host.keys, definition, row.case_no, variables)
        tasks.add_terms(conn, instance_id, found)
