"""A user task asks by a form that has named fields to fill.

A task without fields records nothing: nobody could later say what was decided on which facts.
"""

from collections.abc import Iterator

from onething.catalog.subject import Fault, Subject, at
from onething.errors import Severity

SEVERITY: Severity = "error"
NEEDS_PACKAGE = True


def check(subject: Subject) -> Iterator[Fault]:
    """Yield user tasks without a form, with an unknown one, or with one that asks nothing."""
    for node in subject.nodes("userTask"):
        form_id = node.extension("formDefinition", "formId")
        if form_id is None:
            remedy = "Bind a form with zeebe:formDefinition formId."
            yield at(node, "the user task has no form", remedy)
            continue
        form = subject.form(form_id)
        if form is None:
            path = subject.form_path(form_id)
            yield at(node, f"there is no form {form_id}", f"Add {path}, or name another form.")
        elif not any(field.is_written for field in form.fields):
            remedy = "Give the form the fields that this post records."
            yield at(node, f"the form {form_id} has no field to fill", remedy)
