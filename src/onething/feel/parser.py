"""Parse FEEL: a Pratt parser over tokens, names found by what is in scope.

Source: DMN 1.5, 10.3.1.2 (grammar rules 1 to 66).
"""

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from onething.errors import ExpressionLimitExceeded, ExpressionSyntaxError
from onething.feel import nodes
from onething.feel.names import NAME_SYMBOLS, KnownNames, has_stop_word, words
from onething.feel.nodes import Node
from onething.feel.temporal_text import parse_temporal
from onething.feel.tokens import Token, syntax_error, tokenize, unquote
from onething.feel.types_parser import parse_type
from onething.feel.values import DECIMAL

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPARISONS: Final = frozenset({"<", "<=", ">", ">=", "=", "!="})
_BINDING: Final[dict[str, int]] = {
    "or": 10, "and": 20,
    **dict.fromkeys(COMPARISONS | {"between", "in"}, 30),
    "+": 40, "-": 40, "*": 50, "/": 50, "**": 60,
    "instance": 80, "[": 90, "(": 90, ".": 90,
}  # fmt: skip
_COMPARISON: Final = 30
_ADDITIVE: Final = 40
_UNARY: Final = 70
_POSTFIX: Final = 90
_LITERALS: Final = {"true": True, "false": False, "null": None}


@lru_cache(maxsize=8)
def _known_functions(names: tuple[str, ...]) -> KnownNames:
    """Return the names of functions, cut into tokens once and not for every expression."""
    return KnownNames(names)


class Parser:
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
        self._known = KnownNames(names)
        self._functions = _known_functions(tuple(functions))
        self._local: list[KnownNames] = []
        self._bound: list[set[str]] = []
        self._depth = 0
        self._nesting = nesting
        self._endpoint = False

    # --- tokens -------------------------------------------------------------------

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

    def expect(self, text: str) -> None:
        """Step over the next token, which must be this; raise ExpressionSyntaxError."""
        if not self.accept(text):
            raise self.error(f"expected {text}")

    def error(self, expected: str) -> ExpressionSyntaxError:
        """Return the error for the next token."""
        met = f"met {self.token.text}" if self.token.kind != "end" else "the expression ends"
        return syntax_error(self.text, self.token.start, f"{expected}, {met}")

    @contextmanager
    def nested(self) -> "Iterator[None]":
        """Count one level of nesting; raise ExpressionLimitExceeded when it is too deep."""
        self._depth += 1
        if self._depth > self._nesting:
            raise ExpressionLimitExceeded(f"the expression nests deeper than {self._nesting}")
        endpoint, self._endpoint = self._endpoint, False
        yield
        self._endpoint = endpoint
        self._depth -= 1

    @contextmanager
    def bound(self, *names: str) -> "Iterator[None]":
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

    # --- entry points ---------------------------------------------------------------

    def whole(self) -> Node:
        """Parse the whole text as one expression."""
        node = self.expression()
        self.finish()
        return node

    def finish(self) -> None:
        """Raise ExpressionSyntaxError unless the text ends here."""
        if self.token.kind != "end":
            raise self.error("expected an operator or the end")

    def expression(self, binding: int = 0) -> Node:
        """Parse an expression whose operators bind tighter than `binding`."""
        with self.nested():
            return self.climb(self.operand(), binding)

    def climb(self, left: Node, binding: int) -> Node:
        """Take further operators and operands onto an operand."""
        rounds = 0
        while True:
            operator = self.token.text if self.token.kind in {"symbol", "word"} else ""
            strength = _BINDING.get(operator, 0)
            if strength <= binding or self.closes_endpoint(operator):
                return left
            rounds += operator not in {"and", "or"}
            if rounds > self._nesting:
                raise ExpressionLimitExceeded(f"more than {self._nesting} operators in one row")
            left = self.infix(left, operator, strength)

    def closes_endpoint(self, operator: str) -> bool:
        """Tell whether `[` closes an interval such as `]1..5[` instead of opening a filter."""
        if operator != "[" or not self._endpoint:
            return False
        after = self.ahead()
        return after.kind == "end" or after.text in {
            ")",
            "]",
            "}",
            ",",
            "and",
            "or",
            "then",
            "else",
        }

    # --- operators --------------------------------------------------------------------

    def infix(self, left: Node, operator: str, strength: int) -> Node:
        """Parse what follows an operand and its operator."""
        self.at += 1
        if operator in {"and", "or"}:
            return self.junction(left, operator, strength)
        special = _INFIX.get(operator)
        if special is not None:
            return special(self, left)
        return nodes.Binary(operator, left, self.right_operand(strength))

    def membership(self, value: Node) -> Node:
        """Parse the tests after `in`."""
        return nodes.In(value, self.in_tests())

    def instance(self, value: Node) -> Node:
        """Parse `of type` after `instance`."""
        self.expect("of")
        return nodes.InstanceOf(value, parse_type(self))

    def path(self, value: Node) -> Node:
        """Parse the name after a dot."""
        return nodes.Path(value, self.member_name())

    def right_operand(self, strength: int) -> Node:
        """Parse a right operand inside or outside an interval's end."""
        endpoint = self._endpoint
        with self.nested():
            self._endpoint = endpoint
            return self.climb(self.operand(), strength)

    def junction(self, left: Node, operator: str, strength: int) -> Node:
        """Parse a row of `and` or `or` into one node, so that long rows stay flat."""
        operands = [left, self.expression(strength)]
        while self.accept(operator):
            operands.append(self.expression(strength))
        return nodes.Junction("and" if operator == "and" else "or", tuple(operands))

    def between(self, value: Node) -> Node:
        """Parse `low and high` after `between`."""
        low = self.expression(_COMPARISON)
        self.expect("and")
        return nodes.Between(value, low, self.expression(_COMPARISON))

    def in_tests(self) -> tuple[Node, ...]:
        """Parse what follows `in`: one test, or several in round brackets."""
        if not self.is_next("("):
            return (self.test(_COMPARISON),)
        self.at += 1
        with self.nested():
            tests = [self.test()]
            while self.accept(","):
                tests.append(self.test())
            if len(tests) == 1 and self.is_next(".."):
                return (self.climb(self.interval(tests[0], start_included=False), _COMPARISON),)
        self.expect(")")
        if len(tests) == 1:
            return (self.climb(tests[0], _COMPARISON),)
        return tuple(tests)

    def test(self, binding: int = 0) -> Node:
        """Parse one unary test: `< 5`, an interval, or an expression."""
        if self.token.kind == "symbol" and self.token.text in COMPARISONS:
            return self.unary_comparison()
        return self.expression(binding)

    def unary_comparison(self) -> Node:
        """Parse `< 5` and its like."""
        operator = self.token.text
        self.at += 1
        operand = self.expression(_COMPARISON)
        if operator in {"<", "<="}:
            return nodes.RangeOf(None, operand, start_included=False, end_included="=" in operator)
        if operator in {">", ">="}:
            return nodes.RangeOf(operand, None, start_included="=" in operator, end_included=False)
        return nodes.Comparison(operator, operand)

    def filter(self, value: Node) -> Node:
        """Parse the condition of a filter after `[`."""
        with self.bound("item"):
            condition = self.expression()
        self.expect("]")
        return nodes.Filter(value, condition)

    # --- calls --------------------------------------------------------------------------

    def call(self, function: Node) -> Node:
        """Parse the arguments of a call after `(`."""
        names: list[str] = []
        arguments: list[Node] = []
        while not self.accept(")"):
            if arguments:
                self.expect(",")
            name = self.argument_name()
            if (name is None) != (len(names) == 0) and arguments:
                raise self.error("expected all arguments by name or all by position")
            if name is not None:
                names.append(name)
            arguments.append(self.expression())
        return nodes.Call(function, tuple(arguments), tuple(names))

    def argument_name(self) -> str | None:
        """Take `name:` when one comes next."""
        end = self.at
        while self.tokens[end].kind in {"word", "number"} or self.tokens[end].text in NAME_SYMBOLS:
            end += 1
        if self.tokens[end].text != ":" or end == self.at:
            return None
        return self.key_until(end)

    def key_until(self, end: int) -> str:
        """Take the name that stands before a colon, its blanks made single."""
        text = self.text[self.token.start : self.tokens[end - 1].end]
        self.at = end + 1
        return " ".join(text.split())

    # --- operands -----------------------------------------------------------------------

    def operand(self) -> Node:
        """Parse an operand: a literal, a name, a bracket or a keyword expression."""
        token = self.token
        if token.kind == "number":
            return self.number()
        if token.kind == "string":
            self.at += 1
            return nodes.Constant(unquote(token.text))
        if token.kind == "at":
            return self.at_literal()
        if token.kind == "word":
            return self.word()
        if token.kind == "symbol":
            return self.symbol()
        raise self.error("expected a value")

    def number(self) -> Node:
        """Parse a number; one beyond 34 digits of mantissa is rounded."""
        try:
            value = DECIMAL.create_decimal(self.token.text)
        except DecimalException:
            raise self.error("expected a number that is not too large") from None
        self.at += 1
        return nodes.Constant(value)

    def at_literal(self) -> Node:
        """Parse `@"…"`."""
        value = parse_temporal(unquote(self.token.text))
        if value is None:
            raise self.error("expected a date, time or duration in the text after @")
        self.at += 1
        return nodes.Constant(value)

    def symbol(self) -> Node:
        """Parse an operand that begins with a symbol."""
        if self.accept("-"):
            return self.negation()
        if self.accept("("):
            return self.round_bracket()
        if self.accept("["):
            return self.square_bracket()
        if self.accept("]"):
            return self.interval(self.endpoint(), start_included=False)
        if self.accept("{"):
            return self.context()
        raise self.error("expected a value")

    def negation(self) -> Node:
        """Parse the operand of unary minus; a negated number is a literal."""
        operand = self.right_operand(_UNARY)
        if isinstance(operand, nodes.Constant) and isinstance(operand.value, Decimal):
            return nodes.Constant(DECIMAL.minus(operand.value))
        return nodes.Negate(operand)

    def round_bracket(self) -> Node:
        """Parse `(value)`, `(1..5]` or `(< 5)`."""
        if self.token.kind == "symbol" and self.token.text in COMPARISONS:
            test = self.unary_comparison()
            self.expect(")")
            if isinstance(test, nodes.Comparison) and test.operator == "=":
                return nodes.RangeOf(test.operand, test.operand, True, True)
            return test
        first = self.expression()
        if self.is_next(".."):
            return self.interval(first, start_included=False)
        self.expect(")")
        return first

    def square_bracket(self) -> Node:
        """Parse a list or an interval."""
        items: list[Node] = []
        while not self.accept("]"):
            if items:
                self.expect(",")
            items.append(self.test())
            if len(items) == 1 and self.is_next(".."):
                return self.interval(items[0], start_included=True)
        return nodes.ListOf(tuple(items))

    def endpoint(self) -> Node:
        """Parse one end of an interval."""
        with self.nested():
            self._endpoint = True
            return self.climb(self.operand(), _COMPARISON)

    def interval(self, start: Node, *, start_included: bool) -> Node:
        """Parse an interval from `..` on."""
        self.expect("..")
        end = self.endpoint()
        closing = self.token.text
        if not self.accept("]", ")", "["):
            raise self.error("expected ], ) or [ at the end of the interval")
        return nodes.RangeOf(start, end, start_included, end_included=closing == "]")

    def context(self) -> Node:
        """Parse a context after `{`."""
        entries: list[tuple[str, Node]] = []
        with self.bound():
            while not self.accept("}"):
                if entries:
                    self.expect(",")
                key = self.key()
                if any(key == other for other, _ in entries):
                    raise self.error(f"expected each key once, {key} stands twice")
                entries.append((key, self.expression()))
                self.bind(key)
                self._known.add(key)  # a later path or filter may name it
        return nodes.ContextOf(tuple(entries))

    def key(self) -> str:
        """Parse the key of a context entry with its colon."""
        if self.token.kind == "string":
            key = unquote(self.token.text)
            self.at += 1
            self.expect(":")
            return key
        end = self.at
        while self.tokens[end].kind != "end" and self.tokens[end].text not in {":", "{", "}", ","}:
            end += 1
        if end == self.at or self.tokens[end].text != ":":
            raise self.error("expected a key and a colon")
        return self.key_until(end)

    # --- words --------------------------------------------------------------------------

    def word(self) -> Node:
        """Parse an operand that begins with a word: keyword expression, literal or name."""
        text = self.token.text
        known = self.known_name()
        if known is None or known[0] == text:
            keyword = _KEYWORDS.get(text)
            if keyword is not None:
                return keyword(self)
            if text in _LITERALS and known is None:
                self.at += 1
                return nodes.Constant(_LITERALS[text])
        return self.name(known)

    def known_name(self) -> tuple[str, int] | None:
        """Return the longest name in scope that begins here, with its number of tokens."""
        found = [names.match(self.tokens, self.at) for names in (*self._local, self._known)]
        function = self._functions.match(self.tokens, self.at)
        if function and (not has_stop_word(function[0]) or self.ahead(function[1]).text == "("):
            found.append(function)
        return max((match for match in found if match), key=lambda match: match[1], default=None)

    def name(self, known: tuple[str, int] | None) -> Node:
        """Take a name: the longest known one, or the words up to the next symbol."""
        name, length = words(self.tokens, self.at)
        if known is not None and known[1] >= length:
            name, length = known
        elif self.token.text in _RESERVED:
            raise self.error("expected a value")
        self.at += length
        if not any(name in names for names in self._bound):
            self.free_names.add(name)
        return nodes.Name(name)

    def member_name(self) -> str:
        """Take the name after a dot."""
        if self.token.kind != "word":
            raise self.error("expected a name after the dot")
        name, length = words(self.tokens, self.at)
        known = self._known.match(self.tokens, self.at)
        if known is not None and known[1] > length:
            name, length = known
        self.at += length
        return name

    def new_name(self, *ends: str) -> str:
        """Take a name that is being bound, up to one of the given tokens."""
        end = self.at
        while self.tokens[end].kind in {"word", "number"} or self.tokens[end].text in NAME_SYMBOLS:
            if self.tokens[end].text in ends:
                break
            end += 1
        if end == self.at or self.token.kind != "word":
            raise self.error("expected a name")
        text = self.text[self.token.start : self.tokens[end - 1].end]
        self.at = end
        return " ".join(text.split())

    def conditional(self) -> Node:
        """Parse `if … then … else …`."""
        self.expect("if")
        condition = self.expression()
        self.expect("then")
        yes = self.expression()
        self.expect("else")
        return nodes.If(condition, yes, self.expression())

    def iterators(self) -> "Iterator[nodes.Iterator]":
        """Parse `a in x, b in y`; the names stay bound for the caller's scope."""
        while True:
            name = self.new_name("in")
            self.expect("in")
            domain = self.expression()
            end = self.expression() if self.accept("..") else None
            yield nodes.Iterator(name, domain, end)
            self.bind(name)
            if not self.accept(","):
                return

    def loop(self) -> Node:
        """Parse `for … return …`."""
        self.expect("for")
        with self.bound():
            iterators = tuple(self.iterators())
            self.expect("return")
            self.bind("partial")
            return nodes.For(iterators, self.expression())

    def quantified(self) -> Node:
        """Parse `some` or `every` … `satisfies …`."""
        every = self.accept("every")
        if not every:
            self.expect("some")
        with self.bound():
            iterators = tuple(self.iterators())
            self.expect("satisfies")
            kind = "every" if every else "some"
            return nodes.Quantified(
                "every" if kind == "every" else "some", iterators, self.expression()
            )

    def function(self) -> Node:
        """Parse `function(parameters) body`."""
        self.expect("function")
        self.expect("(")
        parameters: list[tuple[str, nodes.TypeNode | None]] = []
        while not self.accept(")"):
            if parameters:
                self.expect(",")
            name = self.new_name(":", ",", ")")
            parameters.append((name, parse_type(self) if self.accept(":") else None))
        with self.bound(*(name for name, _ in parameters)):
            external = self.accept("external")
            return nodes.Lambda(tuple(parameters), self.expression(), external)


_INFIX: Final = {
    "between": Parser.between,
    "in": Parser.membership,
    "instance": Parser.instance,
    "[": Parser.filter,
    "(": Parser.call,
    ".": Parser.path,
}
_KEYWORDS: Final = {
    "if": Parser.conditional,
    "for": Parser.loop,
    "some": Parser.quantified,
    "every": Parser.quantified,
    "function": Parser.function,
}
_RESERVED: Final = frozenset({"then", "else", "return", "satisfies", "and", "or", "in", "between"})


def parse(
    text: str, names: Iterable[str], functions: Iterable[str], nesting: int
) -> tuple[Node, frozenset[str]]:
    """Return the tree of an expression and the names it takes from outside.

    Raises ExpressionSyntaxError, ExpressionLimitExceeded.
    """
    parser = Parser(text, names, functions, nesting)
    return parser.whole(), frozenset(parser.free_names)


def parse_unary_tests(
    text: str, names: Iterable[str], functions: Iterable[str], nesting: int
) -> tuple[nodes.Tests, frozenset[str]]:
    """Return the tests of a decision table's input cell, and the names they take.

    Raises ExpressionSyntaxError, ExpressionLimitExceeded.
    """
    parser = Parser(text, [*names, "?"], functions, nesting)
    tests = _unary_tests(parser)
    parser.finish()
    return tests, frozenset(parser.free_names - {"?"})


def _unary_tests(parser: Parser) -> nodes.Tests:
    if parser.token.kind == "end":
        return nodes.Tests((), anything=True)
    if parser.is_next("-") and parser.ahead().kind == "end":
        parser.at += 1
        return nodes.Tests((), anything=True)
    negated = parser.is_next("not") and parser.ahead().text == "("
    if negated:
        parser.at += 2
    tests = [parser.test()]
    while parser.accept(","):
        tests.append(parser.test())
    if negated:
        parser.expect(")")
    return nodes.Tests(tuple(tests), negated)
