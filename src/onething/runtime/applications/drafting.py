"""Drafts: save, find again and give up what a person has typed and not sent.

A draft is of a service's application or of a task. Nobody reads it but who wrote it, and whoever
a task is handed on to: there is no role that sees those of others.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import orjson
from sqlalchemy import Connection

from onething import drafts, instances, invitations, sharing, tasks
from onething.drafts import TASK, DraftRow, subject_of
from onething.errors import Conflict, HistoryBroken, InvalidInput, NotFound, TooLarge
from onething.feel.json import canonical
from onething.forms import Posted
from onething.identity import Actor
from onething.runtime.cases.start_case import instance_of_key
from onething.runtime.codes import CODE_LENGTH, new_code, typed_code
from onething.runtime.host import Host
from onething.runtime.locking import lock_with_task
from onething.runtime.materials.kept_file import KeptFile
from onething.runtime.permissions import APPLICANTS, require_role, require_sight, stood_in_for
from onething.runtime.turn import require_key
from onething.tasks import TaskRow

DRAFT_BYTES = 200 * 1024
"""Most bytes of a draft's answers."""
DRAFT_FILES = 40
"""Most files of a draft."""
DRAFT_FILES_BYTES = 200 * 1024 * 1024
"""Most bytes of a draft's files."""
_CODE_HOURS = timedelta(hours=24)
_MOST_NAMES = 5_000
_PAGE_CHARS = 64


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person has typed into a form, and the files that were given with it."""

    answers: Mapping[str, Sequence[str]]
    files: Sequence[KeptFile] = ()

    @property
    def posted(self) -> Posted:
        """The answers as a browser posts them."""
        return Posted({name: list(values) for name, values in self.answers.items()})


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
    """Return the actor's own drafts of applications, the newest first."""
    require_role(actor, *APPLICANTS)
    with host.database.read() as conn:
        found = drafts.of_user(conn, actor.user, host.clock())
    return [one for one in found if not one.subject.startswith(TASK)]


def find_draft(host: Host, actor: Actor, subject: str, kind: str = "saved") -> DraftRow | None:
    """Return the actor's own draft of a service or task, or None."""
    _require_writer(actor, subject)
    with host.database.read() as conn:
        return drafts.find(conn, actor.user, subject, host.clock(), kind)


def read_draft(host: Host, row: DraftRow) -> Typed:
    """Return what a draft keeps; a file whose content is gone is left out.

    Raises:
        HistoryBroken: It was changed, or moved from another person or subject.
    """
    kept = orjson.loads(host.keys.open(row.answers))
    if kept["of"] != [row.user, row.subject]:
        raise HistoryBroken("A draft lies at a place that is not its own")
    files = (KeptFile.of(one) for one in kept.get("files", ()))
    held = tuple(one for one in files if host.store.holds(one.sha256))
    return Typed(Posted(kept["answers"]), held)


def save_draft(host: Host, actor: Actor, subject: str, page: DraftPage, typed: Typed) -> DraftRow:
    """Save what a page has; return the draft as it is then.

    Raises:
        NotAllowed: The actor applies for nothing.
        NotFound: No such task for this person.
        TooLarge: It has more than DRAFT_BYTES, DRAFT_FILES or DRAFT_FILES_BYTES.
        Conflict: The draft was changed or sent elsewhere since the page was shown, or the task
            is in other hands or over.
    """
    _require_writer(actor, subject)
    row = _row(host, actor.user, subject, page, typed)

    def transaction(conn: Connection) -> DraftRow:
        # What a page saves while it leaves may come behind what it sends.
        if _is_sent(conn, actor, subject, page.draft_id):
            raise Conflict
        drafts.save(conn, row, _contents(typed))
        return drafts.find(conn, actor.user, subject, row.updated_at) or row

    return host.write(transaction)


def leave_draft(host: Host, user: str, subject: str, draft_id: str, typed: Typed) -> None:
    """Keep what a person posted whose session had ended, beside the draft that was saved.

    What was saved word for word is not kept twice. The caller has made sure that the page was
    this person's.

    Raises:
        TooLarge: It has more than DRAFT_BYTES, DRAFT_FILES or DRAFT_FILES_BYTES.
        NotFound: There is no such task, or it is over.
    """
    row = replace(_row(host, user, subject, DraftPage(draft_id, 0, ""), typed), kind="left")

    def transaction(conn: Connection) -> None:
        if subject.startswith(TASK) and not _task(conn, Actor(user), subject).is_live:
            raise NotFound
        saved = drafts.find(conn, user, subject, row.updated_at)
        if saved is None or not _is_same(read_draft(host, saved), typed):
            drafts.put(conn, row, _contents(typed))

    host.write(transaction)


def take_draft(host: Host, actor: Actor, subject: str, kind: str) -> None:
    """Go on with the draft that was saved or left; the other one is deleted.

    Raises:
        NotFound: There is none of this kind.
    """
    _require_writer(actor, subject)
    now = host.clock()

    def transaction(conn: Connection) -> None:
        chosen = drafts.find(conn, actor.user, subject, now, kind)
        if chosen is None:
            raise NotFound
        drafts.drop(conn, actor.user, subject, "left")
        if kind == "left":
            drafts.put(conn, replace(chosen, kind="saved"), _contents(read_draft(host, chosen)))

    host.write(transaction)


def discard_drafts(host: Host, actor: Actor, subject: str) -> None:
    """Delete the actor's own drafts of a service or task, and what departments told for it."""
    _require_writer(actor, subject)

    def discard(conn: Connection) -> None:
        drafts.drop_all(conn, actor.user, subject)
        sharing.drop_answer(conn, actor.user, subject)

    host.write(discard)


def hand_on_draft(host: Host, conn: Connection, task: TaskRow, to: str) -> None:
    """Give what was typed last into a task to whoever has it now, with the name of who began.

    Who has typed something into it before keeps the own draft.
    """
    subject, now = subject_of(task.id), host.clock()
    found = drafts.of_subject(conn, subject, now)
    if not found or any(one.user == to for one in found):
        return
    newest = found[0]
    begun_by = newest.begun_by or newest.user
    typed = read_draft(host, newest)
    drafts.drop(conn, newest.user, subject, newest.kind)
    moved = replace(
        newest,
        user=to,
        version=newest.version + 1,
        page="",
        answers=_sealed(host, to, subject, typed),
        begun_by=None if begun_by == to else begun_by,
        updated_at=now,
    )
    drafts.put(conn, moved, _contents(typed))


def give_draft_code(host: Host, actor: Actor, service: str) -> DraftCode:
    """Draw a code for the actor's own draft; it is told once and kept as a keyed digest.

    Raises:
        NotFound: There is no draft of this service.
    """
    require_role(actor, *APPLICANTS)
    code = new_code()
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
    typed = typed_code(code)
    row = None
    if len(typed) == CODE_LENGTH:
        with host.database.read() as conn:
            row = drafts.of_code(conn, actor.user, _digest(host, actor, typed), host.clock())
    if row is None:
        raise NotFound
    return row


def drop_old_drafts(host: Host) -> int:
    """Delete the drafts whose days are over; return how many."""
    now = host.clock()
    return host.database.write(lambda conn: drafts.drop_expired(conn, now))


def put_draft(host: Host, conn: Connection, user: str, subject: str, typed: Typed) -> DraftRow:
    """Write what was typed as a person's draft that no page shows yet, and return it.

    Raises:
        TooLarge: It has more than DRAFT_BYTES, DRAFT_FILES or DRAFT_FILES_BYTES.
    """
    row = _row(host, user, subject, DraftPage(secrets.token_hex(16), 0, ""), typed)
    drafts.put(conn, row, _contents(typed))
    return row


def _row(host: Host, user: str, subject: str, page: DraftPage, typed: Typed) -> DraftRow:
    require_key(page.draft_id)
    if not page.draft_id or len(page.page) > _PAGE_CHARS:
        raise InvalidInput("The page is none of this site's")
    now = host.clock()
    return DraftRow(
        user=user,
        subject=subject,
        kind="saved",
        draft_id=page.draft_id,
        version=page.version + 1,
        page=page.page,
        answers=_sealed(host, user, subject, typed),
        code=None,
        code_until=None,
        begun_by=None,
        created_at=now,
        updated_at=now,
        expires_at=now + timedelta(days=host.settings.draft_days),
    )


def _require_writer(actor: Actor, subject: str) -> None:
    """Raise NotAllowed for an application's draft of somebody who may not apply."""
    if not subject.startswith(TASK):
        require_role(actor, *APPLICANTS)


def _is_sent(conn: Connection, actor: Actor, subject: str, draft_id: str) -> bool:
    """Whether nothing more is typed: the case is open, the other invited, the task not theirs."""
    if not subject.startswith(TASK):
        sent_as = instance_of_key(actor, draft_id)
        if invitations.find(conn, sent_as) is not None:
            return True
        return instances.find(conn, sent_as) is not None
    task = _task(conn, actor, subject)
    require_sight(actor, conn, task)
    is_free = task.assignee in (None, actor.user) or stood_in_for(actor, task) is not None
    return not task.is_live or not is_free or tasks.is_held(conn, task.id)


def _task(conn: Connection, actor: Actor, subject: str) -> TaskRow:
    """Return the task of a draft; its instance is held, so that it does not end meanwhile."""
    at = tasks.split_id(subject.removeprefix(TASK))
    return lock_with_task(conn, *at, actor)[1]


def _sealed(host: Host, user: str, subject: str, typed: Typed) -> bytes:
    if len(canonical(typed.posted)) > DRAFT_BYTES or len(typed.answers) > _MOST_NAMES:
        raise TooLarge("The draft is larger than 200 KB")
    size = sum(host.store.size(name) for name in _contents(typed))
    if len(typed.files) > DRAFT_FILES or size > DRAFT_FILES_BYTES:
        raise TooLarge("The draft has more than 40 files, or more than 200 MB of them")
    files = [asdict(one) for one in typed.files]
    kept = {"of": [user, subject], "answers": typed.posted, "files": files}
    return host.keys.seal(canonical(kept))


def _contents(typed: Typed) -> set[str]:
    return {one.sha256 for one in typed.files}


def _is_same(one: Typed, other: Typed) -> bool:
    return one.posted == other.posted and list(one.files) == list(other.files)


def _digest(host: Host, actor: Actor, code: str) -> str:
    return host.keys.digest(["draft-code", actor.user, code])
