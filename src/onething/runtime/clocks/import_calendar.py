"""Import a holiday notice, and take in what other nodes imported."""

from sqlalchemy import Connection

from onething import calendars
from onething.calendar import Notice, parse_notice
from onething.calendars import NoticeRow
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import require_role


def import_calendar(host: Host, actor: Actor, text: str, name: str) -> Notice:
    """Store a year's notice; from the next command on every node counts by it.

    It replaces an earlier notice of the same year and jurisdiction. The one that holds already
    is answered and not stored again. What is open keeps its dates until `redate_clocks`.

    Args:
        host: The node.
        actor: An operator.
        text: The notice, TOML.
        name: The file's name, for messages.

    Raises:
        NotAllowed: The actor is no operator.
        CalendarError: The text is no notice, or contradicts itself.
    """
    require_role(actor, "operator")
    notice = parse_notice(text, name)

    def transaction(conn: Connection) -> None:
        stored = calendars.since(conn, 0)
        if not _holds(stored, notice, text):
            number = stored[-1].number + 1 if stored else 1
            calendars.add(conn, _row(number, notice, text, host, actor))

    host.write(transaction)
    refresh_calendar(host)
    return notice


def _holds(stored: list[NoticeRow], notice: Notice, text: str) -> bool:
    """Say whether the newest notice of the same year and jurisdiction is this one."""
    same = [one for one in stored if _place(one) == _place(notice)]
    return bool(same) and same[-1].content == text


def _place(one: NoticeRow | Notice) -> tuple[str, int]:
    return one.jurisdiction, one.year


def _row(number: int, notice: Notice, text: str, host: Host, actor: Actor) -> NoticeRow:
    return NoticeRow(
        number=number,
        jurisdiction=notice.jurisdiction,
        year=notice.year,
        content=text,
        imported_at=host.clock(),
        imported_by=actor.user,
    )


def refresh_calendar(host: Host) -> None:
    """Take in the notices that were imported since this node last looked."""
    with host.database.read() as conn:
        host.take_notices(conn)
