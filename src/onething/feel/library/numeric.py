"""Built-in functions on numbers. Source: DMN 1.5, 10.3.4.5."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Final

from onething.feel.library.registry import builtin
from onething.feel.temporal import DaysDuration, MonthsDuration
from onething.feel.values import DECIMAL, NoValue

_LEAST_SCALE: Final = -6111
_MOST_SCALE: Final = 6176


def _rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal:
    places = int(scale)
    if not _LEAST_SCALE <= places <= _MOST_SCALE:
        raise NoValue(f"a scale of {places} is out of range")
    exponent = Decimal((0, (1,), -places))
    if Decimal(number).adjusted() + places >= DECIMAL.prec:
        return Decimal(number)  # it has no digits beyond that place
    return Decimal(number).quantize(exponent, rounding, DECIMAL)


@builtin("decimal(n: number, scale: number)")
def _decimal(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale: number?)")
def _floor(n: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    return _rounded(n, scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale: number?)")
def _ceiling(n: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
    return _rounded(n, scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def _round_up(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)")
def _round_down(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def _round_half_up(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def _round_half_down(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number)")
def _abs(n: Decimal) -> Decimal:
    return abs(n)


@builtin("abs(n: days|months)")
def _abs_duration(n: DaysDuration | MonthsDuration) -> DaysDuration | MonthsDuration:
    return type(n)(abs(n[0]))


@builtin("modulo(dividend: number, divisor: number)")
def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    if divisor == 0:
        raise NoValue("the divisor is 0")
    quotient = DECIMAL.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)
    return DECIMAL.subtract(dividend, DECIMAL.multiply(divisor, quotient))


@builtin("sqrt(number: number)")
def _sqrt(number: Decimal) -> Decimal:
    return DECIMAL.sqrt(number)


@builtin("log(number: number)")
def _log(number: Decimal) -> Decimal:
    if number <= 0:
        raise NoValue("only positive numbers have a logarithm")
    return DECIMAL.ln(number)


@builtin("exp(number: number)")
def _exp(number: Decimal) -> Decimal:
    return DECIMAL.exp(number)


@builtin("odd(number: number)")
def _odd(number: Decimal) -> bool:
    return abs(number) % 2 == 1


@builtin("even(number: number)")
def _even(number: Decimal) -> bool:
    return number % 2 == 0
