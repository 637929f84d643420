"""A department's task is more than one tick-box.

One box says neither what was looked at nor who decided; the clerk of that post records the
facts on which the item's result stands.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield tasks of departments whose form is a single yes or no."""
    parties = {lane.name for one in subject.services for lane in one.lanes if lane.party}
    for node in subject.nodes("userTask"):
        form = subject.form(node.extension("formDefinition", "formId") or "")
        if form is None or node.lane in parties:
            continue
        asked = [field for field in form.fields if field.is_written]
        if len(asked) == 1 and asked[0].value_type == "boolean":
            message = f"the task asks for nothing but {asked[0].path}"
            yield at(node, message, "Add the facts that the clerk of this post records.")
