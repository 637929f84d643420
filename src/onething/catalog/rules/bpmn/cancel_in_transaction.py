"""Cancel events belong to transactions.

Source: BPMN 2.0.2 §10.5.3, §10.5.4.
"""

from collections.abc import Iterator

from onething.catalog.elements import MODEL, kind_of
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield cancel end events outside of transactions and cancel boundaries elsewhere."""
    for diagram, event in subject.elements("endEvent"):
        inside = next(event.iterancestors(f"{MODEL}transaction"), None)
        if inside is None and "cancel" in diagram.elements.triggers(event):
            message = "a cancel end event stands outside of a transaction"
            yield on(diagram, event, message, "Put it into a transaction.")
    for diagram, event in subject.elements("boundaryEvent"):
        host = diagram.elements.find(event.get("attachedToRef"))
        is_transaction = host is not None and kind_of(host) == "transaction"
        if not is_transaction and "cancel" in diagram.elements.triggers(event):
            message = "a cancel boundary event sits on something else than a transaction"
            yield on(diagram, event, message, "Attach it to a transaction.")
