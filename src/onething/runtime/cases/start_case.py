"""Start a case: one application, once."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from onething import appointments, cases, drafts, history, identity, instances, sharing
from onething.errors import InvalidInput, KeyReused
from onething.identity import Actor
from onething.instances import InstanceRow
from onething.runtime.answers import plain
from onething.runtime.applications.acting import is_acting
from onething.runtime.cases.opening import Opening
from onething.runtime.host import Host
from onething.runtime.materials.add_material import Upload, prepare, with_files
from onething.runtime.permissions import APPLICANTS, require_role
from onething.runtime.sharing.objecting import Pinned
from onething.runtime.sharing.shared_data import shared_for
from onething.runtime.turn import Receipt, require_key


@dataclass(frozen=True, slots=True)
class Started:
    """A case that was just opened."""

    receipt: Receipt
    query_code: str
    """Eight random characters for looking the case up; shown once, kept as a keyed hash."""

    @property
    def case_no(self) -> str:
        """The 24 characters of the case number."""
        return self.receipt.case_no


@dataclass(frozen=True, slots=True)
class Filed:
    """What a clerk files at a counter besides the answers: whose case it is, and who is there."""

    holder: str
    """Keyed digest of the citizen's identity number."""
    declaration: str
    identity: str
    appointment_id: str | None = None
    """The number under which the citizen was called."""


def start_case(  # noqa: PLR0913 - the parts of one application
    host: Host,
    actor: Actor,
    service: str,
    answers: Mapping[str, Any],
    *,
    channel: str = "web",
    uploads: Sequence[Upload] = (),
    key: str | None = None,
    filed: Filed | None = None,
) -> Started:
    """Open a case of the newest deployment of a service; the person's drafts of it are gone then.

    Where departments shared values for this very application, those stand in it, whatever the
    answers say in their place; only an objection puts another value there.

    Args:
        host: The node.
        actor: Who applies or files for somebody.
        service: The service's code.
        answers: The application form's answers, HTML fields or JSON.
        channel: One of `cases.CHANNELS`.
        uploads: Materials given with the application.
        key: Idempotency key: a repeated request opens nothing and is answered again.
        filed: What a clerk at a counter files besides.

    Raises:
        NotFound: No such service.
        NotAllowed: The actor's role may not apply for it.
        InvalidInput: Answers do not fit; `fields` says which.
        CaseAlreadyOpen: A case on the same core subject is open.
    """
    if channel not in cases.CHANNELS:
        raise InvalidInput(f"The channel is one of {', '.join(cases.CHANNELS)}")
    require_key(key)
    key = key or secrets.token_hex(16)
    instance_id = instance_of_key(actor, key)
    prepared = prepare(host, uploads)
    answers = with_files(answers, prepared)
    request = {"service": service, "answers": plain(answers), "channel": channel}

    def transaction(conn: Connection) -> Started:
        query_code = query_code_of(host, instance_id)
        earlier = instances.find(conn, instance_id)
        if earlier is not None:
            return Started(repeated_start(host, conn, earlier, request), query_code)
        definition = host.definitions.newest(conn, service)
        require_role(actor, *definition.service.start_roles)
        opening = Opening(host, conn, actor, definition, instance_id, channel)
        pinned = Pinned()
        if "applicant" in actor.roles:
            shared = shared_for(host, conn, actor.user, service)
            if shared is not None and shared.application == key and not is_acting(answers):
                pinned = Pinned.of(shared, answers)
                sharing.drop_answer(conn, actor.user, service)
        receipt = opening.open(answers, prepared, query_code, request, pinned)
        if filed is not None:
            _file(host, conn, actor, receipt, filed)
        if any(role in actor.roles for role in APPLICANTS):  # nobody else can have drafts
            drafts.drop_all(conn, actor.user, service)
        return Started(receipt, query_code)

    return host.write(transaction)


def instance_of_key(actor: Actor, key: str) -> str:
    """Return the id of the instance that a person's request under a key opens."""
    return hashlib.sha256(f"{actor.user}\0{key}".encode()).hexdigest()[:24]


def _file(host: Host, conn: Connection, actor: Actor, receipt: Receipt, filed: Filed) -> None:
    """Keep whose case a clerk has opened, and write it to the number that was called."""
    now = host.clock()
    row = cases.FilingRow(
        instance_id=receipt.instance_id,
        holder=filed.holder,
        filed_by=actor.user,
        declaration=filed.declaration,
        identity=filed.identity,
        at=now,
    )
    cases.add_filing(conn, row)
    if not cases.parties(conn, row.instance_id):  # where nobody acts for the citizen
        cases.add_parties(conn, [_citizen(conn, row)])
    called = appointments.find(conn, filed.appointment_id) if filed.appointment_id else None
    if called is None or not called.is_live or called.instance_id is not None:
        return
    appointments.change(
        conn,
        called,
        now=now,
        actor=actor.user,
        detail={"case": receipt.case_no},
        instance_id=receipt.instance_id,
        case_no=receipt.case_no,
    )


def _citizen(conn: Connection, row: cases.FilingRow) -> cases.PartyRow:
    """Return the citizen as a party: an account sees the case once its number is verified."""
    account = identity.find_account(conn, row.holder)
    return cases.PartyRow(
        instance_id=row.instance_id,
        party=cases.APPLICANT,
        role=cases.APPLICANT,
        user=account,
        is_verified=account is not None,
        version="",
        answers="",
        agreed_at=None,
        digest=row.holder,
    )


def query_code_of(host: Host, instance_id: str, ended: int = 0) -> str:
    """Return the query code of the case that an instance is, or will be.

    Args:
        host: The node.
        instance_id: The instance.
        ended: How many mandates have ended: with each the code is another one, so that whoever
            acted looks nothing up any more.
    """
    told = ["query-code", instance_id, *([ended] if ended else [])]
    return host.keys.digest(told)[:8].upper()


def query_code_digest(host: Host, conn: Connection, case: cases.CaseRow) -> str:
    """Return the keyed digest of the code that opens a case's progress now."""
    ended = cases.ended_mandates(conn, case.instance_id)
    if not ended:
        return case.query_code
    return host.keys.digest(query_code_of(host, case.instance_id, ended))


def repeated_start(host: Host, conn: Connection, row: InstanceRow, request: Any) -> Receipt:  # noqa: ANN401 - any JSON value
    """Return the answer to a request that opened a case before; KeyReused for another request."""
    first = next(history.read(conn, None, row.instance_id, limit=1))
    if first.input.get("request") != host.keys.digest(request):
        raise KeyReused
    return Receipt(row.instance_id, row.case_no, 1, repeated=True)
