"""Sign in with account name and password; lock out who guesses."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from onething.db import Database
from onething.errors import LockedOut, NotSignedIn
from onething.identity import passwords
from onething.identity.models import person, sign_in_attempt
from onething.identity.people import Person, find_person
from onething.settings import Settings

_LONGEST_NAME = 64


def sign_in(  # noqa: PLR0913 - who, with what, from where and when
    database: Database,
    user: str,
    password: str,
    now: datetime,
    settings: Settings,
    address: str = "",
) -> Person:
    """Return the account whose name and password these are, and note the attempt.

    A name that nobody has is locked like any other, and takes as long: neither tells whether
    the account exists.

    Raises:
        NotSignedIn: Name or password is wrong, or the account is closed.
        LockedOut: Too many wrong passwords in a row; `until` says until when.
    """
    user = user.strip().lower()[:_LONGEST_NAME]
    with database.read() as conn:
        until = locked_until(conn, user, settings)
        found = find_person(conn, user)
        password_hash = _password_hash(conn, user)
    if until is not None and now < until:
        raise LockedOut(until)
    is_success = passwords.matches(password_hash, password)
    is_success = is_success and found is not None and not found.is_disabled
    row = {"user": user, "at": now, "address": address, "is_success": is_success}
    database.write(lambda conn: conn.execute(insert(sign_in_attempt), row))
    if not is_success or found is None:
        raise NotSignedIn("Account name or password is wrong")
    return found


def locked_until(conn: Connection, user: str, settings: Settings) -> datetime | None:
    """Return until when a name is locked, or None; the instant may have passed."""
    query = (
        select(sign_in_attempt.c.at, sign_in_attempt.c.is_success)
        .where(sign_in_attempt.c.user == user)
        .order_by(sign_in_attempt.c.number.desc())
        .limit(settings.lockout_failures)
    )
    rows = conn.execute(query).all()
    if len(rows) < settings.lockout_failures or any(row.is_success for row in rows):
        return None
    newest: datetime = rows[0].at
    oldest: datetime = rows[-1].at
    window = timedelta(minutes=settings.lockout_minutes)
    # Failures spread over days are a person's, not a guesser's.
    return newest + window if newest - oldest <= window else None


def _password_hash(conn: Connection, user: str) -> str | None:
    row = conn.execute(select(person.c.password_hash).where(person.c.user == user)).first()
    return None if row is None else row.password_hash
