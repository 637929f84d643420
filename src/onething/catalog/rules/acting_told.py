"""A service that people apply for says whether somebody may act for them, and the form agrees.

Whoever cannot come learns it before the form is filled in. Source: report §1.10 委托.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield a service that says nothing of it, or something else than its form."""
    service = subject.service
    if service.hidden:
        return
    if not service.acting:
        remedy = "Say in [[acting]] who may act for the applicant, or why nobody may."
        yield Fault(subject.manifest, "acting", "nothing is said of acting for others", remedy)
        return
    asked = {one.path for one in subject.definition.application.fields}
    is_told = any(one.allowed for one in service.acting)
    if "actingFor" in asked and not (is_told and service.proxy.declaration):
        message = "the form asks actingFor, and the manifest allows it nowhere"
        yield Fault(subject.manifest, "acting", message, "Write [proxy], and [[acting]] with it.")
