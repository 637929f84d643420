"""An application in topics: one a page for who applies, everything at once for who files much.

Every page carries the whole form, with the other topics hidden, so that nothing is kept between
two pages and a draft is always of the whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask import request, session

from onething.forms import FieldView
from onething.identity import Actor
from onething.web.entry import mistakes

TOPIC, GO, BACK, PAGES = "_topic", "_go", "_back", "_pages"
"""Names of what a page posts: its own topic, another, the one before, the way of showing."""
EACH, ONE = "each", "one"
"""Ways of showing: a topic a page, or everything on one."""
_DIGITS = 3
_BEGINS = ("group", "list")
_ASKS_NOTHING = ("text", "separator", "spacer")


@dataclass(frozen=True, slots=True)
class Topic:
    """One group or list of a form, with the loose texts around it."""

    label: str
    fields: tuple[FieldView, ...]

    @property
    def is_asked(self) -> bool:
        """Whether it asks for or shows anything, with what is known by now."""
        return _asks(self.fields)

    @property
    def has_mistakes(self) -> bool:
        """Whether one of its fields is wrong or missing."""
        return bool(mistakes(self.fields))


@dataclass(frozen=True, slots=True)
class Paging:
    """The topics of a form, and which one is shown."""

    topics: Sequence[Topic]
    at: int
    """Place of the shown one, counted from 0."""

    @property
    def asked(self) -> list[int]:
        """Places of the topics that are asked."""
        return [place for place, one in enumerate(self.topics) if one.is_asked]

    @property
    def number(self) -> int:
        """Number of the shown topic among those asked, counted from 1."""
        return sum(place <= self.at for place in self.asked)

    @property
    def topic(self) -> Topic:
        """The shown one."""
        return self.topics[self.at]

    @property
    def before(self) -> int | None:
        """Place of the topic before it, or None."""
        return max((place for place in self.asked if place < self.at), default=None)

    @property
    def after(self) -> int | None:
        """Place of the topic after it, or None."""
        return min((place for place in self.asked if place > self.at), default=None)

    @property
    def first_wrong(self) -> int | None:
        """Place of the first topic with a mistake, or None."""
        return next((place for place in self.asked if self.topics[place].has_mistakes), None)

    @property
    def is_held(self) -> bool:
        """Whether the posted page wants the next topic and has mistakes of its own."""
        return not {GO, BACK} & request.form.keys() and self.topic.has_mistakes

    @property
    def goal(self) -> int | None:
        """Place of the topic that the posted page leads to; None behind the last."""
        if GO in request.form:
            return self.nearest(_number(request.form[GO]))
        if BACK in request.form:
            return self.at if self.before is None else self.before
        return self.at if self.is_held else self.after

    def nearest(self, place: int) -> int:
        """Return a place, or the nearest one before it that is asked."""
        return max((one for one in self.asked if one <= place), default=min(self.asked, default=0))


def split(fields: Iterable[FieldView]) -> list[Topic]:
    """Return a form's fields by topic: a group or list begins one, texts ahead are of the first."""
    parts: list[list[FieldView]] = []
    ahead: list[FieldView] = []
    for one in fields:
        if one.kind in _BEGINS:
            parts.append([*ahead, one])
            ahead = []
        elif parts:
            parts[-1].append(one)
        else:
            ahead.append(one)
    if ahead:
        parts.append(ahead)
    return [Topic(_label(part), tuple(part)) for part in parts]


def paging(fields: Iterable[FieldView], at: int | None = None) -> Paging:
    """Return a form's topics with one shown: the posted page's where no other is named."""
    found = Paging(split(fields), 0)
    return replace(
        found, at=found.nearest(_number(request.form.get(TOPIC, "")) if at is None else at)
    )


def is_moving() -> bool:
    """Whether the posted page is one topic, or asks for one."""
    return bool({TOPIC, GO, BACK} & request.form.keys())


def has_chosen_pages() -> bool:
    """Take the reader's choice of showing, if the posted page holds one; say whether it did."""
    wanted = request.form.get(PAGES)
    if wanted not in (EACH, ONE):
        return False
    session[PAGES] = wanted
    return True


def is_paged(actor: Actor) -> bool:
    """Whether topics are shown one a page: so for applicants, unless somebody chose otherwise."""
    return bool(session.get(PAGES, EACH if "applicant" in actor.roles else ONE) == EACH)


def _label(part: Iterable[FieldView]) -> str:
    return next((one.label for one in part if one.kind in _BEGINS), "")


def _asks(fields: Iterable[FieldView]) -> bool:
    return any(
        _asks(one.children) if one.kind == "group" else one.kind not in _ASKS_NOTHING
        for one in fields
        if not one.is_hidden
    )


def _number(text: str) -> int:
    """Return the place that a page posted; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0
