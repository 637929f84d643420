"""Move one instance into another version of its process."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from onething.engine.context import Context
from onething.engine.migration.arm import arm_new
from onething.engine.migration.counterparts import DROPPED, Counterparts
from onething.engine.migration.examine import examine
from onething.engine.migration.remark import Remark
from onething.engine.migration.rewrite import rewritten
from onething.engine.outcome import Moved, Step
from onething.engine.runtime import listeners
from onething.engine.runtime.instance import Instance
from onething.engine.runtime.listener import Listener
from onething.engine.runtime.token import Token
from onething.errors import Conflict, OnethingError


@dataclass(frozen=True, slots=True)
class Migration:
    """The answer to a migration: a step, or the reasons why there is none."""

    step: Step | None
    obstacles: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    """What a person should know of a move that is possible."""


def migrate(parts: Counterparts, state: Instance, context: Context) -> Migration:
    """Return the same instance in the new version; `state` itself stays as it is.

    Tokens, variables, timers, subscriptions, tasks and jobs go on under their ids. What only
    the new version waits for begins to wait at `context.now`; what a mapping lets go ends.

    Raises Conflict where the state is over, or belongs to neither version.
    """
    if state.process.hash != parts.old.hash:
        raise Conflict("the state belongs to another deployment")
    if state.status != "active":
        raise Conflict(f"the instance is {state.status}")
    obstacles = examine(parts, state)
    if obstacles:
        return Migration(None, tuple(obstacles))
    new = rewritten(parts, state)
    new.begin(context, Step(new))
    new.step.moved = [_moved(token, new) for token in state.tokens.values()]
    notes = list(_notes(parts, state))
    for listener in state.listeners.values():
        if parts.name(listener.node) == DROPPED:
            listeners.disarm(new, listener.id)
        elif parts.name(listener.node) != listener.node:
            new.step.waits_moved[listener.id] = parts.name(listener.node)
    try:
        notes += arm_new(parts, state, new)
    except OnethingError as failure:
        return Migration(None, (Remark(state.root_process, failure.code, failure.message),))
    new.run()
    return Migration(new.step, (), tuple(dict.fromkeys(notes)))


def _moved(token: Token, new: Instance) -> Moved:
    spec = new.tokens[token.id].spec
    return Moved(
        token=token.id,
        activity=spec.bpmn_id,
        process=spec.scope_spec.process,
        name=spec.bpmn_name or spec.bpmn_id,
        form=getattr(spec, "form", None),
        waits_for=token.wait,
        was=token.spec.bpmn_id,
        is_renamed=(spec.bpmn_id, spec.scope_spec.process)
        != (token.spec.bpmn_id, token.spec.scope_spec.process),
    )


def _notes(parts: Counterparts, state: Instance) -> Iterator[Remark]:
    for listener in state.listeners.values():
        if parts.name(listener.node) == DROPPED:
            message = f"its {listener.kind} is let go, as the mapping says"
            yield Remark(listener.node, "let-go", message)
        elif listener.kind != "condition" and _reads_differently(parts, state, listener):
            told = listener.due if listener.kind == "timer" else listener.name
            message = f"its {listener.kind} goes on as it was begun: {told}"
            yield Remark(listener.node, "goes-on", message)


def _reads_differently(parts: Counterparts, state: Instance, listener: Listener) -> bool:
    """Say whether the two versions write a time or a name differently."""
    owner = listeners.owner_of(state, listener)
    scope = owner.scope if isinstance(owner, Token) else owner
    if scope is None:
        return False
    old = scope.spec.nodes[listener.node]
    written = [_written(one.definition_at(listener.part)) for one in (old, parts.node(old))]
    return written[0] != written[1]


def _written(definition: Any) -> list[str]:
    parts = (getattr(definition, name, None) for name in ("expression", "title", "key"))
    return [one.text for one in parts if one is not None]
