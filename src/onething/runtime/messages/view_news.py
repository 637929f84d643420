"""Read the own notice centre, and how the parties of a case were told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from onething import cases, notices, tasks
from onething.cases import CaseRow
from onething.errors import HistoryBroken, NotFound
from onething.feel.json import parse
from onething.identity import Actor
from onething.notices import NewsDeliveryRow, NewsFilter, NewsRow
from onething.runtime.host import Host
from onething.runtime.messages.news_kinds import FOR_APPLICANTS, token_of
from onething.runtime.permissions import owns_case, visible_case
from onething.runtime.sealing import CaseSeal
from onething.tasks import TaskRow

MOST_CASES = 100
"""So many cases the filter offers."""


@dataclass(frozen=True, slots=True)
class NewsView:
    """One line, as its reader sees it."""

    row: NewsRow
    case: CaseRow | None
    text: Mapping[str, Any]
    """As it is kept, with English under `en`; empty where the kind says it all, or where its
    case's values were erased."""
    is_own_case: bool
    task: TaskRow | None
    """The task of the reader that the line tells of."""

    @property
    def duty(self) -> TaskRow | None:
        """The task while it is still to be done."""
        return self.task if self.task is not None and self.task.is_live else None


@dataclass(frozen=True, slots=True)
class Telling:
    """How one person was told one thing of a case."""

    kind: str
    title: str
    title_en: str
    at: datetime
    ways: list[NewsDeliveryRow]
    """By e-mail and text message; the line in the notice centre stands in any case."""


def list_news(
    host: Host, actor: Actor, wanted: NewsFilter, *, after: str | None = None, limit: int = 20
) -> list[NewsView]:
    """Return the actor's own lines, newest first, beginning after one."""
    with host.database.read() as conn:
        last = notices.get_news(conn, actor.user, after) if after else None
        rows = notices.news_of(conn, actor.user, wanted, after=last, limit=limit)
        return [_view(host, conn, actor, row) for row in rows]


def read_news(host: Host, actor: Actor, line_id: str) -> NewsView:
    """Return one of the actor's own lines, which is read from now on; raise NotFound for none."""
    with host.database.read() as conn:
        row = notices.get_news(conn, actor.user, line_id)
        if row is None:
            raise NotFound("No such message")
        view = _view(host, conn, actor, row)
    if row.read_at is None:
        mark_news(host, actor, line_id, is_read=True)
    return view


def mark_news(host: Host, actor: Actor, line_id: str, *, is_read: bool) -> None:
    """Note that the actor has read a line, or has not."""
    read_at = host.clock() if is_read else None
    host.write(lambda conn: notices.mark_news(conn, actor.user, line_id, read_at))


def mark_all_news(host: Host, actor: Actor, until: datetime) -> int:
    """Note that the actor has read every line up to an instant; return how many were unread."""
    now = host.clock()
    return host.write(lambda conn: notices.mark_all_news(conn, actor.user, now, until))


def count_unread(host: Host, actor: Actor) -> int:
    """Count the actor's unread lines, as far as `notices.MOST_COUNTED`."""
    with host.database.read() as conn:
        return notices.count_unread(conn, actor.user)


def cases_with_news(host: Host, actor: Actor) -> list[CaseRow]:
    """Return the cases that the actor's lines are about, the newest line's first."""
    with host.database.read() as conn:
        numbers = notices.cases_with_news(conn, actor.user, MOST_CASES)
        return [cases.get(conn, number) for number in numbers]


def view_tellings(host: Host, actor: Actor, case_no: str) -> list[Telling]:
    """Return how the parties of a case were told, newest first; raise NotFound for no such case."""
    with host.database.read() as conn:
        case = visible_case(actor, conn, case_no)
        rows = notices.news_of_case(conn, case.instance_id, FOR_APPLICANTS)
        ways = notices.by_line(notices.deliveries_of(conn, case.instance_id))
        texts = [_text(host, conn, row) for row in rows]
    return [
        Telling(
            kind=row.kind,
            title=text.get("title", ""),
            title_en=text.get("en", {}).get("title") or text.get("title", ""),
            at=row.at,
            ways=ways.get((row.line_id, row.user), []),
        )
        for row, text in zip(rows, texts, strict=True)
    ]


def _view(host: Host, conn: Connection, actor: Actor, row: NewsRow) -> NewsView:
    case = cases.get(conn, row.case_no) if row.case_no else None
    is_own = case is not None and owns_case(actor, conn, case)
    return NewsView(
        row=row,
        case=case,
        text={} if _is_ended(conn, actor, case) else _text(host, conn, row),
        is_own_case=is_own,
        task=_task(conn, row) if is_own else None,
    )


def _is_ended(conn: Connection, actor: Actor, case: CaseRow | None) -> bool:
    """Whether the reader was told under a mandate that has ended: no word of it is shown."""
    mine = cases.party_of(conn, case.instance_id, actor.user) if case is not None else None
    return mine is not None and mine.ended_at is not None


def _text(host: Host, conn: Connection, row: NewsRow) -> Mapping[str, Any]:
    if row.sealed is None:
        return {}
    try:
        if not row.instance_id:
            opened: Mapping[str, Any] = parse(host.keys.open(row.sealed))
            return opened
        key = host.keys.find(conn, row.instance_id)
        return CaseSeal(key).open(row.sealed) if key is not None else {}
    except HistoryBroken:
        return {}


def _task(conn: Connection, row: NewsRow) -> TaskRow | None:
    token = token_of(row.line_id)
    try:
        task = tasks.get(conn, row.instance_id, token) if token else None
    except NotFound:
        return None
    return task if task is not None and task.party is not None else None
