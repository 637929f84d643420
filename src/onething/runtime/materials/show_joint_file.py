"""Show the files of an application that waits for its other party: to the two alone, stamped."""

from sqlalchemy import Connection

from onething import identity, invitations
from onething.documents.stamp import Stamp
from onething.errors import NotFound
from onething.identity import Actor
from onething.invitations import AWAITING, InvitationRow
from onething.runtime.applications.joint_application import JointApplication, unsealed
from onething.runtime.cases.view_case import log_access
from onething.runtime.host import Host
from onething.runtime.materials.kept_file import KeptFile
from onething.runtime.materials.show_material import PARTY, Copy, stamped_copy

_REFERENCE = 8
_LONGEST_ID = 16
_NO_STAMP = (
    "OFD 文件不能加盖用途水印，不能显示；请邀请人改交 PDF 或者照片后重新邀请 "
    "(an OFD file cannot be stamped: whoever invites gives a PDF or a photo and invites again)"
)


def find_joint_file(
    host: Host, actor: Actor, invitation_id: str, file_id: str, page: str = "view"
) -> KeptFile:
    """Return a file of an application that waits, and log the reading.

    The invited party sees it while it is asked to agree, whoever invites as long as it is kept.

    Raises:
        NotFound: There is none, or it is not this person's to see.
    """
    return _found(host, actor, invitation_id, file_id, page)[2]


def copy_joint_file(host: Host, actor: Actor, invitation_id: str, file_id: str, size: str) -> Copy:
    """Return a stamped copy of a file of an application that waits.

    Args:
        host: The node.
        actor: Who looks: which of the two it is stands in the mark.
        invitation_id: Which application.
        file_id: The id that the file will have as a material.
        size: thumbnail, page or download; a PDF has but one size.

    Raises:
        NotFound: There is none, or it is not this person's to see.
        NotStampable: No stamped copy can be made; the message says what to do.
    """
    row, joint, file = _found(host, actor, invitation_id, file_id, size)
    viewer = PARTY if row.user == actor.user else joint.name
    at = host.clock().astimezone(host.zone)
    stamp = Stamp(f"申请尚未提交 {row.invitation_id[:_REFERENCE]}", viewer, at)
    return stamped_copy(host, file, stamp, size, _NO_STAMP)


def _found(
    host: Host, actor: Actor, invitation_id: str, file_id: str, page: str
) -> tuple[InvitationRow, JointApplication, KeptFile]:
    with host.database.read() as conn:
        row = invitations.find(conn, invitation_id)
        is_seen = row is not None and _may_see(host, conn, actor, row)
    joint = unsealed(host, row) if row is not None and is_seen else None
    file = next((one for one in joint.files if one.id == file_id), None) if joint else None
    elements = [file.field] if file else []
    page = f"invitation {page} {file_id[:_LONGEST_ID]}"
    log_access(host, actor, None, page, elements, allowed=file is not None)
    if row is None or joint is None or file is None:
        raise NotFound("No such file")
    return row, joint, file


def _may_see(host: Host, conn: Connection, actor: Actor, row: InvitationRow) -> bool:
    """Whether an account may open what the application holds.

    An account that was verified since it came with the code is the invited party no more where
    somebody else turned out to stand behind it.
    """
    if row.user == actor.user:
        return True
    if row.invited != actor.user or row.state != AWAITING or row.is_over(host.clock()):
        return False
    found = identity.find_identity(conn, actor.user)
    return found is None or found.digest == row.digest
