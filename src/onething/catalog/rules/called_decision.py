"""A business rule task names a decision of the package.

A rule of law is a decision table with its article, not a remark in a diagram.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield business rule tasks without a decision, or with one that the package lacks."""
    for node in subject.nodes("businessRuleTask"):
        decision = node.extension("calledDecision", "decisionId")
        if decision is None:
            remedy = "Name a decision with zeebe:calledDecision decisionId."
            yield at(node, "the business rule task decides nothing", remedy)
        elif decision not in subject.decisions and not decision.startswith("="):
            message = f"the package has no decision {decision}"
            yield at(node, message, "Add it to a .dmn file of the package.")
