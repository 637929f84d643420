"""Answer an objection to shared data: the department corrects what it has, or keeps it.

Source: 政务数据共享条例 (who gives data corrects them); that the applicant is told of the answer
in a notice is an assumption.
"""

from sqlalchemy import Connection

from onething import notices, sharing
from onething.errors import AlreadyDone, InvalidInput
from onething.identity import Actor
from onething.notices import NoticeRow
from onething.runtime.host import Host
from onething.runtime.sharing.view_objections import require_own
from onething.runtime.turn import Receipt, Turn, require_key
from onething.sharing import ObjectionRow

OUTCOMES = ("corrected", "kept")
ANSWER_CHARS = 500
_SAID = {"corrected": "已更正", "kept": "核实无误，未更正"}
_SAID_EN = {"corrected": "corrected", "kept": "found right, not corrected"}
_REMEDY_EN = "If you object to the answer, turn to the department that gave the data."


def answer_objection(  # noqa: PLR0913 - the parts of one answer
    host: Host, actor: Actor, objection_id: str, outcome: str, text: str, *, key: str | None = None
) -> Receipt:
    """Write a department's answer, and a notice for the applicant.

    Raises:
        NotFound: There is none, or it is not to the own department's data.
        InvalidInput: The outcome is unknown, or the answer says nothing or too much.
        AlreadyDone: It was answered before.
        CaseArchived: The case is archived.
    """
    require_key(key)
    text = text.strip()
    if outcome not in OUTCOMES:
        raise InvalidInput("Say what came of it", {"outcome": "请选择处理结果"})
    if not 0 < len(text) <= ANSWER_CHARS:
        raise InvalidInput("Say why", {"answer": "请填写说明，不超过 500 个字符"})
    request = {"objection": objection_id, "outcome": outcome, "answer": text}

    def transaction(conn: Connection) -> Receipt:
        row = sharing.get_objection(conn, objection_id)
        require_own(actor, row)
        turn = Turn.on(host, conn, actor, row.instance_id)
        repeated = turn.repeated(key, request)
        if repeated is not None:
            return repeated
        sealed = turn.seal.close_text(text)
        if not sharing.answer_objection(conn, row, outcome, sealed, actor.user, turn.now):
            raise AlreadyDone("The objection was answered")
        notices.add(conn, _notice(turn, row, outcome, text))
        note = {"objection": row.number, "outcome": outcome, "department": row.department}
        return turn.append("ObjectionAnswered", note=note, key=key, request=request)

    return host.write(transaction)


def _notice(turn: Turn, row: ObjectionRow, outcome: str, text: str) -> NoticeRow:
    kept = {
        "title": "对共享数据异议的答复",
        "body": [text],
        "remedy": "" if outcome == "corrected" else "对答复有异议的，可以向提供数据的部门反映。",
        "fields": [["处理结果", _SAID[outcome]]],
        "legal_basis": ["政务数据共享条例"],
        "en": {
            "title": "Answer to your objection to shared data",
            "body": [text],
            "remedy": "" if outcome == "corrected" else _REMEDY_EN,
            "fields": [["Outcome", _SAID_EN[outcome]]],
        },
    }
    return NoticeRow(
        instance_id=row.instance_id,
        notice_id=f"objection-{row.number}",
        template="shared-objection",
        party="applicant",
        sealed=turn.seal.close(kept),
        at=turn.now,
    )
