"""The kinds of lines in a notice centre."""

FOR_APPLICANTS = ("notice", "document", "todo", "reminder")
"""A notice of the case; a document that was issued; a task to do; a reminder of one."""
FOR_WORKERS = (
    "assigned",
    "taken",
    "supplemented",
    "due_soon",
    "late",
    "card_answered",
    "card_escalated",
)
"""A task was given to them or taken from them; what was asked for came in; their work is due soon
or late; a card of their department was answered, or handed up to them."""
OF_ADDRESSES = ("address_refused", "address_dead")
"""An own address refused a message, or so many that it is used no more."""
OUTWARD = FOR_APPLICANTS
"""What people are told by e-mail and text message as well."""

TODO, REMINDED = "todo.", "reminder.task."
"""How the ids of lines about one task begin; the task's token follows."""


def token_of(line_id: str) -> str | None:
    """Return the token of the task that a line is about; None where it is about none."""
    for beginning in (TODO, REMINDED):
        if line_id.startswith(beginning):
            return line_id.removeprefix(beginning)
    return None
