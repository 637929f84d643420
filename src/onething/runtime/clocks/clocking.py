"""From a step to clocks: what its marks, tasks and ends mean to the clocks of its case.

Where a diagram says nothing, an item's handling clock starts when work on the item begins and
stops with its result, with the limits of the manifest; acceptance stops the reception clock;
the end of a case stops everything. Moving work between departments moves no clock.

Source: 行政许可法 32 (reception), 42 (extension), 45 (time that does not count).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from onething import cases, clocks
from onething.clocks import Clock, Kind, Opening, Part, Register, State, Why
from onething.definitions import Item, Service
from onething.engine import Mark, Step
from onething.errors import ClockRefused, InvalidInput
from onething.runtime.clocks.clock_marks import Told
from onething.runtime.clocks.limit_texts import legal_limit

SUPPLEMENT_BY = "window"
"""Who asks for a supplement that belongs to no item: the front desk."""
_TURNS = ("pause", "exclude", "resume", "stop", "expire")
"""What a mark does to clocks that are open, in this order; then it starts others."""
_CLOSED = ("CLOSED", "ARCHIVED")


@dataclass(slots=True)
class Clocking:
    """Moves the clocks of one case by one step."""

    register: Register
    service: Service
    step: Step
    departments: Mapping[str, str | None]
    """Department of every task that the step opened, by token; None for a party's task."""
    by: str | None
    """Account of the person behind the command; None where the product itself acts."""
    items: Callable[[], Mapping[str, str]]
    """Reads the states of the case's items after the step: others were never applied for."""

    def run(self) -> None:
        """Move the clocks.

        Raises:
            ClockRefused: The model asks for what the law refuses; the reason says what.
            InvalidInput: A property names no kind of clock or no date.
            CalendarError: A property names no limit.
        """
        for mark in self.step.marks:
            self._mark(mark)
        self._begin_work()
        self._tasks()
        if self.step.status != "active":
            self._stop_all()
        if _has_moved(self.register):
            reckon(self.register, self.service, self.items())

    def _mark(self, mark: Mark) -> None:
        told = Told(mark.properties)
        if mark.properties.get("case.state") == "ACCEPTED":
            self._accept(told)
        if "supplement" in told.kinds("check"):
            self._sign_off(self._department(told), told)
        self._turn(told)
        self._extend(told)
        for kind in told.kinds("start"):
            self._start(kind, told)
        self._item_state(mark)
        if mark.properties.get("case.state") in _CLOSED:
            self._stop_all(but="task")

    # -- the case ------------------------------------------------------------------------

    def _accept(self, told: Told) -> None:
        """Let acceptance end the reception clock: in time, or deemed when it had run out."""
        for clock in self.register.open("reception"):
            self.register.stop(clock.clock_id, told.why(self.by))
        last = self.register.latest("reception")
        if last is not None and "reception" in told.kinds("deem"):
            self.register.deem(last.clock_id, told.why(self.by))

    def _stop_all(self, but: str = "") -> None:
        for clock in self.register.open():
            if clock.kind != but:
                self.register.stop(clock.clock_id)

    # -- what the diagram says -----------------------------------------------------------

    def _turn(self, told: Told) -> None:
        for turn in _TURNS:
            for kind in told.kinds(turn):
                for clock in self._meant(kind, told.item):
                    self._turn_one(turn, clock, told.why(self.by))

    def _meant(self, kind: Kind, item: str | None) -> Iterator[Clock]:
        """Yield the open clocks that a mark means: of its item, or of the case as a whole."""
        for clock in self.register.open(kind):
            of_case = clock.item_id is None and (item is None or self.service.item(item) is None)
            if kind == "reception" or of_case or item in (None, clock.item_id):
                yield clock

    def _turn_one(self, turn: str, clock: Clock, why: Why) -> None:
        """Move one open clock; what it is or is not already, it stays."""
        paused_for = clock.paused_for
        if turn == "resume" and why.reason in paused_for:
            self.register.resume(clock.clock_id, why)
        elif turn == "pause" and why.reason not in paused_for:
            self.register.pause(clock.clock_id, why)
        elif turn == "exclude" and why.reason not in paused_for:
            self.register.pause(clock.clock_id, why, kind="exclusion")
        elif turn in {"stop", "expire"}:
            state: State = "expired" if turn == "expire" else "stopped"
            self.register.stop(clock.clock_id, why, state=state)

    def _extend(self, told: Told) -> None:
        limit = told.text("extend")
        if limit:
            for clock in self.register.open("handling", item_id=told.item):
                self.register.extend(clock.clock_id, limit, told.why(self.by))

    def _start(self, kind: Kind, told: Told) -> None:
        """Start a clock that the diagram names; an item's handling has the manifest's limits."""
        item = self.service.item(told.item)
        if kind == "handling" and item is not None:
            self._handle(item, told)
            return
        department = self._department(told)
        why = told.why(self.by)
        if kind == "supplement":
            why = self._sign_off(department, told) or Why(why.reason, None, why.basis)
        limit, promised = legal_limit(told.text("limit")), legal_limit(told.text("promised"))
        if limit is None and promised is None:
            raise InvalidInput(f"onething:clock.limit of a {kind} clock is no limit")
        started = self.register.start(
            Opening(
                kind=kind,
                owner="item" if item is not None else "case",
                item_id=None if item is None else item.id,
                department=department,
                statutory=limit,
                promised=promised,
                since=told.day("since"),
                reason=why.reason,
                approver=why.approver,
                basis=why.basis,
            )
        )
        for material in self._shared(told.texts("materials"), item):
            self.register.note_shared(started.clock_id, material)

    def _shared(self, names: list[str], item: Item | None) -> list[str]:
        """Return which of some materials' names the departments share among each other.

        Source: the report of electronic supervision (重复索要); the list is the manifest's.
        """
        items = self.service.items if item is None else (item,)
        shared = {one.name for each in items for one in each.materials if one.source == "SHARE"}
        return sorted(shared & set(names))

    def _department(self, told: Told) -> str:
        """Return whose notice a mark means: the item's department's, else the front desk's."""
        item = self.service.item(told.item)
        return SUPPLEMENT_BY if item is None else item.department

    def _sign_off(self, department: str, told: Told) -> Why | None:
        """Return a supervisor's reason for a department's second notice; None for the first.

        The reason stands in the mark, or in the permission that a supervisor gave before.

        Raises:
            ClockRefused: There is none.

        Source: 行政许可法 第三十二条第四项 (everything at once); the sign-off is an assumption.
        """
        last = self.register.last_notice(department)
        if last is None:
            return None
        approver, reason = told.text("approver"), told.text("approval")
        if approver and reason:
            return Why(reason, approver, told.why(None).basis)
        permit = last.entries[-1]
        if permit.kind == "permit":
            return Why(permit.reason, permit.approver, permit.basis)
        told_so = f"A second supplement notice of {department} needs a supervisor's reason"
        raise ClockRefused("second", f"{told_so}; a supervisor of it permits it on the case")

    # -- items ---------------------------------------------------------------------------

    def _item_state(self, mark: Mark) -> None:
        item = self.service.item(mark.properties.get("item"))
        state = mark.properties.get("item.state")
        if item is None or not state:
            return
        if state in cases.ENDED:
            self._finish(item, state)
        elif not Told(mark.properties).decides:
            self._handle(item, Told({}))

    def _finish(self, item: Item, state: str) -> None:
        """Stop an item's clocks; one that was decided at once still shows its clock."""
        if state in {"granted", "denied"} and self.register.latest(f"handling.{item.id}") is None:
            self._handle(item, Told({}))
        for clock in self.register.open(item_id=item.id):
            if clock.kind != "task":
                self.register.stop(clock.clock_id)

    def _handle(self, item: Item, told: Told) -> None:
        """Start an item's handling clock unless it is open."""
        last = self.register.latest(f"handling.{item.id}")
        if item.id not in self.items() or (last is not None and last.is_open):
            return
        statutory, promised = legal_limit(item.statutory), legal_limit(item.promised)
        if statutory is None and promised is None:
            return
        accepted_on, is_deemed = (None, False) if item.after or last else self._accepted_on
        self.register.start(
            Opening(
                kind="handling",
                owner="item",
                item_id=item.id,
                department=item.department,
                statutory=statutory,
                promised=promised,
                since=told.day("since") or accepted_on,
                is_deemed=is_deemed,
                basis="; ".join(item.legal_basis),
            )
        )

    @property
    def _accepted_on(self) -> tuple[date | None, bool]:
        """The day from which the first items count where it is not today's, and if deemed.

        After a deemed acceptance it is the day on which the materials came; after a supplement
        the day on which it was complete, for what begins on the day of the decision.

        Source: 行政许可法 第三十二条第四项, 第五项.
        """
        last = self.register.latest("reception")
        if last is None or last.is_open:
            return None, False
        if last.entries[-1].kind == "deemed":
            return last.started_on, True
        is_supplemented = "#" in last.clock_id and last.state == "stopped"
        decided_today = last.entries[-1].first == self.register.frame.today
        return (last.started_on if is_supplemented and decided_today else None), False

    def _begin_work(self) -> None:
        """Start the handling clock of items whose first task or call now waits."""
        if any(True for _ in self.register.open("reception", "supplement")):
            return
        waiting = [one.properties for one in self.step.tasks_opened]
        waiting += [one.properties for one in self.step.jobs_opened]
        for properties in waiting:
            item = self.service.item(properties.get("item"))
            is_new = item is not None and self.register.latest(f"handling.{item.id}") is None
            if item is not None and is_new and not Told(properties).decides:
                self._handle(item, Told({}))

    # -- tasks ---------------------------------------------------------------------------

    def _tasks(self) -> None:
        for token in self.step.tasks_closed:
            for clock in self.register.open("task"):
                if clock.token == token:
                    self.register.stop(clock.clock_id)
        gone = set(self.step.tasks_closed)
        for task in self.step.tasks_opened:
            limit = legal_limit(task.properties.get("limit"))
            department = self.departments.get(task.token)
            if limit is None or department is None or task.token in gone:
                continue
            self.register.start(
                Opening(
                    kind="task",
                    owner="task",
                    token=task.token,
                    item_id=task.properties.get("item"),
                    department=department,
                    promised=limit,
                    basis=str(task.properties.get("basis") or ""),
                )
            )


def reckon(register: Register, service: Service, items: Mapping[str, str]) -> None:
    """Let the promise of a case follow from its items: their states are given by id."""
    parts = [
        Part(
            item_id=item.id,
            promised=legal_limit(item.promised) or legal_limit(item.statutory),
            after=item.after,
            is_over=items[item.id] in cases.ENDED,
        )
        for item in service.items
        if item.id in items
    ]
    clocks.reckon(register, parts)


def _has_moved(register: Register) -> bool:
    """Tell whether a clock has moved on which the promise of the case could rest."""
    return any(register.clocks[name].kind == "handling" for name in register.changes)
