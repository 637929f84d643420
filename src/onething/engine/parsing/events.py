"""Event definitions, inline or by reference."""

from typing import Any

from onething import feel
from onething.engine.parsing import expressions
from onething.engine.parsing.findings import local
from onething.engine.parsing.references import Document, child, children, flag, text_of
from onething.engine.parsing.zeebe import Extensions
from onething.engine.specs import definitions

_TIMES = ("timeDate", "timeDuration", "timeCycle")


def read(document: Document, element: Any) -> list[definitions.Definition]:
    """Return the event definitions of an event, own ones and referred ones."""
    own = [one for one in children(element) if local(one).endswith("EventDefinition")]
    for reference in children(element, "eventDefinitionRef"):
        found = document.find(text_of(reference))
        if found is None or not local(found).endswith("EventDefinition"):
            what = f"there is no event definition with the id {text_of(reference)}"
            remedy = "Refer to an event definition of the file."
            document.findings.add(document.name, element, "dangling-reference", what, remedy)
        else:
            own.append(found)
    return [made for one in own if (made := make(document, element, one)) is not None]


def make(document: Document, event: Any, element: Any) -> definitions.Definition | None:
    """Return the definition that one XML element describes."""
    kind = local(element).removesuffix("EventDefinition")
    if kind == "message":
        return message(document, event, element)
    if kind == "timer":
        return _timer(document, event, element)
    if kind == "signal":
        target = document.refer(element, "signalRef", "signal")
        return definitions.Signal(*_title(document, event, target))
    if kind == "conditional":
        return _condition(document, event, element)
    if kind in {"error", "escalation"}:
        target = document.refer(element, f"{kind}Ref", kind)
        code = None if target is None else target.get(f"{kind}Code")
        return definitions.Coded(kind, code or None)
    return _structural(document, element, kind)


def _structural(document: Document, element: Any, kind: str) -> definitions.Definition | None:
    if kind == "link":
        return definitions.Link(element.get("name") or "")
    if kind == "compensate":
        target = document.refer(element, "activityRef")
        activity = None if target is None else target.get("id")
        waits = flag(element, "waitForCompletion", default=True)
        return definitions.Compensate(activity, waits=waits)
    if kind == "cancel":
        return definitions.Cancel()
    if kind == "terminate":
        return definitions.Terminate()
    document.findings.add(
        document.name,
        element,
        "unknown-event",
        f"{local(element)} is no event definition of BPMN 2.0",
        "Use another event.",
    )
    return None


def message(document: Document, event: Any, element: Any) -> definitions.Message:
    """Return the message that a definition, a send task or a receive task names."""
    target = document.refer(element, "messageRef", "message")
    name, title = _title(document, event, target)
    key = None
    if target is not None:
        text = Extensions(document, target).attribute("subscription", "correlationKey")
        key = expressions.attribute(document, event, text)
    return definitions.Message(name, title, key)


def _title(document: Document, event: Any, target: Any) -> tuple[str, Any]:
    """Return id and name expression; an event without reference goes by its own id."""
    named = event if target is None else target
    identifier = named.get("id") or ""
    name = (target.get("name") if target is not None else None) or identifier
    title = expressions.attribute(document, event, name)
    return identifier, title or feel.compile_attribute(identifier)


def _timer(document: Document, event: Any, element: Any) -> definitions.Definition | None:
    given = [one for one in children(element, *_TIMES) if text_of(one)]
    if not given:
        # The schema allows it; an instance that comes here stops with an incident.
        return definitions.Timer(feel.compile_attribute("=null"))
    if len(given) > 1:
        document.findings.add(
            document.name,
            event,
            "timer-with-several-times",
            "a timer has a date, a duration or a cycle, not several of them",
            "Give the timer one time.",
        )
    expression = expressions.attribute(document, event, text_of(given[0]))
    return None if expression is None else definitions.Timer(expression)


def _condition(document: Document, event: Any, element: Any) -> definitions.Definition | None:
    text = text_of(child(element, "condition"))
    expression = expressions.formula(document, event, text)
    if expression is not None:
        return definitions.Condition(expression)
    if not text and not document.is_drawing:
        document.findings.add(
            document.name,
            event,
            "condition-missing",
            "a conditional event needs a condition",
            "Write the condition in FEEL, with a leading =.",
        )
    return None
