"""The own addresses: given, proved by a code, switched, forgotten; and how to be told."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from onething import identity, notices
from onething.connectors import is_address
from onething.errors import Conflict, InvalidInput, NotFound, TooOften
from onething.forms import RULES, Surroundings
from onething.identity import Actor
from onething.notices import ContactRow, ReaderRow
from onething.runtime.host import Host
from onething.runtime.messages.tell import queue_message
from onething.runtime.permissions import APPLICANTS, require_role

CODE_HOLDS = timedelta(minutes=10)
MOST_TRIES = 5
"""So often a code may be typed wrong before another one has to be asked for."""
_PER_HOUR = 5
"""Codes that one account may ask for on one channel within an hour."""
_PER_DAY = 5
"""Codes that all accounts together may have sent to one address within a day."""
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class ContactView:
    """One own address, as its owner sees it."""

    channel: str
    address: str
    """Shortened: whoever looks over a shoulder does not read it."""
    state: str
    """asked, verified or dead."""
    is_on: bool
    is_code_due: bool
    """A code was sent and holds."""
    bounces: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a person is told."""

    contacts: dict[str, ContactView]
    """By channel; one without address is left out."""
    channels: tuple[str, ...]
    """What this site offers."""
    language: str
    only_required: bool


def view_wishes(host: Host, actor: Actor) -> Wishes:
    """Return how the actor wants to be told."""
    with host.database.read() as conn:
        rows = notices.contacts_of(conn, actor.user)
        reader = notices.reader_of(conn, actor.user)
    found = {one.channel: _view(host, one) for one in rows}
    return Wishes(found, host.settings.channels, reader.language, reader.only_required)


def ask_code(host: Host, actor: Actor, channel: str, address: str) -> None:
    """Note an address and send a code to it; an earlier one of the channel is replaced.

    Raises:
        NotFound: The site has no such channel.
        NotAllowed: The actor applies for nothing.
        InvalidInput: It is no e-mail address, or no mobile number.
        TooOften: Too many codes were asked for, by this account or for this address.
    """
    _require(host, actor, channel)
    now, code = host.clock(), f"{secrets.randbelow(10**6):06d}"

    address = checked_address(channel, address, now.astimezone(host.zone).date())

    def transaction(conn: Connection) -> datetime | None:
        until = _count(host, conn, actor.user, channel, address, now)
        if until is not None:
            return until
        earlier = notices.find_contact(conn, actor.user, channel, lock=True)
        row = ContactRow(
            user=actor.user,
            channel=channel,
            sealed_address=host.keys.seal(address.encode()),
            state="asked",
            is_on=True,
            number=secrets.randbelow(2**31),
            sealed_code=host.keys.seal(code.encode()),
            code_until=now + CODE_HOLDS,
            code_tries=0,
            bounces=0 if earlier is None or earlier.state == "dead" else earlier.bounces,
            verified_at=None,
            updated_at=now,
        )
        notices.put_contact(conn, row)
        payload = {"user": actor.user, "what": "code", "number": row.number}
        effect_key = f"code.{secrets.token_hex(12)}"
        queue_message(host, conn, "", effect_key, channel, payload, now)
        return None

    until = host.write(transaction)
    if until is not None:
        raise TooOften(until)


def prove_code(host: Host, actor: Actor, channel: str, code: str) -> None:
    """Prove an address by the code that was sent to it.

    Raises:
        NotFound: No address of this channel waits for a code.
        InvalidInput: The code is wrong.
        Conflict: It holds no more, or was typed wrong too often: another one is needed.
    """
    _require(host, actor, channel)
    now, typed = host.clock(), "".join(code.split())

    def transaction(conn: Connection) -> str:
        row = notices.find_contact(conn, actor.user, channel, lock=True)
        if row is None or row.state != "asked":
            return "none"
        is_over = row.code_until is None or row.code_until <= now or row.code_tries >= MOST_TRIES
        if row.sealed_code is None or is_over:
            return "over"
        right = host.keys.open(row.sealed_code)
        if not hmac.compare_digest(right, typed.encode()):
            notices.set_contact(conn, actor.user, channel, code_tries=row.code_tries + 1)
            return "wrong" if row.code_tries + 1 < MOST_TRIES else "over"
        proved = {"state": "verified", "sealed_code": None, "code_until": None, "bounces": 0}
        notices.set_contact(conn, actor.user, channel, verified_at=now, updated_at=now, **proved)
        return "proved"

    result = host.write(transaction)
    if result == "none":
        raise NotFound("No address waits for a code")
    if result == "over":
        raise Conflict("This code holds no more; ask for another one")
    if result == "wrong":
        raise InvalidInput("The code is wrong", {channel: "The code is wrong"})


def switch_contact(host: Host, actor: Actor, channel: str, *, is_on: bool) -> None:
    """Let an address be told of news, or not; raise NotFound where it was not proved."""
    _require(host, actor, channel)

    def transaction(conn: Connection) -> None:
        row = notices.find_contact(conn, actor.user, channel, lock=True)
        if row is None or row.state != "verified":
            raise NotFound("No such address")
        notices.set_contact(conn, actor.user, channel, is_on=is_on, updated_at=host.clock())

    host.write(transaction)


def forget_contact(host: Host, actor: Actor, channel: str) -> None:
    """Forget an address; nothing is sent to it any more."""
    host.write(lambda conn: notices.drop_contact(conn, actor.user, channel))


def set_wishes(host: Host, actor: Actor, language: str, *, only_required: bool) -> None:
    """Choose the language of messages, and whether to be told only what the law wants delivered.

    Raises:
        InvalidInput: There is no such language.
    """
    if language not in LANGUAGES:
        raise InvalidInput("A language is zh or en", {"language": "zh or en"})
    row = ReaderRow(actor.user, language, only_required)
    host.write(lambda conn: notices.put_reader(conn, row))


def checked_address(channel: str, address: str, today: date) -> str:
    """Return an address as messages go to it; raise InvalidInput for what is none."""
    address = address.strip()
    if channel == "email":
        if not is_address(address):
            raise InvalidInput("This is no e-mail address", {channel: "no e-mail address"})
        return address
    verdict = RULES["phone"](address, Surroundings(today))
    if verdict.problem is not None:
        raise InvalidInput("This is no mobile number", {channel: "no mobile number"})
    return str(verdict.value)


def _require(host: Host, actor: Actor, channel: str) -> None:
    require_role(actor, *APPLICANTS)
    if channel not in host.settings.channels:
        raise NotFound("There is no such channel")


def _count(  # noqa: PLR0913 - who asks for what
    host: Host, conn: Connection, user: str, channel: str, address: str, now: datetime
) -> datetime | None:
    """Count a code; return until when no more are sent, where it is one too many."""
    counted = (
        (["code of", user, channel], _PER_HOUR, timedelta(hours=1)),
        (["code to", channel, address.lower()], _PER_DAY, timedelta(days=1)),
    )
    for what, most, within in counted:
        key = host.keys.digest(what)
        if identity.count_rate(conn, key, 1, now, now + within) > most:
            return identity.rate_of(conn, key, now)[1]
    return None


def _view(host: Host, row: ContactRow) -> ContactView:
    shortened: Callable[[str], str] = _short_mail if row.channel == "email" else _short_number
    now = host.clock()
    is_due = row.code_until is not None and row.code_until > now and row.code_tries < MOST_TRIES
    return ContactView(
        channel=row.channel,
        address=shortened(host.keys.open(row.sealed_address).decode()),
        state=row.state,
        is_on=row.is_on,
        is_code_due=row.state == "asked" and is_due,
        bounces=row.bounces,
    )


def _short_mail(address: str) -> str:
    local, _, host = address.partition("@")
    return f"{local[:1]}***@{host}"


def _short_number(number: str) -> str:
    return f"{number[:3]}****{number[-4:]}"
