"""Issue a document: a numbered PDF from a template of the package."""

from collections.abc import Mapping
from typing import Any

from onething import documents
from onething.documents import Reservation
from onething.jobs import JobRow
from onething.runtime.host import Host
from onething.runtime.messages.send_notice import notice_text
from onething.runtime.messages.tell import About
from onething.runtime.messages.tell_parties import tell_document
from onething.runtime.templates import Filling, filling


def issue_document(host: Host, job: JobRow, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Draw the document of a job; repeated, the first one's number and file are answered.

    Args:
        host: The node.
        job: The job; its effect key is the document's id.
        inputs: `template` (id), `data` (context), `to` (party), `item` (item id).

    Returns:
        `{number, documentId, sha256}`.

    Raises:
        ConnectorError: The package has no such template.
    """
    found = filling(host, job, inputs)
    now = host.clock()
    item, to = inputs.get("item"), inputs.get("to")
    wanted = Reservation(
        instance_id=job.instance_id,
        id=job.effect_key,
        template=found.template,
        at=now,
        issued_on=now.astimezone(host.zone).date(),
        item=str(item) if item else None,
        to=str(to) if to else None,
        case_no=found.case.case_no,
    )
    row = documents.issue(
        host.write,
        host.store,
        wanted,
        found.data,
        host.environment(now),
        host.settings.verify_url,
    )
    _tell(host, job, found, wanted)
    return {"number": row.number, "documentId": row.id, "sha256": row.sha256}


def _tell(host: Host, job: JobRow, found: Filling, issued: Reservation) -> None:
    """Tell its party that a document was issued; a second time tells nothing."""
    text = notice_text(found.template, found.data, host.environment(issued.at), found.wording)
    about = About(job.instance_id, found.case.case_no, found.seal)
    host.write(
        lambda conn: tell_document(
            host, conn, found.case, about, job.effect_key, issued.to, found.template, text
        )
    )
