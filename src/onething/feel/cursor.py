"""Go through the tokens of an expression: position, nesting, and the names in scope."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from onething.errors import ExpressionLimitExceeded, ExpressionSyntaxError
from onething.feel.names import KnownNames, has_stop_word
from onething.feel.tokens import Token, syntax_error, tokenize


@lru_cache(maxsize=8)
def _known_functions(names: tuple[str, ...]) -> KnownNames:
    """Return the names of functions, cut into tokens once and not for every expression."""
    return KnownNames(names)


class Cursor:
    """One pass over the tokens of one text.

    `names` are the names known from outside, `functions` those of built-in functions.
    """

    def __init__(
        self, text: str, names: Iterable[str], functions: Iterable[str], nesting: int
    ) -> None:
        self.text = text
        self.tokens: Sequence[Token] = tokenize(text)
        self.at = 0
        self.free_names: set[str] = set()
        self.known = KnownNames(names)
        self._functions = _known_functions(tuple(functions))
        self._local: list[KnownNames] = []
        self._bound: list[set[str]] = []
        self._depth = 0
        self.nesting = nesting
        self.in_endpoint = False

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.at]

    def ahead(self, steps: int = 1) -> Token:
        """Return a later token; the end is repeated for ever."""
        return self.tokens[min(self.at + steps, len(self.tokens) - 1)]

    def is_next(self, *texts: str) -> bool:
        """Tell whether the next token is one of these symbols or keywords."""
        return self.token.kind in {"symbol", "word"} and self.token.text in texts

    def accept(self, *texts: str) -> bool:
        """Step over the next token when it is one of these."""
        if self.is_next(*texts):
            self.at += 1
            return True
        return False

    def is_at_end(self) -> bool:
        """Tell whether no token is left."""
        return self.token.kind == "end"

    def expect(self, text: str) -> None:
        """Step over the next token, which must be this; raise ExpressionSyntaxError."""
        if not self.accept(text):
            raise self.error(f"expected {text}")

    def error(self, expected: str) -> ExpressionSyntaxError:
        """Return the error for the next token."""
        met = f"met {self.token.text}" if self.token.kind != "end" else "the expression ends"
        return syntax_error(self.text, self.token.start, f"{expected}, {met}")

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count one level of nesting; raise ExpressionLimitExceeded when it is too deep."""
        self._depth += 1
        if self._depth > self.nesting:
            raise ExpressionLimitExceeded(f"the expression nests deeper than {self.nesting}")
        endpoint, self.in_endpoint = self.in_endpoint, False
        yield
        self.in_endpoint = endpoint
        self._depth -= 1

    @contextmanager
    def bound(self, *names: str) -> Iterator[None]:
        """Make names known while a part of the expression is parsed."""
        self._local.append(KnownNames(names))
        self._bound.append(set(names))
        yield
        self._local.pop()
        self._bound.pop()

    def bind(self, name: str) -> None:
        """Make one more name known in the innermost `bound` part."""
        self._local[-1].add(name)
        self._bound[-1].add(name)

    def known_name(self) -> tuple[str, int] | None:
        """Return the longest name in scope that begins here, with its number of tokens."""
        found = [names.match(self.tokens, self.at) for names in (*self._local, self.known)]
        function = self._functions.match(self.tokens, self.at)
        if function and (not has_stop_word(function[0]) or self.ahead(function[1]).text == "("):
            found.append(function)
        return max((match for match in found if match), key=lambda match: match[1], default=None)

    def finish(self) -> None:
        """Raise ExpressionSyntaxError unless the text ends here."""
        if not self.is_at_end():
            raise self.error("expected an operator or the end")

    def note_use(self, name: str) -> None:
        """Note a name that the expression takes from outside, unless it is bound inside."""
        if not any(name in names for names in self._bound):
            self.free_names.add(name)
