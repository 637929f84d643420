"""The format of a text is a MIME type.

Source: BPMN 2.0.2 §8.3.2, §8.4.1: textFormat must follow the MIME type format.
"""

import re
from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, on
from onething.errors import Severity

SEVERITY: Severity = "error"
_MIME = re.compile(r"[\w.+-]+/[\w.+*-]+\s*(;.*)?", re.ASCII)


def check(subject: Subject) -> Iterator[Fault]:
    """Yield documentation and annotations whose textFormat is no MIME type."""
    for diagram, text in subject.elements("documentation", "textAnnotation"):
        written = text.get("textFormat")
        if written and not _MIME.fullmatch(written.strip()):
            message = f"textFormat is {written!r}, which is no MIME type"
            yield on(diagram, text, message, "Write text/plain, or leave textFormat out.")
