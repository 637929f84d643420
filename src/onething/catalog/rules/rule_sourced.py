"""Every rule of a decision table names its article, or says that it is an assumption.

Law is data with a source: whoever reads the row can check it. Source: design §1.5.
"""

from collections.abc import Iterator

from onething.catalog.diagram import parsed
from onething.catalog.elements import line_of
from onething.catalog.subject import Fault, Subject
from onething.errors import Severity

SEVERITY: Severity = "warning"


def check(subject: Subject) -> Iterator[Fault]:
    """Yield rules without description and annotation."""
    for path, data in subject.package.ending(".dmn").items():
        for rule in parsed(data).iter("{*}rule"):
            notes = [rule.find("{*}description"), rule.find("{*}annotationEntry/{*}text")]
            if not any(note is not None and (note.text or "").strip() for note in notes):
                ident = rule.get("id") or ""
                remedy = "Write the article in the annotation, or 假定."
                yield Fault(path, ident, "the rule has no source", remedy, line_of(rule))
