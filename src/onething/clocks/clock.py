"""A clock as it stands: what it limits, how far it is, and its ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from onething.clocks.ledger import Entry, Ledger

Owner = Literal["case", "item", "task"]
Kind = Literal["reception", "handling", "supplement", "notice", "cooling-off", "collection", "task"]
State = Literal["running", "paused", "stopped", "expired"]
"""expired: the period ran out, as a cooling-off period is meant to and a reception is not."""
Leg = Literal["statutory", "promised"]

KINDS: tuple[Kind, ...] = (
    "reception",
    "handling",
    "supplement",
    "notice",
    "cooling-off",
    "collection",
    "task",
)
OPEN: tuple[State, ...] = ("running", "paused")


@dataclass(frozen=True, slots=True)
class Clock:
    """One legal or promised time limit of a case, an item or a task."""

    instance_id: str
    clock_id: str
    """Unique in the case: `reception`, `handling.adoption`, `task.17`; `#2` for a second one."""
    owner: Owner
    item_id: str | None
    token: str | None
    department: str | None
    kind: Kind
    started_on: date
    """The legal day; it does not count itself."""
    started_at: datetime
    statutory: str | None
    """The limit of the law; None where the law sets none."""
    promised: str | None
    statutory_due_at: datetime | None
    """The first instant that is too late."""
    promised_due_at: datetime | None
    provisional: bool
    """A year without a notice was needed."""
    state: State
    ended_at: datetime | None
    calendar_version: str
    """The calendar by which the due dates stand."""
    jurisdiction: str
    basis: str
    entries: tuple[Entry, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the clock runs or is paused."""
        return self.state in OPEN

    @property
    def is_derived(self) -> bool:
        """Whether the due day follows from other clocks: the promise of a case as a whole."""
        return self.owner == "case" and self.kind == "handling"

    @property
    def counts_days(self) -> bool:
        """Whether every limit of it ends with a day, and not within one by office hours."""
        found = (self.ledger("statutory"), self.ledger("promised"))
        return all(one.counts_days for one in found if one is not None)

    @property
    def paused_for(self) -> frozenset[str]:
        """The reasons for which it is paused now."""
        ledger = self.ledger("statutory") or self.ledger("promised")
        return frozenset(one.reason for one in ledger.open_pauses) if ledger else frozenset()

    def ledger(self, leg: Leg) -> Ledger | None:
        """Return one leg with its entries; None where it has no such limit or is derived."""
        if self.is_derived:
            return None
        limit = self.statutory if leg == "statutory" else self.promised
        return Ledger(self.started_on, limit, self.entries) if limit else None
