"""Drafts: save, find again and give up what a person has typed and not sent.

Nobody reads a draft but who wrote it: there is no role that sees those of others.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson
from sqlalchemy import Connection

from onething import drafts, instances
from onething.drafts import DraftRow
from onething.errors import Conflict, HistoryBroken, InvalidInput, NotFound, TooLarge
from onething.feel.json import canonical
from onething.forms import Posted
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import APPLICANTS, require_role
from onething.runtime.start_case import instance_of_key
from onething.runtime.turn import require_key

DRAFT_BYTES = 200 * 1024
"""Most bytes of a draft's answers."""
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1, I and L: nobody takes one for another."""
_CODE_LENGTH = 8
_CODE_HOURS = timedelta(hours=24)
_MOST_NAMES = 5_000
_PAGE_CHARS = 64


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A page that shows a draft, or the beginning of one."""

    draft_id: str
    """Idempotency key of what is sent from it."""
    version: int
    """The version that it shows; 0 where nothing was saved yet."""
    page: str
    """Random name of the page itself."""


@dataclass(frozen=True, slots=True)
class DraftCode:
    """A code by which the same person goes on with a draft on another device."""

    code: str
    until: datetime


def list_drafts(host: Host, actor: Actor) -> list[DraftRow]:
    """Return the actor's own drafts, the newest first."""
    require_role(actor, *APPLICANTS)
    with host.database.read() as conn:
        return drafts.of_user(conn, actor.user, host.clock())


def find_draft(host: Host, actor: Actor, service: str, kind: str = "saved") -> DraftRow | None:
    """Return the actor's own draft of a service, or None."""
    require_role(actor, *APPLICANTS)
    with host.database.read() as conn:
        return drafts.find(conn, actor.user, service, host.clock(), kind)


def read_draft(host: Host, row: DraftRow) -> Posted:
    """Return the names and values that a draft keeps.

    Raises:
        HistoryBroken: It was changed, or moved from another person or service.
    """
    kept = orjson.loads(host.keys.open(row.answers))
    if kept["of"] != [row.user, row.service]:
        raise HistoryBroken("A draft lies at a place that is not its own")
    return Posted(kept["answers"])


def save_draft(
    host: Host, actor: Actor, service: str, page: DraftPage, answers: Mapping[str, Sequence[str]]
) -> DraftRow:
    """Save what a page has; return the draft as it is then.

    Raises:
        NotAllowed: The actor applies for nothing.
        TooLarge: The answers have more than DRAFT_BYTES.
        Conflict: The draft was changed or sent elsewhere since the page was shown.
    """
    require_role(actor, *APPLICANTS)
    row = _row(host, actor.user, service, page, answers)

    def transaction(conn: Connection) -> DraftRow:
        if instances.find(conn, instance_of_key(actor, page.draft_id)) is not None:
            raise Conflict  # what a page saves while it leaves may come behind what it sends
        drafts.save(conn, row)
        return drafts.find(conn, actor.user, service, row.updated_at) or row

    return host.write(transaction)


def leave_draft(
    host: Host, user: str, service: str, draft_id: str, answers: Mapping[str, Sequence[str]]
) -> None:
    """Keep what a person posted whose session had ended, beside the draft that was saved.

    What was saved word for word is not kept twice. The caller has made sure that the page was
    this person's.

    Raises:
        TooLarge: The answers have more than DRAFT_BYTES.
    """
    row = replace(_row(host, user, service, DraftPage(draft_id, 0, ""), answers), kind="left")

    def transaction(conn: Connection) -> None:
        saved = drafts.find(conn, user, service, row.updated_at)
        if saved is None or read_draft(host, saved) != answers:
            drafts.put(conn, row)

    host.write(transaction)


def take_draft(host: Host, actor: Actor, service: str, kind: str) -> None:
    """Go on with the draft that was saved or left; the other one is deleted.

    Raises:
        NotFound: There is none of this kind.
    """
    require_role(actor, *APPLICANTS)
    now = host.clock()

    def transaction(conn: Connection) -> None:
        chosen = drafts.find(conn, actor.user, service, now, kind)
        if chosen is None:
            raise NotFound
        drafts.drop(conn, actor.user, service, "left")
        if kind == "left":
            drafts.put(conn, replace(chosen, kind="saved"))

    host.write(transaction)


def discard_drafts(host: Host, actor: Actor, service: str) -> None:
    """Delete the actor's own drafts of a service."""
    require_role(actor, *APPLICANTS)
    host.write(lambda conn: drafts.drop_all(conn, actor.user, service))


def give_draft_code(host: Host, actor: Actor, service: str) -> DraftCode:
    """Draw a code for the actor's own draft; it is told once and kept as a keyed digest.

    Raises:
        NotFound: There is no draft of this service.
    """
    require_role(actor, *APPLICANTS)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(_CODE_LENGTH))
    now = host.clock()
    given = DraftCode(code, now + _CODE_HOURS)

    def transaction(conn: Connection) -> None:
        row = drafts.find(conn, actor.user, service, now)
        if row is None:
            raise NotFound
        drafts.give_code(conn, row, _digest(host, actor, code), given.until)

    host.write(transaction)
    return given


def find_draft_by_code(host: Host, actor: Actor, code: str) -> DraftRow:
    """Return the actor's own draft that a code belongs to.

    Raises:
        NotFound: The code is wrong, over, or another person's.
    """
    require_role(actor, *APPLICANTS)
    typed = "".join(code.upper().split()).replace("-", "")
    row = None
    if len(typed) == _CODE_LENGTH:
        with host.database.read() as conn:
            row = drafts.of_code(conn, actor.user, _digest(host, actor, typed), host.clock())
    if row is None:
        raise NotFound
    return row


def drop_old_drafts(host: Host) -> int:
    """Delete the drafts whose days are over; return how many."""
    now = host.clock()
    return host.database.write(lambda conn: drafts.drop_expired(conn, now))


def _row(
    host: Host, user: str, service: str, page: DraftPage, answers: Mapping[str, Sequence[str]]
) -> DraftRow:
    require_key(page.draft_id)
    if not page.draft_id or len(page.page) > _PAGE_CHARS:
        raise InvalidInput("The page is none of this site's")
    now = host.clock()
    return DraftRow(
        user=user,
        service=service,
        kind="saved",
        draft_id=page.draft_id,
        version=page.version + 1,
        page=page.page,
        answers=_sealed(host, user, service, answers),
        code=None,
        code_until=None,
        created_at=now,
        updated_at=now,
        expires_at=now + timedelta(days=host.settings.draft_days),
    )


def _sealed(host: Host, user: str, service: str, answers: Mapping[str, Sequence[str]]) -> bytes:
    plain = canonical({name: list(values) for name, values in answers.items()})
    if len(plain) > DRAFT_BYTES or len(answers) > _MOST_NAMES:
        raise TooLarge("The draft is larger than 200 KB")
    return host.keys.seal(canonical({"of": [user, service], "answers": orjson.loads(plain)}))


def _digest(host: Host, actor: Actor, code: str) -> str:
    return host.keys.digest(["draft-code", actor.user, code])
