r"""Write a regular expression of XPath as the `regex` library reads it.

Both know groups, quantifiers and `\p{…}`, but mean other things by `\w`, `\s`, `$` and a
bracket inside a class; what only the library knows is no pattern here.
Source: XQuery and XPath Functions 3.1, 5.6; XML Schema 1.1 part 2, appendix G.
"""

import re
from typing import Final

from onething.feel.values import NoValue

_BLANKS: Final = " \t\n\r"
_NAME_START: Final = r"\p{L}_:"
_NAME: Final = rf"{_NAME_START}\-.0-9\xB7\p{{M}}"
_SETS: Final = {
    "s": r"[ \t\n\r]", "S": r"[^ \t\n\r]",
    "w": r"[^\p{P}\p{Z}\p{C}]", "W": r"[\p{P}\p{Z}\p{C}]",
    "d": r"\d", "D": r"\D",
    "i": f"[{_NAME_START}]", "I": f"[^{_NAME_START}]",
    "c": f"[{_NAME}]", "C": f"[^{_NAME}]",
}  # fmt: skip
_LETTERS: Final = "nrt"
_COUNT: Final = re.compile(r"\{[0-9]+(,[0-9]*)?\}")
_STARTS: Final = frozenset({"", "(", "(?:", "|"})
_CLASS_SIGNS: Final = "&|~"


def translated(pattern: str, flags: str) -> str:
    """Return the library's pattern; raise NoValue for what XPath does not know."""
    plain = _without_blanks(pattern) if "x" in flags else pattern
    return _Translation(plain, flags).whole()


def _without_blanks(pattern: str) -> str:
    """Take the blanks away that flag `x` permits: all outside of classes, even in escapes."""
    parts: list[str] = []
    depth = 0
    is_escape = False
    for sign in pattern:
        if sign in _BLANKS and not depth:
            continue
        parts.append(sign)
        if is_escape or sign == "\\":
            is_escape = not is_escape
        else:
            depth += (sign == "[") - (sign == "]" and depth > 0)
    return "".join(parts)


class _Translation:
    """One pass over a pattern."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._pattern = pattern
        self._flags = flags
        self._at = 0

    def whole(self) -> str:
        """Return the library's pattern."""
        parts = [""]
        while self._at < len(self._pattern):
            parts.append(self._piece(parts[-1]))
        return "".join(parts)

    def _piece(self, before: str) -> str:
        """Translate what comes next, outside of a class."""
        sign = self._pattern[self._at]
        if sign == "\\":
            return self._escape(inside=False)
        if sign == "[":
            return self._class()
        if sign in "*+?{":
            return self._quantifier(before)
        self._at += 1
        if sign == "(":
            return self._group()
        if sign in "]}":
            raise self._no(f"{sign} stands without a backslash")
        if sign == "." and "s" not in self._flags:
            return r"[^\n\r]"
        return r"\Z" if sign == "$" and "m" not in self._flags else sign

    def _no(self, why: str) -> NoValue:
        return NoValue(f"{self._pattern} is no pattern: {why}")

    def _next(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _group(self) -> str:
        if self._next() != "?":
            return "("
        if not self._pattern.startswith("?:", self._at):
            raise self._no("a group begins with ( or (?:")
        self._at += 2
        return "(?:"

    def _quantifier(self, before: str) -> str:
        found = _COUNT.match(self._pattern, self._at)
        text = found[0] if found else self._next()
        if before in _STARTS or text == "{":
            raise self._no(f"{text} repeats nothing")
        self._at += len(text)
        if self._next() == "?":
            self._at += 1
            text += "?"
        if self._next() in {"*", "+", "?", "{"}:
            raise self._no("a repetition is repeated")
        return text

    def _class(self) -> str:
        """Translate `[…]`, which may end in `-[…]`, the set taken away."""
        self._at += 1
        parts = ["["]
        if self._next() == "^":
            self._at += 1
            parts.append("^")
        first = self._at
        while self._next() != "]" or self._at == first:
            if self._next() in {"", "]"}:
                raise self._no("a class is not closed or empty")
            parts.append(self._member())
        self._at += 1
        return "".join([*parts, "]"])

    def _member(self) -> str:
        """Translate one part of a class."""
        sign = self._next()
        if sign == "\\":
            return self._escape(inside=True)
        if sign == "[":
            raise self._no("[ stands in a class without a backslash")
        self._at += 1
        if sign == "-" and self._next() == "[":
            return f"--{self._class()}"
        is_pair = sign == "-" == self._next()
        return f"\\{sign}" if is_pair or sign in _CLASS_SIGNS else sign

    def _escape(self, *, inside: bool) -> str:
        """Translate what a backslash begins."""
        self._at += 1
        sign = self._next()
        self._at += 1
        if sign and sign in "pP" and self._next() == "{":
            return f"\\{sign}{self._property()}"
        if sign in _SETS:
            return _SETS[sign]
        is_reference = sign.isdigit() and not inside and sign != "0"
        if not sign or (sign.isalnum() and sign not in _LETTERS and not is_reference):
            raise self._no(f"\\{sign} is no escape")
        return f"\\{sign}"

    def _property(self) -> str:
        end = self._pattern.find("}", self._at) + 1 or len(self._pattern)
        name, self._at = self._pattern[self._at : end], end
        return name.replace("{Is", "{In", 1)  # a block is `Is…` in XML Schema, `In…` in the library
