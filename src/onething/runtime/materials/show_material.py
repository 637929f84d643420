"""Show a material: a stamped copy to whoever may see it, the original to very few."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from onething import cases, documents, materials
from onething.cases import CaseRow
from onething.documents.stamp import Stamp
from onething.errors import InvalidInput, NotAllowed, NotFound, NotStampable
from onething.identity import Actor
from onething.materials import JPEG, PDF, PNG, MaterialRow
from onething.runtime.cases.view_case import log_access, view_case
from onething.runtime.host import Host
from onething.runtime.permissions import owns_case
from onething.runtime.sealing import text_opener

REASON_CHARS = (5, 200)
PARTY = "申请人"
"""Stands in the mark for whoever looks without a post."""
STAMPED = frozenset({PDF, JPEG, PNG})
"""Types of which stamped copies are made."""
_NO_STAMP = (
    "OFD 文件不能加盖用途水印，只能说明理由后取原件 "
    "(an OFD file cannot be stamped: take the original and say why)"
)


@dataclass(frozen=True, slots=True)
class MaterialView:
    """A material and the case that it was given to."""

    row: MaterialRow
    case: CaseRow
    withdrawn_at: datetime | None = None
    """Since when the document that it is stands no more; None where it stands, or is none."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What is handed out of a file."""

    name: str
    """Of the file as it was given."""
    type: str
    content: bytes


def view_material(host: Host, actor: Actor, case_no: str, material_id: str) -> MaterialView:
    """Return a material as a page tells of it; an auditor is told all but its name.

    Raises:
        NotFound: There is none, or it is not this person's to see.
    """
    with host.database.read() as conn:
        case = cases.get(conn, case_no)
    if "auditor" in actor.roles:
        log_access(host, actor, case_no, f"material {material_id}", [], allowed=True)
        row = _audited(host, case_no, material_id)
        return MaterialView(replace(row, name=material_id), case, _withdrawn(host, row))
    row = find_material(host, actor, case_no, material_id)
    return MaterialView(row, case, _withdrawn(host, row))


def _withdrawn(host: Host, row: MaterialRow) -> datetime | None:
    with host.database.read() as conn:
        found = documents.withdrawn_content(conn, row.sha256)
    return found.withdrawn_at if found else None


def find_material(
    host: Host, actor: Actor, case_no: str, material_id: str, page: str = "material"
) -> MaterialRow:
    """Return a material that this person sees, and log the reading.

    Raises:
        NotFound: There is none, or it is not this person's to see.
        NotAllowed: An auditor sees no materials: they take the original and say why.
    """
    view = view_case(host, actor, case_no, f"{page} {material_id}")
    row = next((one for one in view.materials if one.id == material_id), None)
    if row is None:
        raise NotFound(f"No material {material_id}")
    if "auditor" in actor.roles:
        raise NotAllowed("An auditor takes the original and says why")
    return row


def copy_material(host: Host, actor: Actor, case_no: str, material_id: str, size: str) -> Copy:
    """Return a stamped copy of a material; the stored bytes stay as they are.

    Args:
        host: The node.
        actor: Who looks: their post is in the mark.
        case_no: The case.
        material_id: The material's id in it.
        size: thumbnail, page or download; a PDF has but one size.

    Raises:
        NotFound: There is none, or it is not this person's to see.
        NotStampable: No stamped copy can be made; the message says what to do.
    """
    row = find_material(host, actor, case_no, material_id, size)
    at = host.clock().astimezone(host.zone)
    stamp = Stamp(case_no, actor.post_name or PARTY, at)
    return stamped_copy(host, row, stamp, size, _NO_STAMP)


class Stored(Protocol):
    """A file that lies in the store."""

    @property
    def name(self) -> str:
        """As it was given."""

    @property
    def sha256(self) -> str:
        """Its place in the store."""

    @property
    def type(self) -> str:
        """Its media type, as its bytes told it."""


def stamped_copy(host: Host, file: Stored, stamp: Stamp, size: str, advice: str) -> Copy:
    """Return a copy of a file with a mark all over it.

    Raises:
        NotStampable: None can be made; of a type that takes no mark it says `advice`.
    """
    if file.type not in STAMPED:
        raise NotStampable(advice)
    content = host.store.get(file.sha256)
    # What draws loads fonts: a process that shows nothing does without.
    if file.type == PDF:
        from onething.documents.stamped_pdf import stamped_pdf  # noqa: PLC0415

        return Copy(file.name, PDF, stamped_pdf(content, stamp))
    from onething.documents.stamped_image import stamped_image  # noqa: PLC0415

    return Copy(file.name, JPEG, stamped_image(content, stamp, size))


def take_original(host: Host, actor: Actor, case_no: str, material_id: str, reason: str) -> Copy:
    """Return the bytes of a material as they were kept; the reason stands in the access log.

    Whoever gave the case its materials may have them back; an auditor may with a reason, and a
    clerk who sees the material where no stamped copy of its type can be made.

    Raises:
        NotFound: There is none, or it is not this person's to see.
        NotAllowed: This person gets stamped copies only.
        InvalidInput: The reason is missing, or longer than 200 characters.
    """
    reason = " ".join(reason.split())
    is_audit, page = "auditor" in actor.roles, f"original {material_id}"
    if is_audit:
        row = _audited(host, case_no, material_id)
    else:
        row = find_material(host, actor, case_no, material_id, "original of")
    is_own = _is_own(host, actor, case_no)
    if not (is_own or is_audit) and row.type in STAMPED:
        log_access(host, actor, case_no, page, [], allowed=False, purpose=reason or page)
        raise NotAllowed("This needs the role auditor")
    if not is_own and not REASON_CHARS[0] <= len(reason) <= REASON_CHARS[1]:
        told = "请写明取原件的理由，5 到 200 字 (say why: 5 to 200 characters)"
        raise InvalidInput(told, {"reason": told})
    log_access(host, actor, case_no, page, [], allowed=True, purpose=reason or page)
    return Copy(row.name, row.type, host.store.get(row.sha256))


def _is_own(host: Host, actor: Actor, case_no: str) -> bool:
    with host.database.read() as conn:
        return owns_case(actor, conn, cases.get(conn, case_no))


def _audited(host: Host, case_no: str, material_id: str) -> MaterialRow:
    """Return a material that no page shows to an auditor."""
    with host.database.read() as conn:
        instance_id = cases.get(conn, case_no).instance_id
        unseal = text_opener(host.keys, conn, instance_id)
        return materials.get(conn, instance_id, material_id, unseal)
