"""Answer, review and waive a card."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from onething import cards
from onething.cards import CardRow
from onething.errors import AlreadyDone, Conflict, InvalidInput, NotFound
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.messages.tell_workers import tell_of_answer
from onething.runtime.permissions import require_role, sees_card
from onething.runtime.turn import Receipt, Turn, require_key

LONGEST_TEXT = 2_000
_Write = Callable[[Connection, CardRow, bytes, str, datetime], None]
_ENDED = ("reviewed", "waived")


def reply_to_card(
    host: Host, actor: Actor, card_id: str, text: str, *, key: str | None = None
) -> Receipt:
    """Say why it came to a card and what is done about it.

    Raises:
        NotFound: No such card for this person.
        NotAllowed: The card was handed up: a deputy or a supervisor answers it now.
        InvalidInput: The text is empty or longer than 2,000 characters.
        AlreadyDone: The card was answered before.
    """

    def check(card: CardRow) -> None:
        if not card.is_waiting:
            raise AlreadyDone("This card was answered")
        if card.state == "escalated":
            require_role(actor, "deputy", "supervisor")

    require_role(actor, "clerk", "supervisor", "deputy")
    return _act(host, actor, card_id, "CardAnswered", text, key, check, cards.answer)


def review_card(
    host: Host, actor: Actor, card_id: str, text: str, *, key: str | None = None
) -> Receipt:
    """Say what a supervisor makes of a card's answer; it ends the card.

    Raises:
        NotAllowed: The person is no supervisor.
        NotFound: No such card for this person.
        InvalidInput: The text is empty or longer than 2,000 characters.
        AlreadyDone: The card has ended.
        Conflict: Nobody has answered it, or the person answered it themselves.
    """

    def check(card: CardRow) -> None:
        if card.state in _ENDED:
            raise AlreadyDone("This card has ended")
        if card.is_waiting:
            raise Conflict("Nobody has answered this card yet")
        if card.replied_by == actor.user:
            raise Conflict("Another supervisor reviews an own answer")

    require_role(actor, "supervisor")
    return _act(host, actor, card_id, "CardReviewed", text, key, check, cards.review)


def waive_card(
    host: Host, actor: Actor, card_id: str, reason: str, *, key: str | None = None
) -> Receipt:
    """Take a card back for a reason; it counts no more.

    Raises:
        NotAllowed: The person is no supervisor.
        NotFound: No such card for this person.
        InvalidInput: The reason is empty or longer than 2,000 characters.
        AlreadyDone: The card has ended.
        Conflict: The card is about the person's own task.
    """

    def check(card: CardRow) -> None:
        if card.state in _ENDED:
            raise AlreadyDone("This card has ended")
        if card.holder == actor.user:
            raise Conflict("Another supervisor waives a card on an own task")

    require_role(actor, "supervisor")
    return _act(host, actor, card_id, "CardWaived", reason, key, check, cards.waive)


def _act(  # noqa: PLR0913 - the parts of one command
    host: Host,
    actor: Actor,
    card_id: str,
    kind: str,
    text: str,
    key: str | None,
    check: Callable[[CardRow], None],
    write: _Write,
) -> Receipt:
    """Move a card with a text that is sealed under the case's key, in one event."""
    require_key(key)
    text = text.strip()
    request = {"card": card_id, "kind": kind, "text": text}

    def transaction(conn: Connection) -> Receipt:
        turn = Turn.on(host, conn, actor, _seen(actor, conn, card_id).instance_id)
        earlier = turn.repeated(key, request)
        if earlier is not None:
            return earlier
        card = cards.get(conn, card_id)
        _require_text(text)
        check(card)
        write(conn, card, turn.seal.close_text(text), actor.user, turn.now)
        if kind == "CardAnswered":
            tell_of_answer(turn, card)
        note = {"card": card.card_id, "rule": card.rule}
        return turn.append(kind, note=note, private={"text": text}, key=key, request=request)

    return host.write(transaction)


def _seen(actor: Actor, conn: Connection, card_id: str) -> CardRow:
    card = cards.get(conn, card_id)
    if not sees_card(actor, card):
        raise NotFound(f"No card {card_id}")
    return card


def _require_text(text: str) -> None:
    if not text:
        raise InvalidInput("Say why", {"text": "This is needed"})
    if len(text) > LONGEST_TEXT:
        told = f"At most {LONGEST_TEXT} characters"
        raise InvalidInput("The text is too long", {"text": told})
