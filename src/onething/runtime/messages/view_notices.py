"""Read the notices of a case: what its applicant was told in writing."""

from dataclasses import dataclass
from datetime import datetime

from onething import notices
from onething.identity import Actor
from onething.notices import NoticeRow
from onething.runtime.host import Host
from onething.runtime.permissions import owns_case, visible_case
from onething.runtime.sealing import CaseSeal

TO = "applicant"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice, as it was written."""

    id: str
    title: str
    body: list[str]
    fields: list[tuple[str, str]]
    """Labels and values."""
    remedy: str
    at: datetime


def view_notices(host: Host, actor: Actor, case_no: str, language: str = "zh") -> list[NoticeView]:
    """Return the notices to the applicant of a case, newest first; none to who did not apply.

    Raises:
        NotFound: There is no such case for this person.
    """
    with host.database.read() as conn:
        case = visible_case(actor, conn, case_no)
        if not actor.is_system and not owns_case(actor, conn, case):
            return []
        seal = CaseSeal(host.keys.of_case(conn, case.instance_id))
        found = notices.of_case(conn, case.instance_id)
    return [_view(one, seal, language) for one in found if one.party == TO]


def _view(row: NoticeRow, seal: CaseSeal, language: str) -> NoticeView:
    text = seal.open(row.sealed)
    english = text.get("en") or {}
    if language == "en" and (english.get("body") or not text["body"]):
        text = text | english
    return NoticeView(
        id=row.notice_id,
        title=text["title"],
        body=list(text["body"]),
        fields=[(str(label), str(value)) for label, value in text["fields"]],
        remedy=text["remedy"],
        at=row.at,
    )
