"""Expressions in service.toml are FEEL.

Subject, region, parties and conditions are evaluated when a case starts: a mistake would
refuse every application.
"""

from collections.abc import Iterator

from onething import feel
from onething.catalog.subject import Fault, Subject
from onething.errors import ExpressionError, Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield expressions that cannot be compiled."""
    for place, text in _expressions(subject):
        try:
            feel.compile_attribute(text)
        except ExpressionError as error:
            message = f"{text!r} is no FEEL: {error.message}"
            yield Fault(subject.manifest, place, message, "Mend the expression behind =.")


def _expressions(subject: Subject) -> Iterator[tuple[str, str]]:
    service = subject.service
    for name in ("subject", "applicant", "region"):
        yield name, getattr(service, name)
    yield from ((f"parties.{name}", text) for name, text in service.parties.items())
    yield from ((f"lanes.{lane.name}", lane.region or "") for lane in service.lanes)
    yield "proxy.condition", service.proxy.condition
    yield from ((f"cosigners.{one.party}", one.condition) for one in service.cosigners)
    for item in service.items:
        yield f"items.{item.id}.condition", item.condition
        for material in item.materials:
            if isinstance(material.required, str):
                yield f"items.{item.id}.materials.{material.id}", material.required
