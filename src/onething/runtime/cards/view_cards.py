"""Cards as those who answer for them see them, and what departments come to."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import Connection

from onething import cards, cases, clocks
from onething.cards import CardRow, Filter
from onething.cases import CaseRow
from onething.clocks import Clock
from onething.errors import NotFound
from onething.identity import Actor
from onething.runtime.cases.view_case import log_access
from onething.runtime.clocks.view_clocks import ClockView, explained
from onething.runtime.host import Host
from onething.runtime.permissions import require_role, sees_card, supervises_all
from onething.runtime.sealing import text_opener

_QUEUE_SIZE = 50
FIGURES_OF = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class CardView:
    """One card with what was said about it."""

    card: CardRow
    case: CaseRow
    clock: ClockView | None
    """The clock explained; None for a card on the case as a whole."""
    reply: str
    review: str


@dataclass(slots=True)
class Figures:
    """What one department came to in a time."""

    department: str
    ended: int = 0
    """Items with a result."""
    on_time: int = 0
    """Of those, within the promise."""
    shares: list[Fraction] = field(default_factory=list)
    """Of those that took days: which share of the limit's days was used."""
    cards: dict[str, int] = field(default_factory=dict)
    """Cards that were not waived, by colour."""
    second_notices: int = 0
    """Applicants who were asked for a supplement a second time."""

    @property
    def average_share(self) -> float | None:
        """Average share of the limit that was used; None where nothing took days."""
        return float(sum(self.shares) / len(self.shares)) if self.shares else None


def list_cards(
    host: Host, actor: Actor, wanted: Filter, *, after: str | None = None, limit: int = 50
) -> list[CardRow]:
    """Return the cards that a supervisor answers for, newest first.

    A supervisor sees those of the own department; one without a department, and an auditor, all;
    a deputy sees what was handed up in the own department.

    Raises:
        NotAllowed: The person is neither supervisor, deputy nor auditor.
        NotFound: `after` names no card.
    """
    with host.database.read() as conn:
        return cards.listing(conn, _own(actor, wanted), after=after, limit=limit)


def count_cards(host: Host, actor: Actor, wanted: Filter) -> int:
    """Return how many cards of a filter a supervisor answers for; raises as `list_cards`."""
    with host.database.read() as conn:
        return cards.count(conn, _own(actor, wanted))


def own_cards(host: Host, actor: Actor) -> list[CardRow]:
    """Return unanswered cards of the own post whose clock still runs, or that owe a reply.

    Whose reply is due first comes first.
    """
    if not actor.department:
        return []
    with host.database.read() as conn:
        found = cards.waiting(conn, actor.department, _QUEUE_SIZE)
        seen = [one for one in found if sees_card(actor, one)]
        ids = list(dict.fromkeys(one.instance_id for one in seen))
        running = {
            (one.instance_id, one.clock_id)
            for of_case in clocks.of_cases(conn, ids).values()
            for one in of_case
            if one.is_open
        }
    return [one for one in seen if one.reply_due_at or (one.instance_id, one.clock_id) in running]


def view_card(host: Host, actor: Actor, card_id: str) -> CardView:
    """Return a card with reply and review, and log the reading.

    Raises:
        NotFound: There is none, or it is not this person's to see.
    """
    with host.database.read() as conn:
        card = cards.get(conn, card_id)
        if not sees_card(actor, card):
            raise NotFound(f"No card {card_id}")
        view = _view(host, conn, card)
    log_access(host, actor, card.case_no, "card", ["reply", "review"], allowed=True)
    return view


def _view(host: Host, conn: Connection, card: CardRow) -> CardView:
    unseal = text_opener(host.keys, conn, card.instance_id)
    of_case = clocks.of_case(conn, card.instance_id)
    clock = next((one for one in of_case if one.clock_id == card.clock_id), None)
    return CardView(
        card=card,
        case=cases.of_instance(conn, card.instance_id),
        clock=None if clock is None else explained(host, clock),
        reply=unseal(card.sealed_reply) if card.sealed_reply else "",
        review=unseal(card.sealed_review) if card.sealed_review else "",
    )


def figures(
    host: Host, actor: Actor, since: datetime | None = None, until: datetime | None = None
) -> list[Figures]:
    """Return what departments came to between two instants, in the last 90 days if none is given.

    Raises:
        NotAllowed: The person is neither supervisor, deputy nor auditor.
    """
    since = since or (until or host.clock()) - FIGURES_OF
    only = replace(_own(actor, Filter(since=since, until=until)), handed_up=False)
    found: dict[str, Figures] = {}
    with host.database.read() as conn:
        ended = clocks.ended(conn, since, until, department=only.department)
        tally = cards.tally(conn, only)
        again = clocks.second_notices(conn, since, until)
    for clock in ended:
        if clock.department and only.department in (None, clock.department):
            _count(host, found.setdefault(clock.department, Figures(clock.department)), clock)
    for (department, colour), number in tally.items():
        if department:
            found.setdefault(department, Figures(department)).cards[colour] = number
    for department, number in again.items():
        if only.department in (None, department):
            found.setdefault(department, Figures(department)).second_notices = number
    return [found[name] for name in sorted(found)]


def _count(host: Host, one: Figures, clock: Clock) -> None:
    """Add an ended clock to the figures of its department."""
    ended, due_at = clock.ended_at, clock.promised_due_at or clock.statutory_due_at
    if ended is None or due_at is None:
        return
    one.ended += 1
    one.on_time += ended <= due_at
    ledger = clock.ledger("promised") or clock.ledger("statutory")
    on = ended.astimezone(host.zone).date()
    days = ledger.explain(host.calendar, clock.jurisdiction, today=on) if ledger else []
    counted = [day.on for day in days if day.number is not None]
    if counted:
        one.shares.append(Fraction(sum(day <= on for day in counted), len(counted)))


def _own(actor: Actor, wanted: Filter) -> Filter:
    require_role(actor, "supervisor", "auditor", "deputy")
    if supervises_all(actor):
        return wanted
    is_deputy = "supervisor" not in actor.roles
    return replace(wanted, department=actor.department, handed_up=is_deputy)
