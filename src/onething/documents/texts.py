"""Texts of templates: words with `{=FEEL}` in them, set over a document's data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from onething import feel
from onething.errors import ExpressionSyntaxError
from onething.feel import Environment, Expression

NO_WORDING: Mapping[str, str] = MappingProxyType({})
BLANK = "—"
"""Shown where a field has no value."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LIMIT = re.compile(r"(WD|ND|PN)\(?(\d+)\)?")
_DAYS = re.compile(r"P(\d+)D")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in parts: words, and FEEL between them."""

    parts: tuple[str | Expression, ...]

    def set(
        self,
        data: Mapping[str, Any],
        env: Environment,
        language: str = "zh",
        wording: Mapping[str, str] = NO_WORDING,
    ) -> str:
        """Set the text over data; a value that is missing leaves nothing.

        A value for which the wording has words is said in these.
        """
        return "".join(
            part if isinstance(part, str) else _said(part, data, env, language, wording)
            for part in self.parts
        )

    def __bool__(self) -> bool:
        return bool(self.parts)


NOTHING = Text(())


def _said(
    part: Expression,
    data: Mapping[str, Any],
    env: Environment,
    language: str,
    wording: Mapping[str, str],
) -> str:
    return shown(_worded(_value(part, data, env), wording), env, language)


def _worded(value: Any, wording: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return a text, or the texts of a list, in the words there are for them."""
    if isinstance(value, list):
        return [_worded(one, wording) for one in value]
    return wording.get(value, value) if isinstance(value, str) else value


def _value(expression: Expression, data: Mapping[str, Any], env: Environment) -> Any:  # noqa: ANN401 - any JSON value
    return feel.to_json(expression.evaluate(data, env))


def compile_text(text: str) -> Text:
    """Compile a text: all of it FEEL after a leading `=`, else each `{=…}`.

    Raises:
        ExpressionSyntaxError: a placeholder is not FEEL, or has no end.
    """
    if text.startswith("="):
        return Text((feel.compile(text[1:]),))
    parts: list[str | Expression] = []
    rest = text
    while "{=" in rest:
        words, _, rest = rest.partition("{=")
        end = _end_of(rest)
        parts += [words, feel.compile(rest[:end])]
        rest = rest[end + 1 :]
    return Text(tuple(part for part in (*parts, rest) if part != ""))


def _end_of(text: str) -> int:
    """Find the brace that ends a placeholder; braces inside and in string literals count."""
    depth = 0
    quoted = False
    for place, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif not quoted and char == "{":
            depth += 1
        elif not quoted and char == "}":
            if depth == 0:
                return place
            depth -= 1
    raise ExpressionSyntaxError("the placeholder {= has no end", 1, 1)


def shown(value: Any, env: Environment, language: str = "zh") -> str:  # noqa: ANN401 - any JSON value
    """Write a value as a document does: dates and time limits in words, lists with 、 or commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _TRUTH[language][value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        return ("、" if language == "zh" else ", ").join(shown(one, env, language) for one in value)
    if isinstance(value, dict):
        return ",".join(shown(part, env, language) for part in value.values())
    return (_moment if language == "zh" else _moment_en)(str(value), env)


def _moment(text: str, env: Environment) -> str:
    if _DATE.fullmatch(text):
        return day(date.fromisoformat(text))
    if _INSTANT.fullmatch(text):
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None and env.now.tzinfo is not None:
            at = at.astimezone(env.now.tzinfo)
        return f"{day(at.date())}{at.hour}时{at.minute:02d}分"
    if limit := _LIMIT.fullmatch(text):
        return f"{limit[2]}{'个工作日' if limit[1] == 'WD' else '日'}"
    if days := _DAYS.fullmatch(text):
        return f"{days[1]}日"
    return text


def _moment_en(text: str, env: Environment) -> str:
    if _DATE.fullmatch(text):
        return day(date.fromisoformat(text), "en")
    if _INSTANT.fullmatch(text):
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None and env.now.tzinfo is not None:
            at = at.astimezone(env.now.tzinfo)
        return f"{day(at.date(), 'en')}, {at:%H:%M}"
    if limit := _LIMIT.fullmatch(text):
        return f"{limit[2]} {'working days' if limit[1] == 'WD' else 'days'}"
    if days := _DAYS.fullmatch(text):
        return f"{days[1]} days"
    return text


def day(on: date, language: str = "zh") -> str:
    """Write a date as documents do, such as 2026年6月1日. Source: GB/T 9704-2012 §7.3.5."""
    if language == "en":
        return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日"


_TRUTH = {"zh": ("否", "是"), "en": ("no", "yes")}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
