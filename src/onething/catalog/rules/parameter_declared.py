"""A parameter that a diagram or table reads is declared in service.toml.

An unknown parameter is null: a timer without a time, an amount that is nothing. Where null is
asked for beforehand the parameter may be missing.
"""

import re
from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True
_READ = re.compile(r"\bparameters\.([A-Za-z]\w*)")
_ASKED = re.compile(r"\bparameters\.([A-Za-z]\w*)\s*!?=\s*null")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield places that read a parameter which the service does not set."""
    known = {one.name for one in subject.service.parameters}
    remedy = f"Add [[parameters]] to {subject.manifest}, with its source or as an assumption."
    for node in subject.nodes():
        for name in unset(" ".join(node.expressions()), known):
            yield at(node, f"there is no parameter {name}", remedy)
    for flow in subject.flows:
        for name in unset(flow.condition, known):
            yield at(flow, f"there is no parameter {name}", remedy)
    for path, data in subject.package.ending(".dmn").items():
        for name in unset(data.decode("utf-8", errors="replace"), known):
            yield Fault(path, "", f"there is no parameter {name}", remedy)


def unset(text: str, known: set[str]) -> list[str]:
    """Return the parameters that a text reads, that are not known and not asked for null."""
    return sorted(set(_READ.findall(text)) - known - set(_ASKED.findall(text)))
