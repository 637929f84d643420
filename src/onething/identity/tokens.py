"""Bearer tokens of the API: shown once, kept as a hash."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update

from onething.db import Database
from onething.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn
from onething.identity.actor import Actor
from onething.identity.models import identity_change, person, post, token
from onething.identity.people import actor_of, get_person

PREFIX = "ot_"
"""Every token begins with it, so that scanners find one that leaked."""
_TOKEN = re.compile(r"ot_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_ID_BYTES = 6
_SECRET_BYTES = 32

_FIND: Select[Any] = (
    select(
        token.c.hash,
        token.c.expires_at,
        token.c.revoked_at,
        person.c.is_disabled,
        person.c.user,
        person.c.name,
        post.c.roles,
        post.c.department,
        post.c.post,
        post.c.region,
    )
    .join_from(token, person)
    .join(post, post.c.post_id == token.c.post_id)
    .where(token.c.token_id == bindparam("id"))
)


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token: everything but its secret."""

    token_id: str
    user: str
    post_id: int
    name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def issue_token(  # noqa: PLR0913 - the columns of one row and who writes it
    database: Database,
    by: Actor,
    now: datetime,
    *,
    user: str,
    name: str,
    days: int,
    post_id: int | None = None,
) -> str:
    """Return a new token that acts as a person at one post, the first when none is named.

    Raises:
        NotAllowed: The actor is neither that person nor an administrator.
        NotFound: No such account.
        InvalidInput: The person does not hold the post, or the token would live too short.
    """
    _require(by, user)
    if days < 1:
        raise InvalidInput("A token lives for at least a day", {"days": "At least 1"})
    token_id = secrets.token_hex(_ID_BYTES)
    secret = secrets.token_urlsafe(_SECRET_BYTES)

    def command(conn: Connection) -> None:
        held = [one.post_id for one in get_person(conn, user).posts]
        chosen = post_id if post_id is not None else next(iter(held), None)
        if chosen not in held:
            raise InvalidInput(f"{user} has no such post", {"post": "No such post"})
        row = {
            "token_id": token_id,
            "user": user,
            "post_id": chosen,
            "name": name,
            "hash": _hash(secret),
            "created_at": now,
            "expires_at": now + timedelta(days=days),
            "revoked_at": None,
        }
        conn.execute(insert(token), row)
        _note(conn, by, now, "TokenIssued", user, token_id)

    database.write(command)
    return f"{PREFIX}{token_id}_{secret}"


def revoke_token(database: Database, by: Actor, now: datetime, token_id: str) -> None:
    """End a token.

    Raises:
        NotFound: No such token.
        NotAllowed: The actor is neither its owner nor an administrator.
    """

    def command(conn: Connection) -> None:
        row = conn.execute(select(token.c.user).where(token.c.token_id == token_id)).first()
        if row is None:
            raise NotFound(f"No token {token_id}")
        _require(by, row.user)
        ended = update(token).where(token.c.token_id == token_id, token.c.revoked_at.is_(None))
        conn.execute(ended.values(revoked_at=now))
        _note(conn, by, now, "TokenRevoked", row.user, token_id)

    database.write(command)


def tokens_of(conn: Connection, user: str) -> list[Token]:
    """Return a person's tokens, newest first."""
    columns = [token.c[name] for name in Token.__slots__]
    query = select(*columns).where(token.c.user == user).order_by(token.c.created_at.desc())
    return [Token(*row) for row in conn.execute(query)]


def by_token(database: Database, text: str, now: datetime) -> Actor:
    """Return who acts with a token.

    Raises:
        NotSignedIn: The token is unknown, expired or revoked, or its owner's account closed.
    """
    parts = _TOKEN.fullmatch(text)
    if parts is None:
        raise NotSignedIn("This is no token")
    with database.read() as conn:
        row = conn.execute(_FIND, {"id": parts[1]}).first()
    if row is None or not hmac.compare_digest(row.hash, _hash(parts[2])):
        raise NotSignedIn("The token is unknown")
    if row.revoked_at is not None or now >= row.expires_at or row.is_disabled:
        raise NotSignedIn("The token is no longer valid")
    return replace(actor_of(row), token=parts[1])


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _require(by: Actor, user: str) -> None:
    if not by.is_system and by.user != user and "administrator" not in by.roles:
        raise NotAllowed("A token is issued to oneself, or by an administrator")


def _note(  # noqa: PLR0913 - the columns of one row
    conn: Connection, by: Actor, now: datetime, kind: str, user: str, token_id: str
) -> None:
    row = {"at": now, "actor": by.user, "kind": kind, "subject": user}
    conn.execute(insert(identity_change), {**row, "detail": {"token_id": token_id}})
