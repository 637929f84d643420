"""A second party who agrees to an application is one of its parties, asked for an identity number.

The number says whom the applicant invites: without it anybody with the code could agree.
"""

import re
from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True
_PATH = re.compile(r"=\s*([A-Za-z_]\w*)(\[[1-9]\d?\])?\s*")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield cosigners, and applicants beside them, who stand at no path with `idNo`."""
    service = subject.service
    if not service.cosigners:
        return
    asked = {one.path for one in subject.definition.application.fields}
    named = {"applicant": service.applicant} | {
        f"cosigners.{one.party}": service.parties.get(one.party, "") for one in service.cosigners
    }
    for place, text in named.items():
        match = _PATH.fullmatch(text)
        wanted = f"{match[1]}{'[]' if match[2] else ''}.idNo" if match else ""
        if wanted not in asked:
            message = f"{text or 'nothing'} is no party with an identity number"
            remedy = "Name a party by a path such as =b or =adopters[2] whose idNo is asked."
            yield Fault(subject.manifest, place, message, remedy)
