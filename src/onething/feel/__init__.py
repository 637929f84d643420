"""FEEL, the one expression language of models, decision tables and forms.

`compile` an expression once and `evaluate` it with variables and an `Environment`; a pure
package without database and wall clock. Source: DMN 1.5, chapter 10.
"""

from onething.feel.environment import (
    Environment,
    Limits,
    Warning,  # noqa: A004 - the word of the DMN standard
    limits,
    set_limits,
)
from onething.feel.exchange import from_json, to_json
from onething.feel.expression import (
    Expression,
    UnaryTests,
    compile,  # noqa: A004 - feel.compile is the package's verb
    compile_attribute,
    compile_unary,
)
from onething.feel.json import canonical
from onething.feel.json import parse as parse_json
from onething.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from onething.feel.values import Function, Range, Value, equal, text_of

__all__ = [
    "Date",
    "DateTime",
    "DaysDuration",
    "Environment",
    "Expression",
    "Function",
    "Limits",
    "MonthsDuration",
    "Range",
    "Time",
    "UnaryTests",
    "Value",
    "Warning",
    "canonical",
    "compile",
    "compile_attribute",
    "compile_unary",
    "equal",
    "from_json",
    "limits",
    "parse_json",
    "set_limits",
    "text_of",
    "to_json",
]
