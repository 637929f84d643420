"""The draft behind the page of an application or a task: what it carries of it and says."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from onething.drafts import TASK, DraftRow
from onething.errors import Conflict, InvalidInput, NotFound, TooLarge
from onething.identity import Actor
from onething.runtime import (
    APPLICANTS,
    DraftPage,
    Host,
    find_draft,
    leave_draft,
    read_draft,
    save_draft,
)
from onething.web.draft_place import DraftPlace, place_of
from onething.web.entry import Entry
from onething.web.language import choose_again, chosen

KEY, VERSION, PAGE, HOLDER, RESUMED = "_key", "_version", "_page", "_holder", "_resumed"
MINE = "_mine"
"""Name of the button that puts this page in the place of what was saved elsewhere."""
SAVED = 200
"""Status of the answer to a saving that was taken."""
_DAY_S = 24 * 60 * 60
_LARGEST = 2**31 - 2
_ID_CHARS = 64


@dataclass(frozen=True, slots=True)
class PageDraft:
    """What a page knows of its draft."""

    subject: str
    """A service's code, or `task:` and a task's id."""
    holder: str
    """Signed: whose page it is; empty for somebody who has no drafts."""
    draft_id: str
    page: str
    version: int = 0
    state: str = ""
    """Empty before the first saving, then saved, changed (elsewhere), gone, too-large or ended."""
    at: datetime | None = None
    """When it was saved last, here or elsewhere."""
    mine: str = ""
    """Value of the button MINE."""
    is_resumed: bool = False
    begun_by: str = ""
    """Who had the task before and began to fill it in."""

    @classmethod
    def begin(cls, actor: Actor, subject: str) -> Self:
        """Return the draft of a page that shows nothing of before."""
        is_writer = subject.startswith(TASK) or has_drafts(actor)
        holder = _signer().dumps([actor.user, subject, chosen()]) if is_writer else ""
        return cls(subject, str(holder), secrets.token_hex(16), secrets.token_hex(8))

    @classmethod
    def posted(cls, actor: Actor, subject: str) -> Self:
        """Return the draft of the page that was sent just now."""
        begun, form = cls.begin(actor, subject), request.form
        draft_id, version = form.get(KEY) or begun.draft_id, form.get(VERSION, "")
        if MINE in form:
            draft_id, _dot, version = form[MINE].rpartition(".")
        return replace(
            begun,
            draft_id=draft_id,
            page=form.get(PAGE, "")[:_ID_CHARS] or begun.page,
            version=min(int(version), _LARGEST) if version.isascii() and version.isdigit() else 0,
            is_resumed=RESUMED in form,
        )

    @property
    def is_offered(self) -> bool:
        """Whether the page's reader may keep a draft."""
        return bool(self.holder)

    @property
    def place(self) -> DraftPlace:
        """The pages around it."""
        return place_of(self.subject)

    @property
    def base(self) -> DraftPage:
        """What a saving of the page is based on."""
        return DraftPage(self.draft_id, self.version, self.page)

    def resumed(self, row: DraftRow) -> Self:
        """Return the draft of a page that goes on with what was saved."""
        whole = replace(self, draft_id=row.draft_id, version=row.version)
        return replace(
            whole,
            state="saved",
            at=row.updated_at,
            is_resumed=True,
            begun_by=row.begun_by or "",
        )

    def saved(self, row: DraftRow) -> Self:
        """Return the draft behind a saving."""
        known = replace(self, draft_id=row.draft_id, version=row.version)
        return replace(known, state="saved", at=row.updated_at)

    def beside(self, row: DraftRow | None) -> Self:
        """Return the draft with what has become of it by now."""
        if row is None:
            return self.gone() if self.version else self
        is_own = row.version == self.version or row.page == self.page
        if row.draft_id == self.draft_id and is_own:
            return self.saved(row)
        mine = f"{row.draft_id}.{row.version}"
        return replace(self, state="changed", at=row.updated_at, mine=mine)

    def refused(self, row: DraftRow | None) -> Self:
        """Return the draft whose saving was refused, beside what is there now."""
        told = self.beside(row)
        return told if told.state == "changed" else self.gone()

    def gone(self) -> Self:
        """Return the draft that was sent or deleted elsewhere."""
        return replace(self, state="gone", mine=f"{secrets.token_hex(16)}.0")

    def too_large(self) -> Self:
        """Return the draft of a page that holds more than a draft may."""
        return replace(self, state="too-large")

    def hidden(self) -> Iterator[tuple[str, str]]:
        """Yield the fields that the form itself carries; the version stands beside its words."""
        yield KEY, self.draft_id
        yield PAGE, self.page
        if self.holder:
            yield HOLDER, self.holder
        if self.is_resumed:
            yield RESUMED, "1"

    def carried(self) -> Iterator[tuple[str, str]]:
        """Yield all of its fields, for a page that shows no more of it."""
        yield from self.hidden()
        yield VERSION, str(self.version)


def has_drafts(actor: Actor) -> bool:
    """Whether somebody may keep drafts: whoever may apply."""
    return any(role in actor.roles for role in APPLICANTS)


def draft_now(host: Host, actor: Actor, subject: str) -> PageDraft:
    """Return the draft of the page that was sent just now, with what has become of it."""
    posted = PageDraft.posted(actor, subject)
    return posted.beside(find_draft(host, actor, subject)) if posted.is_offered else posted


def resumed(host: Host, actor: Actor, row: DraftRow) -> tuple[Entry, PageDraft]:
    """Return what a draft keeps, and the draft of a page that goes on with it."""
    draft = PageDraft.begin(actor, row.subject).resumed(row)
    return Entry.of(host, actor, read_draft(host, row)), draft


def save_posted(entry: Entry, subject: str) -> tuple[PageDraft, int]:
    """Save what was posted; return the draft as it is then, and the answer's status."""
    host, actor = entry.host, entry.actor
    draft = PageDraft.posted(actor, subject)
    try:
        row = save_draft(host, actor, subject, draft.base, entry.typed)
    except TooLarge as error:
        return draft.too_large(), error.status
    except Conflict as error:
        return draft.refused(find_draft(host, actor, subject)), error.status
    return draft.saved(row), SAVED


def leave(host: Host) -> PageDraft | None:
    """Keep what was posted by somebody whose session had ended, for the same person alone.

    The page names its person under a signature that no other site knows: it is proof enough
    that the page is this site's, where the session that could tell is gone. Returns None where
    the request is of no page with a draft, or cannot be kept.
    """
    held = holder()
    if held is None:
        return None
    user, subject, shown = held
    choose_again(shown)
    draft_id = request.form.get(KEY) or secrets.token_hex(16)
    entry = Entry(host, Actor(user))
    try:
        entry.take(request.form, request.files)
        leave_draft(host, user, subject, draft_id, entry.typed)
    except (InvalidInput, NotFound, TooLarge):
        return None
    return replace(PageDraft.posted(Actor(user), subject), state="ended")


def holder() -> tuple[str, str, dict[str, Any]] | None:
    """Return account, subject and display that the posted page names, or None."""
    token = request.form.get(HOLDER) if request.method == "POST" else None
    if not token:
        return None
    try:
        user, subject, shown = _signer().loads(token, max_age=_DAY_S)
    except BadSignature:
        return None
    return str(user), str(subject), dict(shown)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="draft holder")
