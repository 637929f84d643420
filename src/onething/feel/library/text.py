"""Built-in functions on strings; positions count code points from 1.

Source: DMN 1.5, 10.3.4.3.
"""

from decimal import Decimal
from typing import Final

from onething.errors import ExpressionLimitExceeded
from onething.feel.environment import Run
from onething.feel.library import patterns
from onething.feel.library.registry import builtin
from onething.feel.values import UNSET, NoValue, Unset, Value

_START: Final = "start position"


@builtin("substring(string: string, start position: number, length: number?)")
def _substring(string: str, start: Decimal, length: Decimal | Unset = UNSET) -> str:
    place = int(start)
    if place == 0 or abs(place) > len(string):
        raise NoValue(f"the {_START} {place} is not in a text of {len(string)}")
    begin = place - 1 if place > 0 else len(string) + place
    if isinstance(length, Unset):
        return string[begin:]
    if length < 1:
        raise NoValue("the length is less than 1")
    return string[begin : begin + int(length)]


@builtin("string length(string: string)")
def _string_length(string: str) -> int:
    return len(string)


@builtin("upper case(string: string)")
def _upper_case(string: str) -> str:
    return string.upper()


@builtin("lower case(string: string)")
def _lower_case(string: str) -> str:
    return string.lower()


@builtin("substring before(string: string, match: string)")
def _substring_before(string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def _substring_after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string)")
def _contains(string: str, match: str) -> bool:
    return match in string


@builtin("starts with(string: string, match: string)")
def _starts_with(string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with(string: string, match: string)")
def _ends_with(string: str, match: str) -> bool:
    return string.endswith(match)


@builtin("matches(input: string, pattern: string, flags: string|null?)", needs_run=True)
def _matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    return patterns.found(run, text, pattern, flags or "")


@builtin(
    "replace(input: string, pattern: string, replacement: string, flags: string|null?)",
    needs_run=True,
)
def _replace(run: Run, text: str, pattern: str, new: str, flags: str | None = None) -> str:
    return patterns.replaced(run, text, pattern, new, flags or "")


@builtin("split(string: string, delimiter: string)", needs_run=True)
def _split(run: Run, string: str, delimiter: str) -> list[str]:
    return patterns.split(run, string, delimiter)


@builtin("extract(string: string, pattern: string)", needs_run=True)
def _extract(run: Run, string: str, pattern: str) -> list[str]:
    return patterns.extracted(run, string, pattern)


@builtin("string join(list: list, delimiter: string|null?)", needs_run=True)
def _string_join(run: Run, parts: list[Value], delimiter: str | None = None) -> str:
    texts = [part for part in parts if part is not None]
    if not all(isinstance(part, str) for part in texts):
        raise NoValue("the list holds something that is no string")
    separator = delimiter or ""
    size = sum(map(len, texts)) + len(separator) * len(texts)
    if size > run.env.limits.value_chars:
        raise ExpressionLimitExceeded(f"a text of {size} characters is too long")
    return separator.join(texts)


@builtin("trim(string: string)")
def _trim(string: str) -> str:
    return string.strip()


@builtin("is blank(string: string)")
def _is_blank(string: str) -> bool:
    return not string.strip()
