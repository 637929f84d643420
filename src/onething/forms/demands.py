"""What a component demands of its value: form-js `validate`, and the lengths of lists."""

from collections.abc import Mapping
from decimal import Decimal

from onething import feel
from onething.errors import ExpressionLimitExceeded
from onething.feel import Environment, Expression
from onething.forms.component import Bounds, Component
from onething.forms.json_value import Json
from onething.forms.messages import Message
from onething.forms.paths import read
from onething.forms.surroundings import Place, evaluate

_EMAIL = r"^[^\s@<>]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$"
_PHONE = r"^\+?[0-9][0-9 \-]{4,18}[0-9]$"


def faults_of(place: Place, data: Mapping[str, Json], env: Environment) -> Message | None:
    """Give the first demand that the value at a place does not meet, or None."""
    component = place.component
    if component.type == "dynamiclist":
        return _items_fault(len(read(data, place.steps) or ()), component.bounds)
    if not component.is_field:
        return None
    value = read(data, place.steps)
    if _is_missing(value):
        return _missing(component) if _is_required(place, data, env) else None
    return _value_fault(value, place, data, env)


def _value_fault(
    value: Json, place: Place, data: Mapping[str, Json], env: Environment
) -> Message | None:
    bounds = place.component.bounds
    match place.component.value_type:
        case "text":
            fault = _text_fault(value, bounds, env)
        case "integer" | "decimal":
            fault = _number_fault(value, place, data, env)
        case "choices" | "file":
            fault = _items_fault(len(value), bounds)
        case _:
            fault = _date_fault(value, bounds, env)
    return fault


def _is_missing(value: Json) -> bool:
    return value is None or value is False or value in ([], "")


def _is_required(place: Place, data: Mapping[str, Json], env: Environment) -> bool:
    component = place.component
    if component.value_type == "boolean" and component.type != "checkbox":
        return read(data, place.steps) is None and _asked(place, data, env)
    return _asked(place, data, env)


def _asked(place: Place, data: Mapping[str, Json], env: Environment) -> bool:
    condition = place.component.behaviour.required
    if condition is not None:
        return evaluate(condition, place, data, env) is True
    return place.component.bounds.required


def _missing(component: Component) -> Message:
    if component.type == "checkbox":
        return Message("required.checked")
    if component.value_type in {"choice", "choices", "boolean"}:
        return Message("required.choice")
    return Message("required.file" if component.value_type == "file" else "required")


def _text_fault(text: str, bounds: Bounds, env: Environment) -> Message | None:
    if bounds.min_length is not None and len(text) < bounds.min_length:
        return Message("text.short", {"min": bounds.min_length, "length": len(text)})
    if bounds.kind == "email" and not _matches(text, _EMAIL, env):
        return Message("text.email")
    if bounds.kind == "phone" and not _matches(text, _PHONE, env):
        return Message("text.phone")
    if bounds.pattern and not _matches(text, bounds.pattern, env):
        return Message("text.pattern")
    return None


def _matches(text: str, pattern: str, env: Environment) -> bool:
    """Match as FEEL does, for its matching is bounded: a designer's pattern may explode."""
    expression = feel.compile("matches(text, pattern)")
    try:
        return expression.evaluate({"text": text, "pattern": pattern}, env) is True
    except ExpressionLimitExceeded:
        return False


def _number_fault(
    value: int | Decimal, place: Place, data: Mapping[str, Json], env: Environment
) -> Message | None:
    bounds = place.component.bounds
    minimum = _bound(bounds.minimum, place, data, env)
    maximum = _bound(bounds.maximum, place, data, env)
    if minimum is not None and value < minimum:
        return Message("number.min", {"min": minimum})
    if maximum is not None and value > maximum:
        return Message("number.max", {"max": maximum})
    if bounds.digits is not None and value % (Decimal(1).scaleb(-bounds.digits)) != 0:
        return Message("number.digits", {"digits": bounds.digits})
    return None


def _bound(
    bound: Decimal | Expression | None, place: Place, data: Mapping[str, Json], env: Environment
) -> int | Decimal | None:
    if isinstance(bound, Expression):
        value = evaluate(bound, place, data, env)
        return value if isinstance(value, int | Decimal) else None
    return bound


def _items_fault(count: int, bounds: Bounds) -> Message | None:
    if bounds.min_items is not None and count < bounds.min_items:
        return Message("list.min", {"min": bounds.min_items})
    if bounds.max_items is not None and count > bounds.max_items:
        return Message("list.max", {"max": bounds.max_items})
    return None


def _date_fault(value: Json, bounds: Bounds, env: Environment) -> Message | None:
    if bounds.not_passed and isinstance(value, str) and value[:10] < env.now.date().isoformat():
        return Message("date.passed")
    return None
