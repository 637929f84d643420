"""Declare built-in functions: signatures in one line, arguments fitted before the call.

`substring(string: string, start position: number, length: number?)` names parameters and
types; `?` marks an optional one, `*` the rest. A type other than `any` refuses null, so
that a function's body only meets what it asks for. Source: DMN 1.5, 10.3.4.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar

from onething.feel.environment import Run
from onething.feel.kinds import Type, fit
from onething.feel.values import UNSET, Function, NoValue, Value, kind

Body = TypeVar("Body", bound=Callable[..., Value])

BUILTINS: Final[dict[str, Function]] = {}
"""All built-in functions by name."""

_TYPES: Final = {
    "datetime": Type("date and time"),
    "days": Type("days and time duration"),
    "months": Type("years and months duration"),
}
_ANY: Final = "any"


class _Parameter(NamedTuple):
    name: str
    kinds: tuple[str, ...]
    optional: bool
    rest: bool


class _Signature(NamedTuple):
    parameters: tuple[_Parameter, ...]
    body: Callable[..., Value]
    needs_run: bool

    def takes(self, count: int) -> bool:
        """Tell whether the signature can be called with so many arguments."""
        rest = bool(self.parameters) and self.parameters[-1].rest
        least = sum(not parameter.optional and not parameter.rest for parameter in self.parameters)
        return least <= count and (rest or count <= len(self.parameters))


_SIGNATURES: Final[dict[str, list[_Signature]]] = {}


def builtin(declaration: str, *, needs_run: bool = False) -> Callable[[Body], Body]:
    """Register a function under its declaration; several may share one name, tried in order."""
    name, _, inside = declaration.rstrip(")").partition("(")

    def register(body: Body) -> Body:
        parameters = tuple(_parameter(part) for part in inside.split(", ") if part)
        _SIGNATURES.setdefault(name, []).append(_Signature(parameters, body, needs_run))
        BUILTINS[name] = _function(name, _SIGNATURES[name])
        return body

    return register


def _parameter(text: str) -> _Parameter:
    name, _, kinds = text.partition(": ")
    plain = kinds.rstrip("?*")
    return _Parameter(name, tuple(plain.split("|")), kinds.endswith("?"), kinds.endswith("*"))


def _function(name: str, signatures: Sequence[_Signature]) -> Function:
    def call(run: Run, *arguments: Value) -> Value:
        problem = f"is not called with {len(arguments)} arguments"
        for signature in signatures:
            if not signature.takes(len(arguments)):
                continue
            fitted = _fitted(signature.parameters, arguments)
            if not isinstance(fitted, str):
                return (
                    signature.body(run, *fitted) if signature.needs_run else signature.body(*fitted)
                )
            problem = fitted
        raise NoValue(problem)

    marked = tuple(tuple(map(_marked, signature.parameters)) for signature in signatures)
    return Function(name, marked, call)


def _marked(parameter: _Parameter) -> str:
    return parameter.name + ("?" if parameter.optional else "*" if parameter.rest else "")


def _fitted(parameters: Sequence[_Parameter], arguments: Sequence[Value]) -> list[Value] | str:
    """Return the arguments as the parameters want them, or what is wrong with them."""
    fitted = []
    for place, value in enumerate(arguments):
        parameter = parameters[min(place, len(parameters) - 1)]
        fits = _fit(value, parameter)
        if fits is UNSET and value is not UNSET:
            return f"{parameter.name} is {kind(value)}, not {' or '.join(parameter.kinds)}"
        fitted.append(fits)
    return fitted


def _fit(value: Value, parameter: _Parameter) -> Value:
    if parameter.kinds[0] == _ANY or value is UNSET:
        return value
    if value is None:
        return None if "null" in parameter.kinds else UNSET
    for wanted in parameter.kinds:
        fits = fit(value, _TYPES.get(wanted) or Type(wanted))
        if fits is not UNSET:
            return fits
    return UNSET
