"""A step that the tracker shows has its sentence in every language.

The applicant reads these sentences instead of the diagram.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield nodes whose onething:step has no text."""
    for language in ("zh", "en"):
        known = subject.definition.texts(language).get("steps", {})
        for node in subject.nodes():
            step = node.properties.get("step", "")
            if step and not step.startswith("=") and step not in known:
                remedy = f"Write it under [steps] in texts/{language}.toml."
                yield at(node, f"the step {step} has no text in {language}", remedy)
