"""Rules on amounts and bank cards. Source: report §1.10, ISO/IEC 7812-1 (Luhn)."""

import re
from decimal import Decimal

from onething.forms.json_value import Json
from onething.forms.rules.verdict import Surroundings, Verdict, refused

_CARD = re.compile(r"[0-9]{16,19}")
_CENTS = Decimal("0.01")
_AMOUNT_BOUND = Decimal(10) ** 14


def amount(value: Json, _: Surroundings) -> Verdict:
    """Check an amount in yuan: decimal(16,2), not negative."""
    fits = (
        isinstance(value, int | Decimal)
        and not isinstance(value, bool)
        and 0 <= value < _AMOUNT_BOUND
        and value % _CENTS == 0
    )
    return Verdict(value) if fits else refused(value, "amount")


def bank_card(value: Json, _: Surroundings) -> Verdict:
    """Check the number of a bank card: 16 to 19 digits with a Luhn check digit."""
    digits = re.sub(r"[\s-]", "", str(value))
    if not _CARD.fullmatch(digits):
        return refused(digits, "bank_card.form")
    return Verdict(digits) if luhn(digits) else refused(digits, "bank_card.check")


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others."""
    doubled = (int(digit) * (1 + odd % 2) for odd, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
