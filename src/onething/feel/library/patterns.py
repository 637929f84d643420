r"""Regular expressions of XPath, run with a bound on their time.

The `regex` library knows `\p{…}` and set difference, which `re` does not, and stops a
search that backtracks without end. Source: DMN 1.5, 10.3.4.3 (matches, replace, split);
XQuery and XPath Functions 3.1, 5.6.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, TypeVar

import regex

from onething.errors import ExpressionLimitExceeded
from onething.feel.environment import Run
from onething.feel.library.xpath_patterns import translated
from onething.feel.values import NoValue

_FLAGS: Final = {
    "s": regex.DOTALL,
    "m": regex.MULTILINE,
    "i": regex.IGNORECASE,
    "x": 0,
    "q": 0,
}
_MOST_CHARS: Final = 2000
Result = TypeVar("Result")


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Any:  # noqa: ANN401 - the library has no types
    if len(pattern) > _MOST_CHARS:
        raise ExpressionLimitExceeded(f"a pattern is longer than {_MOST_CHARS} characters")
    if not set(flags) <= set(_FLAGS):
        raise NoValue(f"{flags} are no flags of a pattern")
    chosen = regex.VERSION1
    for flag in flags:
        chosen |= _FLAGS[flag]
    if "q" in flags:
        return regex.compile(regex.escape(pattern), chosen)
    try:
        return regex.compile(translated(pattern, flags), chosen)
    except (regex.error, ValueError, OverflowError) as error:
        raise NoValue(f"{pattern} is no pattern: {error}") from error


def _bounded(run: Run, search: Callable[[float], Result]) -> Result:
    try:
        return search(min(run.env.limits.match_s, run.seconds_left()))
    except TimeoutError as error:
        raise ExpressionLimitExceeded("a pattern takes too long to search") from error


def found(run: Run, text: str, pattern: str, flags: str) -> bool:
    """Tell whether a pattern is found anywhere in a text."""
    compiled = _compiled(pattern, flags)
    return _bounded(run, lambda limit: compiled.search(text, timeout=limit) is not None)


def replaced(run: Run, text: str, pattern: str, replacement: str, flags: str) -> str:
    """Return a text with every match replaced; `$1` stands for a group."""
    compiled = _compiled(pattern, flags)
    if _bounded(run, lambda limit: compiled.search("", timeout=limit)):
        raise NoValue(f"{pattern} matches nothing at all, which cannot be replaced")
    template = _template(replacement, compiled.groups, literal="q" in flags)
    if len(text) * max(len(replacement), 1) > run.env.limits.value_chars * 10:
        raise ExpressionLimitExceeded("a replacement makes too long a text")

    def one(match: Any) -> str:  # noqa: ANN401 - the library has no types
        return "".join(part if isinstance(part, str) else match[part] or "" for part in template)

    return str(_bounded(run, lambda limit: compiled.sub(one, text, timeout=limit)))


def _template(replacement: str, groups: int, *, literal: bool) -> list[str | int]:
    if literal:
        return [replacement]
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        sign, after = replacement[at], replacement[at + 1 : at + 2]
        if sign == "\\":
            if after not in {"\\", "$"}:
                raise NoValue("a backslash in a replacement stands before $ or another one")
            parts.append(after)
            at += 2
        elif sign == "$":
            number, length = _group_number(replacement, at + 1, groups)
            parts.append(number)
            at += 1 + length
        else:
            parts.append(sign)
            at += 1
    return [part if isinstance(part, str) or part <= groups else "" for part in parts]


def _group_number(replacement: str, at: int, groups: int) -> tuple[int, int]:
    """Read the longest number that is a group; the digits after it are text."""
    end = at
    while end < len(replacement) and replacement[end].isdigit():
        end += 1
    if end == at:
        raise NoValue("$ in a replacement stands before the number of a group")
    while end - at > 1 and int(replacement[at:end]) > groups:
        end -= 1
    return int(replacement[at:end]), end - at


def split(run: Run, text: str, pattern: str) -> list[str]:
    """Return the parts of a text between the matches of a pattern.

    A pattern that matches nothing at all, such as `""`, cuts between any two characters.
    """
    compiled = _compiled(pattern, "")
    parts: list[str] = []
    at = 0
    for match in _bounded(run, lambda limit: list(compiled.finditer(text, timeout=limit))):
        if match.end() == match.start() and match.start() in {0, len(text)}:
            continue
        parts.append(text[at : match.start()])
        at = match.end()
    return [*parts, text[at:]]


def extracted(run: Run, text: str, pattern: str) -> list[str]:
    """Return every match of a pattern in a text."""
    compiled = _compiled(pattern, "")
    return [
        match[0]
        for match in _bounded(run, lambda limit: list(compiled.finditer(text, timeout=limit)))
    ]
