"""The method of a transaction is one of the standard's or a URI.

Source: BPMN 2.0.2 §10.3.5, table 10.22.
"""

import re
from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_KNOWN = re.compile(r"##(Compensate|Store|Image)")
_URI = re.compile(r"([A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield transactions whose method is no URI."""
    for diagram, transaction in subject.elements("transaction"):
        method = (transaction.get("method") or "").strip()
        if method and not _KNOWN.fullmatch(method) and not _URI.fullmatch(method):
            message = f"the method {method!r} is no URI"
            yield on(diagram, transaction, message, "Write ##Compensate, or leave method out.")
