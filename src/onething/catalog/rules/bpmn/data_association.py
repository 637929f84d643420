"""A data association without transformation has one source.

Source: BPMN 2.0.2 §10.4.1, table 10.66.
"""

from collections.abc import Iterator

from onething.catalog.elements import children
from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield data associations that join several sources without saying how."""
    for diagram, link in subject.elements("dataInputAssociation", "dataOutputAssociation"):
        if len(children(link, "sourceRef")) > 1 and not children(link, "transformation"):
            message = "several sources need a transformation"
            yield on(diagram, link, message, "Keep one source, or write the transformation.")
