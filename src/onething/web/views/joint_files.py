"""The files of an application that waits for its other party: shown and kept as stamped copies."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from onething import runtime
from onething.web.copies import kept, shown
from onething.web.node import actor, host

pages = Blueprint("joint_files", __name__)


@pages.get("/invitations/<invitation_id>/files/<file_id>")
def download(invitation_id: str, file_id: str) -> Response:
    """Send a stamped copy to keep."""
    return kept(runtime.copy_joint_file(host(), actor(), invitation_id, file_id, "download"))


@pages.get("/invitations/<invitation_id>/files/<file_id>/page")
def page(invitation_id: str, file_id: str) -> Response:
    """Send a stamped copy to look at."""
    return shown(runtime.copy_joint_file(host(), actor(), invitation_id, file_id, "page"))


@pages.get("/invitations/<invitation_id>/files/<file_id>/thumbnail")
def thumbnail(invitation_id: str, file_id: str) -> Response:
    """Send a small stamped copy of a picture."""
    return shown(runtime.copy_joint_file(host(), actor(), invitation_id, file_id, "thumbnail"))


@pages.get("/invitations/<invitation_id>/files/<file_id>/view")
def view(invitation_id: str, file_id: str) -> str:
    """Show a file with what it answers in the application."""
    file = runtime.find_joint_file(host(), actor(), invitation_id, file_id)
    return render_template(
        "invitation/file.html",
        view=runtime.view_invitation(host(), actor(), invitation_id),
        file=file,
        is_stamped=file.type in runtime.STAMPED,
    )
