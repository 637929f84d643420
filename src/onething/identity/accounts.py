"""Change accounts, posts and the organisation.

Accounts and the organisation are the administrator's, roles are the security officer's, and
nobody changes their own: three people must agree before anybody gains power. The product's
own start (SYSTEM) sets the first ones up.

Source: GB/T 22239-2019 8.1.5 (安全管理中心: separate managers).
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from onething.db import Database
from onething.errors import Conflict, InvalidInput, NotAllowed, NotFound
from onething.identity import passwords
from onething.identity.actor import SYSTEM_USER, Actor
from onething.identity.models import department, identity_change, person, post, region, token
from onething.identity.people import Person, find_person, get_person
from onething.identity.roles import Role, checked_roles
from onething.settings import Settings

_USER = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_DIVISION = re.compile(r"\d{6}")


def add_person(  # noqa: PLR0913 - the columns of one row and who writes it
    database: Database,
    by: Actor,
    now: datetime,
    *,
    user: str,
    name: str,
    password: str | None = None,
    password_hash: str | None = None,
    must_change_password: bool = True,
    settings: Settings,
) -> None:
    """Open an account without any post; whoever opens many with one password hashes it once.

    Raises:
        NotAllowed: The actor is no administrator.
        InvalidInput: Account name or password does not fit.
        Conflict: The account name is taken.
    """
    _require(by, "administrator")
    if not _USER.fullmatch(user) or user == SYSTEM_USER:
        message = "An account name has 2 to 40 small letters, digits, dots and dashes"
        raise InvalidInput(message, {"user": message})
    if not name.strip():
        raise InvalidInput("A person has a name", {"name": "A person has a name"})
    if password is not None:
        password_hash = _new_hash(password, user, settings)
    row = {
        "user": user,
        "name": name.strip(),
        "password_hash": password_hash,
        "password_set_at": None if password_hash is None else now,
        "must_change_password": password_hash is not None and must_change_password,
        "is_disabled": False,
        "session_epoch": 1,
        "created_at": now,
    }

    def command(conn: Connection) -> None:
        if find_person(conn, user) is not None:
            raise Conflict(f"The account {user} exists already")
        conn.execute(insert(person), row)
        note_change(conn, by, now, "PersonAdded", user, {"name": row["name"]})

    database.write(command)


def give_post(  # noqa: PLR0913 - the columns of one row and who writes it
    database: Database,
    by: Actor,
    now: datetime,
    *,
    user: str,
    roles: Iterable[str],
    department_code: str | None = None,
    post_name: str | None = None,
    region_code: str | None = None,
) -> int:
    """Give a person a post with its roles; return the post's id, of one that is held already, too.

    Raises:
        NotAllowed: The actor is no security officer, or means themselves.
        NotFound: No such account.
        InvalidInput: No role; no such role, department or region; roles that must be apart.
    """
    _require(by, "security_officer", user)
    wanted = checked_roles(roles)
    if not wanted:
        raise InvalidInput("A post has a role", {"roles": "Choose one"})
    _check_division(region_code)

    def command(conn: Connection) -> int:
        person = get_person(conn, user)
        checked_roles(wanted | person.roles)
        _check_department(conn, department_code)
        place = (department_code, post_name, region_code)
        for one in person.posts:
            if (one.department, one.post, one.region) == place and one.roles == wanted:
                return one.post_id
        row = {
            "user": user,
            "department": department_code,
            "post": post_name,
            "region": region_code,
            "roles": sorted(wanted),
        }
        post_id: int = conn.execute(insert(post).returning(post.c.post_id), row).scalar_one()
        note_change(conn, by, now, "PostGiven", user, {"post_id": post_id, **row})
        return post_id

    return database.write(command)


def take_post(database: Database, by: Actor, now: datetime, post_id: int) -> None:
    """Take a post away, and the tokens that act for it.

    Raises:
        NotAllowed: The actor is no security officer, or means themselves.
        NotFound: No such post.
    """
    _require(by, "security_officer")

    def command(conn: Connection) -> None:
        row = conn.execute(select(post).where(post.c.post_id == post_id)).first()
        if row is None:
            raise NotFound(f"No post {post_id}")
        _require(by, "security_officer", row.user)
        conn.execute(delete(token).where(token.c.post_id == post_id))
        conn.execute(delete(post).where(post.c.post_id == post_id))
        _end_sessions(conn, row.user)
        note_change(conn, by, now, "PostTaken", row.user, {"post_id": post_id})

    database.write(command)


def set_disabled(
    database: Database, by: Actor, now: datetime, user: str, *, is_disabled: bool
) -> None:
    """Close an account to its owner, or open it again; sessions and tokens stop at once.

    Raises:
        NotAllowed: The actor is no administrator, or means themselves.
        NotFound: No such account.
    """
    _require(by, "administrator", user)

    def command(conn: Connection) -> None:
        get_person(conn, user)
        conn.execute(update(person).where(person.c.user == user).values(is_disabled=is_disabled))
        _end_sessions(conn, user)
        note_change(conn, by, now, "PersonDisabled" if is_disabled else "PersonEnabled", user, {})

    database.write(command)


def reset_password(  # noqa: PLR0913 - one row and who writes it
    database: Database, by: Actor, now: datetime, user: str, password: str, settings: Settings
) -> None:
    """Give a person a new password, to be changed at the next sign-in.

    Raises:
        NotAllowed: The actor is no administrator, or means themselves.
        NotFound: No such account.
        InvalidInput: The password is too easy to guess.
    """
    _require(by, "administrator", user)
    new_hash = _new_hash(password, user, settings)
    database.write(
        lambda conn: _set_password(conn, by, now, user, new_hash, must_change_password=True)
    )


def change_password(  # noqa: PLR0913 - one row and who writes it
    database: Database, actor: Actor, now: datetime, old: str, new: str, settings: Settings
) -> Person:
    """Change the own password; other sessions end. Return the account with its new epoch.

    Raises:
        NotFound: No such account.
        InvalidInput: The old password is wrong, or the new one too easy to guess or the same.
    """
    with database.read() as conn:
        query = select(person.c.password_hash).where(person.c.user == actor.user)
        row = conn.execute(query).first()
    if row is None:
        raise NotFound(f"No account {actor.user}")
    if not passwords.matches(row.password_hash, old):
        raise InvalidInput("This is not your password", {"old": "This is not your password"})
    if old == new:
        message = "The new password is the old one"
        raise InvalidInput(message, {"password": message})
    new_hash = _new_hash(new, actor.user, settings)

    def command(conn: Connection) -> Person:
        _set_password(conn, actor, now, actor.user, new_hash, must_change_password=False)
        return get_person(conn, actor.user)

    return database.write(command)


def put_department(  # noqa: PLR0913 - a department's columns
    database: Database, by: Actor, now: datetime, *, code: str, name: str, name_en: str = ""
) -> None:
    """Add a department or change its names; what is so already is not written.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    _require(by, "administrator")
    row = {"name": name, "name_en": name_en}
    database.write(lambda conn: _put(conn, department, code, row, by, now))


def put_region(database: Database, by: Actor, now: datetime, *, code: str, name: str) -> None:
    """Add a region or change its name; what is so already is not written.

    Raises:
        NotAllowed: The actor is no administrator.
        InvalidInput: The code has not six digits.
    """
    _require(by, "administrator")
    _check_division(code)
    database.write(lambda conn: _put(conn, region, code, {"name": name}, by, now))


def _put(  # noqa: PLR0913 - a row and who writes it
    conn: Connection, table: Table, code: str, row: dict[str, str], by: Actor, now: datetime
) -> None:
    found = conn.execute(select(table).where(table.c.code == code)).mappings().first()
    if found is None:
        conn.execute(insert(table), {"code": code, **row})
    elif {**found, **row} != {**found}:
        conn.execute(update(table).where(table.c.code == code).values(**row))
    else:
        return
    note_change(conn, by, now, f"{table.name.capitalize()}Put", code, row)


def _require(by: Actor, role: Role, user: str | None = None) -> None:
    if by.is_system:
        return
    if role not in by.roles:
        raise NotAllowed(f"This needs the role {role}")
    if by.user == user:
        raise NotAllowed("Nobody changes the own account this way")


def _check_department(conn: Connection, code: str | None) -> None:
    if code is None:
        return
    if conn.execute(select(department.c.code).where(department.c.code == code)).first() is None:
        message = f"No such department: {code}"
        raise InvalidInput(message, {"department": message})


def _check_division(code: str | None) -> None:
    if code is not None and not _DIVISION.fullmatch(code):
        message = f"A division code has six digits: {code}"
        raise InvalidInput(message, {"region": message})


def _new_hash(password: str, user: str, settings: Settings) -> str:
    passwords.check(password, user, settings.password_length)
    return passwords.hashed(password)


def _set_password(  # noqa: PLR0913 - a row and who writes it
    conn: Connection,
    by: Actor,
    now: datetime,
    user: str,
    new_hash: str,
    *,
    must_change_password: bool,
) -> None:
    get_person(conn, user)
    conn.execute(
        update(person)
        .where(person.c.user == user)
        .values(
            password_hash=new_hash,
            password_set_at=now,
            must_change_password=must_change_password,
        )
    )
    _end_sessions(conn, user)
    note_change(conn, by, now, "PasswordSet", user, {"must_change": must_change_password})


def _end_sessions(conn: Connection, user: str) -> None:
    conn.execute(
        update(person).where(person.c.user == user).values(session_epoch=person.c.session_epoch + 1)
    )


def note_change(  # noqa: PLR0913 - the columns of one row
    conn: Connection, by: Actor, now: datetime, kind: str, subject: str, detail: dict[str, Any]
) -> None:
    """Write one change of accounts for auditors."""
    row = {"at": now, "actor": by.user, "kind": kind, "subject": subject, "detail": detail}
    conn.execute(insert(identity_change), row)
