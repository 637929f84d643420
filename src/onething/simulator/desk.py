"""Where a department's answer is made: its records, the day, and who answers what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from onething.connectors import Operation
from onething.errors import DepartmentRefused
from onething.simulator.records import Records, Row

ZONE = ZoneInfo("Asia/Shanghai")
"""The departments' legal zone."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One request's view of a department."""

    records: Records
    operation: Operation
    now: datetime
    """The present instant in the legal zone."""

    @property
    def today(self) -> str:
        """The legal day, as ISO text."""
        return self.now.date().isoformat()

    def number(self, letters: str, digits: int = 6) -> str:
        """Draw a number of the day: letters, date, running digits."""
        return self.records.number(f"{letters}{self.now:%Y%m%d}", digits)

    def receipt(self) -> str:
        """Draw the number of a receipt of this department."""
        return self.number(self.operation.department.upper())

    def person(self, id_no: str) -> Row:
        """Return a person the police know; refuse NO_RECORD for anyone else."""
        return self.records.need("people", "查无此人", idNo=id_no)

    def living_person(self, id_no: str) -> Row:
        """Return a person who is alive; refuse CONFLICT for the dead."""
        person = self.person(id_no)
        if not person["alive"]:
            raise DepartmentRefused("CONFLICT", "该人户口已因死亡注销")
        return person

    def pay(self, id_no: str, payee: str | None, bank: str | None, amount: Any) -> str:  # noqa: ANN401 - int or Decimal
        """Record a payment and return its number."""
        number = self.number("PAY")
        self.records.put(
            "payments",
            {
                "paymentNo": number,
                "operation": self.operation.id,
                "idNo": id_no,
                "payeeIdNo": payee,
                "bank": bank,
                "amount": amount,
            },
        )
        return number


Answer = Callable[[Desk, Row], Row]
"""Answers one operation from the records; raises DepartmentRefused."""

ANSWERS: dict[str, Answer] = {}
"""Who answers which operation; filled by the modules of ``departments``."""


def answers(operation_id: str) -> Callable[[Answer], Answer]:
    """Declare that the function answers this operation."""

    def declare(answer: Answer) -> Answer:
        if operation_id in ANSWERS:
            raise ValueError(f"{operation_id} is answered twice")
        ANSWERS[operation_id] = answer
        return answer

    return declare


def refuse_twice(done: object, told: str) -> None:
    """Refuse with CONFLICT what was done before."""
    if done:
        raise DepartmentRefused("CONFLICT", told)


def iso_date(text: str) -> date:
    """Read a date; refuse CONFLICT when there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DepartmentRefused("CONFLICT", f"没有这一天：{text}") from error
