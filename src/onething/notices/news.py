"""Read and write the lines of the notice centres."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from onething.notices.models import news

MOST_COUNTED = 100
"""The menu counts no further: it says 99+ then."""


@dataclass(frozen=True, slots=True)
class NewsRow:
    """One line of one person's notice centre."""

    instance_id: str
    line_id: str
    user: str
    kind: str
    case_no: str | None
    link: str | None
    sealed: bytes | None = field(repr=False)
    is_required: bool
    count: int
    at: datetime
    read_at: datetime | None = None

    @property
    def id(self) -> str:
        """Its id among all lines of this person."""
        return f"{self.instance_id}:{self.line_id}"


@dataclass(frozen=True, slots=True)
class NewsFilter:
    """Which of a person's lines are asked for."""

    case_no: str | None = None
    unread: bool = False


def add_news(conn: Connection, row: NewsRow, *, counts: bool = False) -> bool:
    """Insert a line unless it stands already; tell whether it did not.

    With `counts` one that stands counts on, and is unread again.
    """
    mine = _of(row.user, row.instance_id, row.line_id)
    found = conn.execute(select(news.c.at).where(mine)).first()
    if found is None:
        conn.execute(insert(news).values({name: getattr(row, name) for name in row.__slots__}))
        return True
    if not counts:
        return False
    again = {"count": news.c.count + 1, "at": row.at, "read_at": None}
    conn.execute(update(news).where(mine).values(again))
    return False


def get_news(conn: Connection, user: str, public_id: str) -> NewsRow | None:
    """Return one of a person's lines, or None."""
    instance_id, _, line_id = public_id.partition(":")
    row = conn.execute(select(news).where(_of(user, instance_id, line_id))).first()
    return None if row is None else NewsRow(*row)


def news_of(
    conn: Connection, user: str, wanted: NewsFilter, *, after: NewsRow | None = None, limit: int
) -> list[NewsRow]:
    """Return a person's lines, newest first, at most `limit`, beginning after one."""
    query = select(news).where(news.c.user == user)
    if wanted.case_no is not None:
        query = query.where(news.c.case_no == wanted.case_no)
    if wanted.unread:
        query = query.where(news.c.read_at.is_(None))
    if after is not None:
        query = query.where(_behind(after))
    query = query.order_by(news.c.at.desc(), news.c.instance_id.desc(), news.c.line_id.desc())
    return [NewsRow(*row) for row in conn.execute(query.limit(limit))]


def news_of_case(conn: Connection, instance_id: str, kinds: Iterable[str]) -> list[NewsRow]:
    """Return the lines of some kinds that all people have of a case, newest first."""
    query = select(news).where(news.c.instance_id == instance_id, news.c.kind.in_(list(kinds)))
    query = query.order_by(news.c.at.desc(), news.c.line_id.desc(), news.c.user)
    return [NewsRow(*row) for row in conn.execute(query)]


def cases_with_news(conn: Connection, user: str, limit: int) -> list[str]:
    """Return the case numbers that a person's lines are about, the newest line's first."""
    query = select(news.c.case_no).where(news.c.user == user, news.c.case_no.is_not(None))
    query = query.group_by(news.c.case_no).order_by(func.max(news.c.at).desc()).limit(limit)
    return list(conn.scalars(query))


def count_unread(conn: Connection, user: str) -> int:
    """Count a person's unread lines, as far as MOST_COUNTED."""
    some = select(news.c.line_id).where(news.c.user == user, news.c.read_at.is_(None))
    query = select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())
    return int(conn.execute(query).scalar_one())


def mark_news(conn: Connection, user: str, public_id: str, read_at: datetime | None) -> None:
    """Note that a person has read a line, or not."""
    instance_id, _, line_id = public_id.partition(":")
    query = update(news).where(_of(user, instance_id, line_id))
    if read_at is not None:
        query = query.where(news.c.read_at.is_(None))
    conn.execute(query.values(read_at=read_at))


def mark_all_news(conn: Connection, user: str, read_at: datetime, until: datetime) -> int:
    """Note that a person has read all lines up to an instant; return how many were unread."""
    unread = (news.c.user == user, news.c.read_at.is_(None), news.c.at <= until)
    return conn.execute(update(news).where(*unread).values(read_at=read_at)).rowcount


def drop_old_news(conn: Connection, kinds: Iterable[str], before: datetime) -> int:
    """Delete lines of some kinds that are older than an instant; return how many."""
    old = news.c.kind.in_(list(kinds)), news.c.at < before
    return conn.execute(delete(news).where(*old)).rowcount


def _behind(last: NewsRow) -> ColumnElement[bool]:
    """Whether a line stands behind another one in the list."""
    earlier = (news.c.instance_id < last.instance_id) | (
        (news.c.instance_id == last.instance_id) & (news.c.line_id < last.line_id)
    )
    return (news.c.at < last.at) | ((news.c.at == last.at) & earlier)


def _of(user: str, instance_id: str, line_id: str) -> ColumnElement[bool]:
    return (news.c.instance_id == instance_id) & (news.c.line_id == line_id) & (news.c.user == user)
