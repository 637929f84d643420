"""A clerk compares an upload with its original: a C becomes a B, which others may use again.

Source: 国办函〔2016〕108号 (B: checked once by a window clerk; C: a clerk must see the original).
"""

from sqlalchemy import Connection

from onething import materials
from onething.errors import Conflict, NotFound
from onething.identity import Actor
from onething.materials import MaterialRow
from onething.runtime.cases.view_case import view_case
from onething.runtime.host import Host
from onething.runtime.permissions import WORKERS, require_role, visible_case
from onething.runtime.turn import Turn, require_key

SEEN, NOT_SEEN = "OriginalSeen", "OriginalNotSeen"


def see_original(
    host: Host, actor: Actor, case_no: str, material_id: str, *, key: str | None = None
) -> MaterialRow:
    """Record that the actor compared a material with its original; seen twice is seen once.

    Raises:
        NotFound: No such case or material for this person.
        NotAllowed: The person does not work on cases.
        Conflict: The case has ended, or the material needs no original.
    """
    return _record(host, actor, case_no, material_id, key, is_seen=True)


def take_back_seen(
    host: Host, actor: Actor, case_no: str, material_id: str, *, key: str | None = None
) -> MaterialRow:
    """Take back a tick that the actor set by mistake.

    Raises:
        NotFound: No such case or material for this person.
        NotAllowed: The person does not work on cases.
        Conflict: The case has ended, or somebody else saw the original.
    """
    return _record(host, actor, case_no, material_id, key, is_seen=False)


def _record(  # noqa: PLR0913 - the parts of one command
    host: Host, actor: Actor, case_no: str, material_id: str, key: str | None, *, is_seen: bool
) -> MaterialRow:
    require_key(key)
    require_role(actor, *WORKERS)
    _require_sight(host, actor, case_no, material_id)
    request = {"case": case_no, "material": material_id, "seen": is_seen}

    def transaction(conn: Connection) -> MaterialRow:
        case = visible_case(actor, conn, case_no)
        turn = Turn.on(host, conn, actor, case.instance_id)
        unseal = turn.seal.open_text
        row = materials.get(conn, case.instance_id, material_id, unseal)
        if turn.repeated(key, request) is None and _is_to_do(turn, row, is_seen=is_seen):
            if is_seen:
                materials.compared(conn, row, actor.user, turn.now)
            else:
                materials.not_compared(conn, row)
            note = {"material": material_id, "trust": "B" if is_seen else "C"}
            turn.append(SEEN if is_seen else NOT_SEEN, note=note, key=key, request=request)
        return materials.get(conn, case.instance_id, material_id, unseal)

    return host.write(transaction)


def _require_sight(host: Host, actor: Actor, case_no: str, material_id: str) -> None:
    view = view_case(host, actor, case_no, f"original seen {material_id}")
    if all(one.id != material_id for one in view.materials):
        raise NotFound(f"No material {material_id}")


def _is_to_do(turn: Turn, row: MaterialRow, *, is_seen: bool) -> bool:
    if is_seen and row.trust == "B":
        return False
    if not is_seen and row.seen_by is None:
        return False
    if not turn.row.is_live:
        raise Conflict(f"The case {turn.row.case_no} has ended")
    if is_seen and row.trust != "C":
        raise Conflict(f"A material of trust {row.trust} needs no original")
    if not is_seen and row.seen_by != turn.actor.user:
        raise Conflict(f"{row.seen_by} saw the original")
    return True
