"""Variables: looked up outwards, assigned where the name already lives.

A name is searched from the token outwards to its process and no farther. A result
goes to the nearest scope that has the name, else to the process. Source: Zeebe,
variable scopes and propagation.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from onething import feel

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance
    from onething.engine.runtime.scope import Scope
    from onething.engine.runtime.token import Token
    from onething.engine.specs.flow import Association

_MISSING = object()


def visible(scope: "Scope", token: "Token | None") -> dict[str, Any]:
    """Return every variable that is seen from a place, inner ones first."""
    found: dict[str, Any] = {}
    for level in _levels(scope, token):
        for name, value in level.items():
            found.setdefault(name, value)
    return found


def seen(scope: "Scope", token: "Token | None") -> "Seen":
    """Return the variables seen from a place as FEEL values."""
    return Seen(_levels(scope, token))


def find(scope: "Scope", token: "Token | None", name: str, default: Any = None) -> Any:
    """Return a variable's JSON value, or the default where nothing has the name."""
    for level in _levels(scope, token):
        value = level.get(name, _MISSING)
        if value is not _MISSING:
            return value
    return default


def _levels(scope: "Scope", token: "Token | None") -> list[dict[str, Any]]:
    levels = [] if token is None else [token.data]
    while True:
        levels.append(scope.data)
        if scope.is_closed or scope.host is None:
            return levels
        levels.append(scope.host.data)
        scope = scope.host.scope


def assign(instance: "Instance", scope: "Scope", path: tuple[str, ...], value: Any) -> None:
    """Set a variable, or a key inside its context, where its name already lives."""
    name = path[0]
    target = scope
    while name not in target.data and not target.is_process and target.host is not None:
        if name in target.host.data:
            target.host.data[name] = nested(target.host.data.get(name), path[1:], value)
            instance.is_dirty = True
            return
        target = target.host.scope
    # Where only a caller has the name, the copy made here begins with the caller's context.
    old = find(target, None, name) if len(path) > 1 else None
    target.data[name] = nested(old, path[1:], value)
    instance.changed(target, name)


def bring_in(instance: "Instance", token: "Token", associations: "Sequence[Association]") -> None:
    """Fill an activity's data inputs; a source without a value leaves its input unset."""
    for one in associations:
        value = find(token.scope, token, one.source)
        if value is not None:
            token.data[one.target] = _changed(instance, token, one, value)


def bring_out(instance: "Instance", token: "Token", associations: "Sequence[Association]") -> None:
    """Assign what an activity left in its data outputs."""
    for one in associations:
        value = token.data.get(one.source)
        if value is not None:
            assign(instance, token.scope, (one.target,), _changed(instance, token, one, value))


def _changed(instance: "Instance", token: "Token", one: "Association", value: Any) -> Any:
    if one.change is None:
        return value
    return evaluate(instance, one.change, token.scope, token, {one.source: value})


def nested(old: Any, path: tuple[str, ...], value: Any) -> Any:
    """Return a copy of a context with one key inside it replaced; never mutates."""
    if not path:
        return value
    inside = dict(old) if isinstance(old, dict) else {}
    inside[path[0]] = nested(inside.get(path[0]), path[1:], value)
    return inside


def evaluate(
    instance: "Instance",
    expression: Any,
    scope: "Scope",
    token: "Token | None",
    extra: Mapping[str, Any] | None = None,
) -> Any:
    """Evaluate a compiled expression; return JSON.

    Only the names that the expression uses are looked up. Raises ExpressionError.
    """
    levels = _levels(scope, token)
    if extra is not None:
        levels.insert(0, dict(extra))
    return feel.to_json(expression.evaluate(Seen(levels), instance.environment))


class Seen(Mapping[str, Any]):
    """The variables seen from a place, as FEEL values, each converted when it is asked for."""

    def __init__(self, levels: list[dict[str, Any]]) -> None:
        self._levels = levels

    def get(self, name: str, default: Any = None) -> Any:
        """Return a variable as a FEEL value, the innermost of the name."""
        for level in self._levels:
            value = level.get(name, _MISSING)
            if value is not _MISSING:
                return feel.from_json(value)
        return default

    def __getitem__(self, name: str) -> Any:
        value = self.get(name, _MISSING)
        if value is _MISSING:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter({name: None for level in self._levels for name in level})

    def __len__(self) -> int:
        return len({name for level in self._levels for name in level})
