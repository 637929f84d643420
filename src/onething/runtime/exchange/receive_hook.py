"""Take in what a department delivers by itself: a late answer, a refusal, a declared message.

A delivery is named by its department. The same one again is answered as at first and does
nothing: it is noted after its effect, and each effect counts once by itself, so that a crash
in between repeats neither.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from onething import connectors, messages
from onething.connectors import Hook
from onething.errors import AnswerInvalid, InvalidInput, KeyReused, NotFound
from onething.identity import SYSTEM
from onething.messages import DeliveryRow
from onething.runtime.exchange.correlate import correlate
from onething.runtime.host import Host
from onething.runtime.jobs.answer_job import answer_job, refuse_job
from onething.runtime.jobs.perform_job import KEPT_EARLY

_WAY = "webhook"
_KINDS = {
    "answer": {"key", "operation", "answer"},
    "refusal": {"key", "operation", "reason", "message"},
    "message": {"name", "key", "payload"},
}
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a department delivers, under a name of its own."""

    department: str
    id: str
    body: Mapping[str, Any]


def receive_hook(host: Host, delivery: Delivery) -> str | None:
    """Apply a delivery whose signature holds; return the number of the case it reached, or None.

    Raises:
        InvalidInput: It has no name, is of no kind, or its payload is not what was declared.
        NotFound: There is no such call, or the department may not send this message.
        AlreadyDone: The call was answered otherwise.
        KeyReused: The name was used for another delivery.
    """
    hook = host.hooks[delivery.department]
    if not 0 < len(delivery.id) <= _LONGEST_ID:
        raise InvalidInput(f"A delivery has an Idempotency-Key of 1 to {_LONGEST_ID} characters")
    _require_shape(delivery.body)
    request = host.keys.digest(dict(delivery.body))
    with host.database.read() as conn:
        earlier = _earlier(conn, delivery, request)
    if earlier is not None:
        return earlier.case_no
    case_no = _apply(host, hook, delivery)
    return host.write(lambda conn: _note(host, conn, delivery, request, case_no))


def _earlier(conn: Connection, delivery: Delivery, request: str) -> DeliveryRow | None:
    earlier = messages.delivered(conn, delivery.department, delivery.id)
    if earlier is not None and earlier.request != request:
        raise KeyReused
    return earlier


def _note(
    host: Host, conn: Connection, delivery: Delivery, request: str, case_no: str | None
) -> str | None:
    """Remember the answer; where the same delivery was faster, its answer is the one."""
    earlier = _earlier(conn, delivery, request)
    if earlier is not None:
        return earlier.case_no
    row = DeliveryRow(delivery.department, delivery.id, request, case_no, host.clock())
    messages.note_delivery(conn, row)
    return case_no


def _require_shape(body: Mapping[str, Any]) -> None:
    kind = body.get("kind")
    if kind not in _KINDS:
        raise InvalidInput(f"kind is {', '.join(_KINDS)}", {"kind": "no such kind"})
    allowed = _KINDS[kind] | {"kind"}
    wrong = {name: f"not part of kind {kind}" for name in body if name not in allowed}
    objects = ("answer", "payload")
    for name in allowed & body.keys():
        expected: type = dict if name in objects else str
        if not isinstance(body[name], expected):
            wrong[name] = "an object is needed" if name in objects else "a text is needed"
    if wrong:
        raise InvalidInput("The delivery has another form", wrong)


def _apply(host: Host, hook: Hook, delivery: Delivery) -> str | None:
    body = delivery.body
    if body["kind"] == "message":
        return _message(host, hook, delivery)
    operation, key = str(body.get("operation", "")), str(body.get("key", ""))
    contract = connectors.operations().get(operation)
    if contract is None or contract.department != delivery.department:
        raise NotFound(f"No call {key} of {delivery.department}")
    if body["kind"] == "answer":
        return _answer(host, key, operation, body.get("answer", {}))
    reason, message = str(body.get("reason", "")), str(body.get("message", ""))
    return refuse_job(host, key, operation, reason, message, way=_WAY).case_no


def _answer(host: Host, key: str, operation: str, answer: Mapping[str, Any]) -> str:
    try:
        return answer_job(host, key, operation, answer, way=_WAY).case_no
    except AnswerInvalid as error:  # for whom it sends, it is a wrong request
        raise InvalidInput(error.message, {"answer": "breaks its contract"}) from error


def _message(host: Host, hook: Hook, delivery: Delivery) -> str | None:
    body = delivery.body
    declared = hook.messages.get(str(body.get("name", "")))
    if declared is None:
        raise NotFound(f"{delivery.department} has no such message")
    payload = dict(body.get("payload", {}))
    faults = {
        ".".join(map(str, fault.absolute_path)) or "payload": f"breaks {fault.validator}"
        for fault in declared.check.iter_errors(payload)
    }
    if faults:
        raise InvalidInput(f"{declared.name} does not carry this", faults)
    name = hashlib.sha256(delivery.id.encode()).hexdigest()
    receipt = correlate(
        host,
        SYSTEM,
        declared.name,
        correlation_key=body.get("key") or None,
        payload=payload,
        keep_for=KEPT_EARLY,
        key=f"hook {delivery.department} {name}",
        cause=f"hook {delivery.department}",
    )
    return receipt.case_no if receipt is not None else None
