"""What people read where an operator has suspended a case."""

from onething import runtime
from onething.runtime import Suspension
from onething.web.node import host


def suspension(instance_id: str) -> Suspension | None:
    """Return since when, by whom and why an instance is suspended; None when it is not."""
    with host().database.read() as conn:
        return runtime.suspension(conn, instance_id)


FILTERS = {"suspension": suspension}
"""What the templates call these by."""
