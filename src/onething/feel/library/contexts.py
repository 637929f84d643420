"""Built-in functions on contexts, and those on any value. Source: DMN 1.5, 10.3.4.2, 10.3.4.8."""

from onething.feel.environment import Run
from onething.feel.library.registry import builtin
from onething.feel.temporal import DateTime, Time
from onething.feel.values import UNSET, NoValue, Value, equal, kind

Context = dict[str, Value]


@builtin("get value(m: context, key: string)")
def _get_value(m: Context, key: str) -> Value:
    if key not in m:
        raise NoValue(f"the context has no entry {key}")
    return m[key]


@builtin("get value(m: context, keys: list)")
def _get_deep_value(m: Context, keys: list[Value]) -> Value:
    value: Value = m
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            raise NoValue(f"the context has no entry {key}")
        value = value[key]
    return value


@builtin("get entries(m: context)")
def _get_entries(m: Context) -> list[Context]:
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin("context(entries: list)", needs_run=True)
def _context(run: Run, entries: list[Value]) -> Context:
    run.spend(len(entries))
    made: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            raise NoValue("an entry needs a key and a value")
        if not isinstance(entry["key"], str) or entry["key"] in made:
            raise NoValue("keys are different strings")
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: any)")
def _context_put(context: Context, key: str, value: Value) -> Context:
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def _context_put_deep(context: Context, keys: list[Value], value: Value) -> Context:
    if not keys or not all(isinstance(key, str) for key in keys):
        raise NoValue("the keys are a list of strings")
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0], {})
    if not isinstance(inner, dict):
        raise NoValue(f"{keys[0]} is no context")
    return {**context, keys[0]: _context_put_deep(inner, keys[1:], value)}


@builtin("context merge(contexts: list)")
def _context_merge(contexts: list[Value]) -> Context:
    merged: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise NoValue(f"the list holds {kind(context)}")
        merged.update(context)
    return merged


@builtin("not(negand: any)")
def _not(negand: Value) -> bool | None:
    return not negand if isinstance(negand, bool) else None


@builtin("is(value1: any?, value2: any?)")
def _is(left: Value = None, right: Value = None) -> bool:
    left, right = (None if value is UNSET else value for value in (left, right))
    if kind(left) != kind(right):
        return False
    if isinstance(left, (Time, DateTime)) and isinstance(right, (Time, DateTime)):
        return left == right  # with offset and zone, which `=` does not compare
    return equal(left, right) is True


@builtin("is defined(value: any)")
def _is_defined(value: Value) -> bool:
    return value is not None


@builtin("get or else(value: any, default: any)")
def _get_or_else(value: Value, default: Value) -> Value:
    return default if value is None else value
