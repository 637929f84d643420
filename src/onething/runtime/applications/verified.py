"""Who stands behind an account: verified once, kept sealed, withdrawn at will.

Source: 居民身份证法 art. 13; 个人信息保护法 art. 6, 15 (consent may be withdrawn).
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection

from onething import cases, connectors, forms, identity, sharing
from onething.errors import (
    ConnectorError,
    DepartmentRefused,
    HistoryBroken,
    InvalidInput,
)
from onething.feel.json import canonical
from onething.forms import Surroundings
from onething.identity import Actor, IdentityRow
from onething.runtime.cases.view_case import log_access
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.sharing.count_tries import count_try

VERIFIED_BY = "police.identity.verify"
"""The operation that tells whether name and number belong together."""
PURPOSE = "申请人在本人账号上核验身份"
TRIES_AN_HOUR = 5
"""So often one account may ask: nobody finds out whose number it is by trying."""
_RESIDENT_CARD = "111"
"""GA/T 2000.156: 居民身份证."""
_NAME = re.compile(r"\S(?:.{0,48}\S)?")


@dataclass(frozen=True, slots=True)
class Verified:
    """Who stands behind an account."""

    name: str
    id_no: str
    source: str
    """Who checked it: an operation, or the sign-in of the city."""
    at: datetime

    @property
    def masked(self) -> str:
        """The number with its birthday covered: 370502********123X. Source: report §1.10."""
        return f"{self.id_no[:6]}{'*' * (len(self.id_no) - 10)}{self.id_no[-4:]}"


def find_verified(host: Host, actor: Actor) -> Verified | None:
    """Return who stands behind the actor's own account, or None where nobody has checked it.

    Raises:
        HistoryBroken: It was changed, or moved from another account.
    """
    with host.database.read() as conn:
        row = identity.find_identity(conn, actor.user)
    return None if row is None else _opened(host, row)


def verify_identity(host: Host, actor: Actor, name: str, id_no: str) -> Verified:
    """Ask the police whether name and number belong together, and keep who it is.

    Raises:
        NotAllowed: The actor applies for nothing.
        InvalidInput: Name and number do not belong together; `fields` says what is wrong.
        TooOften: The account has asked too often.
        DepartmentUnavailable: The police cannot be reached.
        AnswerInvalid: They answered something else than agreed.
        Conflict: The number belongs to another account.
    """
    require_role(actor, "applicant")
    name, id_no = name.strip(), "".join(id_no.split()).upper()
    _check(host, name, id_no)
    count_try(host, actor, "identity", TRIES_AN_HOUR)
    if not _belongs(host, actor, name, id_no):
        raise InvalidInput(
            "Name and number do not belong together", {"name": "mismatch", "idNo": "mismatch"}
        )
    return set_verified(host, actor, name, id_no, VERIFIED_BY)


def set_verified(host: Host, actor: Actor, name: str, id_no: str, source: str) -> Verified:
    """Keep who stands behind an account: the one way in, for other identity providers too.

    Args:
        host: The node.
        actor: The account's owner, whose sign-in told it.
        name: As the identity provider spells it.
        id_no: The resident identity number.
        source: Who checked it, such as the name of the provider.

    Raises:
        Conflict: The number belongs to another account.
    """
    found = Verified(name, id_no.upper(), source, host.clock())
    kept = {"of": actor.user, "name": found.name, "idNo": found.id_no}
    row = IdentityRow(
        user=actor.user,
        digest=host.keys.digest(["identity", found.id_no]),
        sealed=host.keys.seal(canonical(kept)),
        source=source,
        verified_at=found.at,
    )

    def keep(conn: Connection) -> None:
        identity.put_identity(conn, actor, row)
        cases.release_principal(conn, actor.user)
        cases.bind_principal(conn, actor.user, row.digest)

    host.write(keep)
    return found


def withdraw_identity(host: Host, actor: Actor) -> bool:
    """Forget who stands behind the own account, and what was asked about them; cases stay.

    Returns whether anything was known.
    """
    now = host.clock()

    def forget(conn: Connection) -> bool:
        sharing.drop_answer(conn, actor.user)
        cases.release_principal(conn, actor.user)
        return identity.drop_identity(conn, actor, actor.user, now)

    return host.write(forget)


def _check(host: Host, name: str, id_no: str) -> None:
    """Refuse before anybody is asked what cannot be a name or a number."""
    fields: dict[str, str] = {}
    if not _NAME.fullmatch(name) or forms.RULES["name"](name, _around(host)).problem:
        fields["name"] = "form"
    if forms.RULES["id_number"](id_no, _around(host)).problem:
        fields["idNo"] = "form"
    if fields:
        raise InvalidInput("No name or no identity number", fields)


def _around(host: Host) -> Surroundings:
    return Surroundings(host.clock().astimezone(host.zone).date(), id_type=_RESIDENT_CARD)


def _belongs(host: Host, actor: Actor, name: str, id_no: str) -> bool:
    """Ask the police; a number that they do not know, or of a dead person, belongs to nobody."""
    way, operation = host.departments, connectors.operations()[VERIFIED_BY]
    log_access(host, actor, None, "identity", ["name", "idNo"], allowed=True, purpose=PURPOSE)
    if way is None:
        raise ConnectorError("This node calls no departments")
    try:
        told = way.call(
            operation, {"name": name, "idNo": id_no}, secrets.token_hex(16), "", PURPOSE
        )
    except DepartmentRefused:
        return False
    return bool(told["matches"] and told["alive"])


def _opened(host: Host, row: IdentityRow) -> Verified:
    kept = orjson.loads(host.keys.open(row.sealed))
    if kept["of"] != row.user:
        raise HistoryBroken("An identity lies at an account that is not its own")
    return Verified(kept["name"], kept["idNo"], row.source, row.verified_at)
