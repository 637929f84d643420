"""A deciding gateway has a condition on every way but one, and that one is its default.

Without a default a case for which no condition holds stands still as an incident; a way
without a condition is always taken. Source: BPMN 2.0 §10.6.2, §10.6.3.
"""

import re
from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
_ALWAYS = re.compile(r"=\s*true")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield gateways without default flow, and flows without condition."""
    for diagram in subject.diagrams:
        for node in diagram.nodes:
            leaving = diagram.leaving(node)
            if node.kind not in {"exclusiveGateway", "inclusiveGateway"} or len(leaving) < 2:  # noqa: PLR2004 - one way is no choice
                continue
            default = node.element.get("default")
            is_certain = any(_ALWAYS.fullmatch(flow.condition) for flow in leaving)
            if not default and not is_certain:
                yield at(node, "the gateway has no default flow", "Mark one flow as default.")
            for flow in leaving:
                if not flow.condition and flow.id != default:
                    message = "the flow has no condition and is not the default"
                    yield at(flow, message, "Write a condition in FEEL, or make it the default.")
