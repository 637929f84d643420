"""What a diagram says of a task at the desk is known there, and a task done in batches asks little.

One answer is written into many cases at once: with files, lists or many fields nobody could stand
for each of them.
"""

from collections.abc import Iterator

from onething.catalog.diagram import Node
from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True
MOST_FIELDS = 6
_LARGE = ("file", "list")


def check(subject: Subject) -> Iterator[Fault]:
    """Yield unknown or misplaced onething:undo and onething:batch, and too much for a batch."""
    for node in subject.nodes():
        if node.kind == "userTask":
            yield from _of_task(subject, node)
        else:
            for name in sorted({"undo", "batch"} & node.properties.keys()):
                yield at(node, f"onething:{name} is not on a user task", "Move it to the task.")


def _of_task(subject: Subject, node: Node) -> Iterator[Fault]:
    undo, batch = (node.properties.get(name) for name in ("undo", "batch"))
    if undo not in (None, "none"):
        yield at(node, f"onething:undo is {undo}", "Use none, or leave it out.")
    if batch not in (None, "true"):
        yield at(node, f"onething:batch is {batch}", "Use true, or leave it out.")
    form = subject.form(node.extension("formDefinition", "formId") or "")
    if batch != "true" or form is None:
        return
    written = [one for one in form.fields if one.is_written]
    if len(written) > MOST_FIELDS or any(one.value_type in _LARGE for one in form.fields):
        told = "its form is too much for a batch"
        remedy = f"Ask at most {MOST_FIELDS} fields, no files or lists, or drop onething:batch."
        yield at(node, told, remedy)
