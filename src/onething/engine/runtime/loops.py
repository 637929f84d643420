"""Loops and multi-instance: a body token and its rounds."""

from typing import TYPE_CHECKING, Any

from onething.engine.runtime import variables
from onething.engine.runtime.token import Token

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance


def begin(instance: "Instance", body: Token) -> None:
    """Begin the rounds of an activity; with none to do it leaves at once."""
    body.internal_data.update(body.spec.loop.plan(instance, body))
    instance.wait(body)
    advance(instance, body)


def advance(instance: "Instance", body: Token) -> None:
    """Start the rounds that may run now."""
    loop, memory = body.spec.loop, body.internal_data
    while memory["begun"] < memory["total"] and (not loop.sequential or not body.rounds):
        if not loop.may_begin(instance, body):
            memory["total"] = memory["begun"]
            break
        index = memory["begun"]
        memory["begun"] = index + 1
        round_token = instance.new_token(body.scope, body.spec, body)
        round_token.phase = "perform"
        round_token.data.update(loop.locals(memory, index))
    if not body.rounds:
        close(instance, body)


def round_done(instance: "Instance", token: Token) -> None:
    """Take a finished round in: its output, its behaviour event, and what comes next."""
    body = instance.tokens[token.body or ""]
    loop, memory = body.spec.loop, body.internal_data
    output = loop.output_of(instance, token)
    memory["done"] += 1
    if loop.collects:
        index = str(token.data["loopCounter"] - 1)
        memory["outputs"][index] = output
    instance.mark(token)
    instance.ended(token)
    is_over = loop.is_over(instance, token, counts(body))
    instance.forget(token)
    loop.behave(instance, body)
    if body.id not in instance.tokens:
        return
    if is_over:
        memory["terminated"] = memory["total"] - memory["done"]
        memory["total"] = memory["begun"]
        for other in list(body.rounds):
            instance.cancel_token(instance.tokens[other])
        close(instance, body)
    else:
        advance(instance, body)


def counts(body: Token) -> dict[str, int]:
    """Return the standard attributes. Source: BPMN 2.0 table 10.30."""
    memory = body.internal_data
    total, begun, done = memory["total"], memory["begun"], memory["done"]
    return {
        "numberOfInstances": memory.get("planned", total),
        "numberOfActiveInstances": begun - done,
        "numberOfCompletedInstances": done,
        "numberOfTerminatedInstances": memory["terminated"],
    }


def close(instance: "Instance", body: Token) -> None:
    """End the body: the output collection is complete."""
    loop, memory = body.spec.loop, body.internal_data
    if loop.collects:
        planned = memory["planned"]
        values: list[Any] = [memory["outputs"].get(str(i)) for i in range(planned)]
        variables.assign(instance, body.scope, (loop.output_collection,), values)
    instance.finish(body)
