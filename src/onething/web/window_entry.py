"""What the pages of window mode carry: the card that was read, and what it fills in."""

from dataclasses import dataclass
from typing import Self

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from onething import runtime
from onething.appointments import Office
from onething.definitions import Definition
from onething.runtime import Card
from onething.web.entry import Entry
from onething.web.node import actor, host

_DAY_S = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Read:
    """The applicant's number as it was read, and what the police said of it."""

    id_no: str
    checked: str
    """verified, differs, unreachable or unasked."""

    @property
    def token(self) -> str:
        """The same under a signature: nobody writes into a page what the police said."""
        return str(_signer().dumps([self.id_no, self.checked]))

    @classmethod
    def of(cls, token: str) -> Self | None:
        """Return what a page carries; None for what is not this clerk's or is old."""
        try:
            id_no, checked = _signer().loads(token, max_age=_DAY_S)
        except BadSignature:
            return None
        return cls(id_no, checked)


def fill_card(entry: Entry, definition: Definition, person: str | None, card: Card) -> None:
    """Put what the card tells into every place where the form asks for this person."""
    form = definition.application
    if person is not None and person in runtime.people_asked(form):
        values = runtime.card_values(form, person, card)
        entry.answers.update({path: [value] for path, value in values.items()})


def fill_here(entry: Entry, definition: Definition, office: Office) -> None:
    """Fill in place and time where the form asks for an office's: the citizen is there now."""
    field = runtime.slot_field(definition.application, definition)
    if field is None or office.post_of(definition.service.code) is None:
        return
    now = host().clock().astimezone(host().zone)
    entry.answers[field.path] = [now.strftime("%Y-%m-%dT%H:%M")]
    if field.is_office_asked:
        entry.answers[field.office_path] = [office.name]
    if field.division_path is not None:
        entry.answers[field.division_path] = [office.division]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        current_app.config["SECRET_KEY"], salt=f"window card {actor().user}"
    )
