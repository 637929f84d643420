"""What the table of electronic supervision says of the clocks of a case.

The table travels with each deployment; what it is told of a clock is reckoned here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from onething import calendar
from onething.cards import CardRow
from onething.clocks import Clock, Ledger
from onething.definitions import Definition
from onething.feel import Environment
from onething.runtime.host import Host

TABLE = "supervision-cards"
_LIMITS = "shared-limits"
_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class WantedCard:
    """A card that the table asks for."""

    clock: Clock | None
    """None for the case as a whole."""
    rule: str
    colour: Any
    addressee: str
    basis: str


@dataclass(slots=True)
class Supervision:
    """Asks the table about the clocks of one case at one instant."""

    host: Host
    definition: Definition
    clocks: Sequence[Clock]
    cards: Sequence[CardRow]
    """Those that stand already: each rule asks once a clock."""
    activities: Mapping[str, str]
    """Process and activity of its tasks, by token: `shared-rate/call-back`."""
    now: datetime

    def of_clocks(self) -> list[WantedCard]:
        """Return the cards that are missing on the clocks, oldest clock first."""
        if TABLE not in self.definition.process.decisions:
            return []
        return [one for clock in self.clocks if _is_watched(clock) for one in self._of(clock)]

    def of_case(self, raised: Iterable[Any] = ()) -> list[WantedCard]:
        """Return the cards that are missing on the case, with the colours just raised."""
        if TABLE not in self.definition.process.decisions:
            return []
        yellow = [one for one in self.cards if one.colour == "yellow" and one.state != "waived"]
        count = len(yellow) + sum(colour == "yellow" for colour in raised)
        return list(self._asked(None, _facts("case", yellowCards=Decimal(count))))

    def reply_due_at(self) -> datetime | None:
        """Return the first instant at which a reply is too late; None without such a limit."""
        parameters = self.definition.service.parameter_values()
        given = {"limitName": "supervise", "parameters": parameters}
        limit = (self._decided(_LIMITS, given) or {}).get("limit")
        if not limit:
            return None
        start = self.now.astimezone(self.host.zone)
        parsed = calendar.parse_limit(limit)
        return calendar.due_at(start, parsed, self.host.calendar, self.host.zone)

    def _of(self, clock: Clock) -> Iterator[WantedCard]:
        days, share = self._remaining(clock)
        facts = _facts(
            clock.kind,
            remainingDays=days,
            remainingShare=share,
            promisedPassed=_is_passed(clock.promised_due_at, self.now),
            statutoryPassed=_is_passed(clock.statutory_due_at, self.now),
            supplementNotices=Decimal(self._notices_up_to(clock)),
            sharedRequested=Decimal(sum(one.kind == "shared" for one in clock.entries)),
            activity=self.activities.get(clock.token or ""),
        )
        yield from self._asked(clock, facts)

    def _asked(self, clock: Clock | None, facts: dict[str, Any]) -> Iterator[WantedCard]:
        clock_id = None if clock is None else clock.clock_id
        known = {one.rule for one in self.cards if one.clock_id == clock_id}
        for told in self._decided(TABLE, facts) or ():
            if told["rule"] not in known:
                known.add(told["rule"])
                yield WantedCard(clock, told["rule"], told["colour"], told["to"], told["article"])

    def _decided(self, decision: str, given: dict[str, Any]) -> Any:  # noqa: ANN401 - a FEEL value
        model = self.definition.process.decision_model(decision)
        return model.evaluate(decision, given, self._env).value

    @property
    def _env(self) -> Environment:
        return self.host.environment(self.now)

    def _remaining(self, clock: Clock) -> tuple[Decimal | None, Decimal | None]:
        """Return the working days left of the promise, and the share of it that is left.

        A promise of hours has no days left to tell of.
        """
        ledger = clock.ledger("promised")
        if ledger is None or clock.promised_due_at is None:
            return None, None
        if not ledger.counts_days:
            return None, self._share_of_hours(clock, clock.promised_due_at)
        zone, place = self.host.zone, clock.jurisdiction
        today = self.now.astimezone(zone).date()
        last = (clock.promised_due_at - _AN_INSTANT).astimezone(zone).date()
        count = self.host.calendar.count_working_days
        left = Decimal(count(today.toordinal(), last.toordinal(), place))
        return left, self._share_left(ledger, place, today)

    def _share_left(self, ledger: Ledger, place: str, today: date) -> Decimal | None:
        days = ledger.explain(self.host.calendar, place, today=today)
        counted = [one.on for one in days if one.number is not None]
        if not counted:
            return None
        return Decimal(sum(on > today for on in counted)) / Decimal(len(counted))

    def _share_of_hours(self, clock: Clock, due_at: datetime) -> Decimal | None:
        def until_due(start: datetime) -> int:
            by, zone = self.host.calendar, self.host.zone
            place = clock.jurisdiction
            left = calendar.office_time(start, due_at, by, zone, jurisdiction=place)
            return left // _AN_INSTANT

        whole = until_due(clock.started_at)
        return Decimal(until_due(self.now)) / Decimal(whole) if whole else None

    def _notices_up_to(self, clock: Clock) -> int:
        """Count a department's notices to supplement up to one."""
        same = [one for one in self.clocks if one.kind == "supplement"]
        mine = [one.clock_id for one in same if one.department == clock.department]
        return mine.index(clock.clock_id) + 1 if clock.clock_id in mine else 0


def _is_watched(clock: Clock) -> bool:
    """Tell whether a clock can raise cards: it runs, or it is a reception that ran out.

    The promise of a case as a whole follows from its items, which are watched themselves.
    """
    if clock.is_derived:
        return False
    return clock.state == "running" or (clock.kind == "reception" and clock.state == "expired")


def _is_passed(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at <= now


def _facts(kind: str, **known: Any) -> dict[str, Any]:  # noqa: ANN401 - FEEL values
    """Return what the table is told of a clock; what is not known is null."""
    return {
        "clockKind": kind,
        "remainingDays": None,
        "remainingShare": None,
        "promisedPassed": False,
        "statutoryPassed": False,
        "supplementNotices": Decimal(0),
        "sharedRequested": Decimal(0),
        "activity": None,
        "yellowCards": Decimal(0),
        **known,
    }
