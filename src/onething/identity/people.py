"""Read people, their posts, departments and regions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from onething.errors import NotFound
from onething.identity.actor import Actor
from onething.identity.models import (
    department,
    identity_change,
    person,
    post,
    region,
    sign_in_attempt,
)
from onething.identity.roles import Role

_WORKERS = frozenset({"clerk", "supervisor"})

_ACTORS: Select[Any] = (
    select(
        person.c.user,
        person.c.name,
        post.c.roles,
        post.c.department,
        post.c.post,
        post.c.region,
    )
    .join_from(person, post)
    .where(~person.c.is_disabled)
    .order_by(person.c.user, post.c.post_id)
)
_ACTORS_OF_USER = _ACTORS.where(person.c.user == bindparam("user"))


@dataclass(frozen=True, slots=True)
class Post:
    """One post of one person."""

    post_id: int
    user: str
    department: str | None
    post: str | None
    region: str | None
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Person:
    """One account, without its password."""

    user: str
    name: str
    must_change_password: bool
    is_disabled: bool
    session_epoch: int
    password_set_at: datetime | None
    created_at: datetime
    posts: tuple[Post, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of all posts together."""
        return frozenset(role for one in self.posts for role in one.roles)


@dataclass(frozen=True, slots=True)
class Place:
    """A department or a region: code and names."""

    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of accounts, posts or organisation."""

    number: int
    at: datetime
    actor: str
    kind: str
    subject: str
    detail: Any


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to sign in."""

    number: int
    user: str
    at: datetime
    address: str
    is_success: bool


def actor(conn: Connection, user: str, post_id: int | None = None) -> Actor:
    """Return a person at one of their posts, the first one when none is named.

    Raises:
        NotFound: No such account, it is disabled, or it does not hold the post.
    """
    query = _ACTORS_OF_USER
    if post_id is not None:
        query = query.where(post.c.post_id == post_id)
    row = conn.execute(query.limit(1), {"user": user}).first()
    if row is None:
        raise NotFound(f"No account {user} with a post")
    return actor_of(row)


def workers(conn: Connection, department_code: str) -> list[Actor]:
    """Return everybody who works on tasks of a department, by account name."""
    found = conn.execute(_ACTORS.where(post.c.department == department_code))
    return [one for one in map(actor_of, found) if one.roles & _WORKERS]


def holders(conn: Connection, role: Role, department_code: str) -> list[str]:
    """Return the accounts that have a role in a department."""
    found = conn.execute(_ACTORS.where(post.c.department == department_code))
    return sorted({one.user for one in map(actor_of, found) if role in one.roles})


def actor_of(row: Row[Any]) -> Actor:
    """Make an actor of a row with account, name, roles, department, post and region."""
    return Actor(
        user=row.user,
        name=row.name,
        roles=frozenset(row.roles),
        department=row.department,
        post=row.post,
        region=row.region,
    )


def find_person(conn: Connection, user: str) -> Person | None:
    """Return an account with its posts, or None."""
    row = conn.execute(select(person).where(person.c.user == user)).first()
    return None if row is None else _person(row, _posts(conn, [user]).get(user, ()))


def get_person(conn: Connection, user: str) -> Person:
    """Return an account with its posts; raise NotFound when there is none."""
    found = find_person(conn, user)
    if found is None:
        raise NotFound(f"No account {user}")
    return found


def people(conn: Connection, *, after: str = "", limit: int = 100) -> list[Person]:
    """Return accounts behind `after`, by account name."""
    query = select(person).where(person.c.user > after).order_by(person.c.user).limit(limit)
    rows = conn.execute(query).all()
    posts = _posts(conn, [row.user for row in rows])
    return [_person(row, posts.get(row.user, ())) for row in rows]


def departments(conn: Connection) -> list[Place]:
    """Return every department by code."""
    return [Place(*row) for row in conn.execute(select(department).order_by(department.c.code))]


def regions(conn: Connection) -> list[Place]:
    """Return every region by code."""
    return [Place(*row) for row in conn.execute(select(region).order_by(region.c.code))]


def changes(conn: Connection, *, before: int | None = None, limit: int = 100) -> Iterator[Change]:
    """Yield changes of accounts, posts and organisation, newest first."""
    query = select(identity_change).order_by(identity_change.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(identity_change.c.number < before)
    for row in conn.execute(query):
        yield Change(*row)


def attempts(conn: Connection, *, before: int | None = None, limit: int = 100) -> Iterator[Attempt]:
    """Yield attempts to sign in, newest first."""
    query = select(sign_in_attempt).order_by(sign_in_attempt.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(sign_in_attempt.c.number < before)
    for row in conn.execute(query):
        yield Attempt(*row)


def _person(row: Row[Any], posts: tuple[Post, ...]) -> Person:
    names = (name for name in Person.__slots__ if name != "posts")
    return Person(**{name: getattr(row, name) for name in names}, posts=posts)


def _posts(conn: Connection, users: list[str]) -> dict[str, tuple[Post, ...]]:
    query = select(post).where(post.c.user.in_(users)).order_by(post.c.post_id)
    found: dict[str, tuple[Post, ...]] = {}
    for row in conn.execute(query):
        one = Post(
            row.post_id, row.user, row.department, row.post, row.region, frozenset(row.roles)
        )
        found[row.user] = (*found.get(row.user, ()), one)
    return found
