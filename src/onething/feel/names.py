"""Find names in a row of tokens: names may hold spaces, operators and keywords.

A name that is known (a variable, a built-in function, a name bound inside the
expression) is found by its longest match. Any other name is the row of words up to the
next keyword or symbol, as two words beside each other can be nothing else.
Source: DMN 1.5, 10.3.1.2 and 10.3.1.3.
"""

from collections.abc import Iterable, Sequence

from onething.feel.tokens import Token, tokenize

STOP_WORDS = frozenset(
    {"and", "or", "in", "between", "then", "else", "return", "satisfies", "instance"}
)
NAME_SYMBOLS = frozenset("+-*/.'’") | {"**", ".."}


class KnownNames:
    """Names that may be met, by their first token; scopes lie on top of each other."""

    def __init__(self, names: Iterable[str]) -> None:
        self._rows: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known; plain single words need no entry but cost nothing."""
        row = tuple(token.text for token in _tokens_of(name))
        if not row:
            return
        rows = self._rows.setdefault(row[0], [])
        if (row, name) not in rows:
            rows.append((row, name))
            rows.sort(key=lambda entry: -len(entry[0]))

    def match(self, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
        """Return the longest known name at a place and its number of tokens."""
        for row, name in self._rows.get(tokens[at].text, ()):
            if all(
                token.text == text
                for token, text in zip(tokens[at : at + len(row)], row, strict=False)
            ) and at + len(row) < len(tokens):
                return name, len(row)
        return None


def _tokens_of(name: str) -> list[Token]:
    if '"' in name or "/*" in name or "//" in name:
        return []
    return tokenize(name)[:-1]


def words(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """Return the name made of the words from a place on, and its number of tokens."""
    end = at + 1
    while tokens[end].kind in {"word", "number"} and tokens[end].text not in STOP_WORDS:
        if tokens[end].kind == "number" and not tokens[end].text.isdigit():
            break
        end += 1
    return " ".join(token.text for token in tokens[at:end]), end - at


def has_stop_word(name: str) -> bool:
    """Tell whether a name holds a keyword that could also end it."""
    return not STOP_WORDS.isdisjoint(name.split())
