"""Withdraw an issued document: it stands no more, though its number and its file stay.

It is offered to nobody any more, whoever checks its number reads it, and so does whoever looks at
a material that was taken from it.
"""

from sqlalchemy import Connection

from onething import cases, documents
from onething.cases import CaseRow
from onething.documents import DocumentRow
from onething.errors import Conflict, NotAllowed
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.materials.issued import issuer_of
from onething.runtime.messages.news_words import said
from onething.runtime.messages.tell import About, News, tell
from onething.runtime.messages.tell_parties import recipients
from onething.runtime.permissions import WORKERS, require_role, visible_case
from onething.runtime.tasks.workload import checked_reason
from onething.runtime.turn import Turn, require_key

WITHDRAWN = "DocumentWithdrawn"


def withdraw_document(  # noqa: PLR0913 - what is withdrawn, and why
    host: Host, actor: Actor, case_no: str, document_id: str, reason: str, *, key: str | None = None
) -> DocumentRow:
    """Withdraw a document that the actor's department issued; withdrawn twice is once.

    Args:
        host: The node.
        actor: A clerk or supervisor of the department whose item it belongs to, at a post that
            the case was or is work of.
        case_no: The case, open or closed.
        document_id: The document's id in it.
        reason: Why, at most 2,000 characters; it stands in the history under the case's key.
        key: Idempotency key: a repeated request is answered with the first one's answer.

    Raises:
        NotFound: No such case or document for this person.
        NotAllowed: The person's department did not issue it.
        InvalidInput: There is no reason, or it is too long.
        Conflict: It is not issued yet.
        CaseArchived: The case is in an archive file.
        KeyReused: The key was used with another request.
    """
    require_key(key)
    require_role(actor, *WORKERS)
    reason = checked_reason(reason)
    request = {"case": case_no, "document": document_id}

    def transaction(conn: Connection) -> DocumentRow:
        case = visible_case(actor, conn, case_no)
        turn = Turn.on(host, conn, actor, case.instance_id)
        row = documents.get(conn, case.instance_id, document_id)
        if issuer_of(turn.definition.service, row) != actor.department:
            raise NotAllowed("Another department issued this document")
        if turn.repeated(key, request) is None and row.withdrawn_at is None:
            if row.sha256 is None:
                raise Conflict("The document is not issued yet")
            documents.withdraw(conn, row, turn.now)
            _tell(turn, cases.of_instance(conn, case.instance_id), row)
            note = {"document": row.number}
            turn.append(WITHDRAWN, note=note, private={"reason": reason}, key=key, request=request)
        return documents.get(conn, case.instance_id, document_id)

    return host.write(transaction)


def _tell(turn: Turn, case: CaseRow, row: DocumentRow) -> None:
    """Tell whom it was made out to."""
    text = said(
        "文书已作废",
        "A document was withdrawn",
        (f"{row.title} {row.number} 已作废，不能再使用。请向出具部门了解理由和救济途径。",),
        (f"{row.title} {row.number} stands no more. Ask the department that issued it why.",),
    )
    about = About(turn.row.instance_id, turn.row.case_no, turn.seal)
    line = News(f"withdrawn.{row.id}", "notice", text, is_required=True)
    for user in recipients(turn.host, turn.conn, case, row.to or "applicant"):
        tell(turn.host, turn.conn, user, line, about, turn.now)
