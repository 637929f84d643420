"""Give a case a material."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from onething import cases, engine, materials
from onething.definitions import Service
from onething.errors import Conflict, InvalidInput, NotAllowed
from onething.forms import Posted
from onething.forms.paths import read, steps_of
from onething.identity import Actor
from onething.materials import File, MaterialRow
from onething.runtime.answers import put_at
from onething.runtime.host import Host
from onething.runtime.materials.reuse import (
    Reuse,
    consent_of,
    require_holder,
    require_reusable,
)
from onething.runtime.materials.take_file import take_file
from onething.runtime.permissions import APPLICANTS, WORKERS, owns_case, visible_case
from onething.runtime.sharing.sharing import OBJECTED, failures, reason_of
from onething.runtime.turn import Turn, require_key
from onething.tasks import TaskRow

_ROW = re.compile(r"\[\d+\]")
MOST_MATERIALS = 200
SHARED_OPERATION = "shareOperation"
"""Variable in which `shared-share` and its callers say what is asked (bpmn/_shared/README.md)."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes in."""

    name: str
    data: bytes
    field: str = ""
    """Path of the form's field that it answers, such as `lostStatement`."""
    material: str | None = None
    """Id of the material in service.toml."""
    item: str | None = None
    """Id of the item that it is for: that item's department sees it."""
    declared_type: str | None = None
    reused: Reuse | None = None
    """Where the person gave or got it before, and agreed to its being used again."""
    objects: bool = False
    """The person holds what a department shares to be wrong."""
    given_by: str | None = None
    """Whose it is, where that is not who filed the application."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was looked at and lies in the store."""

    upload: Upload
    file: File

    @property
    def id(self) -> str:
        """The material's id in its case: the beginning of its hash."""
        return materials.id_of(self.file.sha256)


def add_material(
    host: Host, actor: Actor, case_no: str, upload: Upload, *, key: str | None = None
) -> MaterialRow:
    """Give an open case a material.

    Raises:
        NotFound: No such case for this person.
        NotAllowed: The person neither applied nor works on the case.
        Conflict: The case has ended.
        InvalidInput: A department supplies it, and the person does not object to its data.
        TooLarge, UnsupportedMaterial: The file cannot be taken.
    """
    require_key(key)
    (prepared,) = prepare(host, [upload])
    request = {
        "case": case_no,
        "sha256": prepared.file.sha256,
        "name": prepared.file.name,
        "material": upload.material,
        "item": upload.item,
        **({"objects": True} if upload.objects else {}),
        **({"from": upload.reused.case_no} if upload.reused else {}),
    }

    def transaction(conn: Connection) -> MaterialRow:
        case = visible_case(actor, conn, case_no)
        if not actor.is_system and not actor.roles & {*APPLICANTS, *WORKERS}:
            raise NotAllowed("This needs a part in the case")
        turn = Turn.on(host, conn, actor, case.instance_id)
        is_new = turn.repeated(key, request) is None
        if is_new and not turn.row.is_live:
            raise Conflict(f"The case {case_no} has ended")
        is_party = owns_case(actor, conn, case)
        item = _item_for(turn, upload, is_party=is_party or actor.is_system)
        reason = _why_uploaded(turn, upload, is_party=is_party) if is_new else None
        if is_new and store(turn, prepared, item, reason):
            note = {"material": prepared.id, "sha256": prepared.file.sha256}
            note |= {"reason": reason} if reason else {}
            note |= consented(turn.definition.service, [prepared])
            turn.append("MaterialAdded", note=note, key=key, request=request)
        return materials.get(conn, case.instance_id, prepared.id, turn.seal.open_text)

    return host.write(transaction)


def reuse_material(  # noqa: PLR0913 - what is given, and from where
    host: Host,
    actor: Actor,
    case_no: str,
    before: Reuse,
    *,
    material: str,
    item: str | None = None,
    key: str | None = None,
) -> MaterialRow:
    """Give an open case what the person gave to an own earlier one, or got there, who agrees.

    Raises:
        InvalidInput: It is not this person's, of another kind, or holds no more.
        NotFound, NotAllowed, Conflict: As `add_material`.
    """
    with host.database.read() as conn:
        case = visible_case(actor, conn, case_no)
        service = host.definitions.get(conn, case.service, case.number).service
        offer = require_reusable(
            host, conn, actor, service, material, before, instance_id=case.instance_id
        )
    data = host.store.get(offer.row.sha256)
    upload = Upload(offer.row.name, data, material=material, item=item, reused=offer.reuse)
    return add_material(host, actor, case_no, upload, key=key)


def prepare(host: Host, uploads: Sequence[Upload]) -> list[Prepared]:
    """Look at files and put their bytes into the store, before any transaction.

    Raises:
        TooLarge, UnsupportedMaterial: A file cannot be taken.
        NotStampable, MaterialInfected, ScannerAway: As `take_file` says.
    """
    return [
        Prepared(one, take_file(host, one.data, one.name, one.declared_type)) for one in uploads
    ]


def consented(service: Service, prepared: Sequence[Prepared]) -> dict[str, Any]:
    """Return what an event says of materials that are used again."""
    return consent_of(service, [(one.id, one.upload.reused) for one in prepared])


def with_files(answers: Mapping[str, Any], prepared: Sequence[Prepared]) -> Mapping[str, Any]:
    """Return answers in which each file field names the materials given for it."""
    fields = [one for one in prepared if one.upload.field]
    if not fields:
        return answers
    if hasattr(answers, "getlist"):
        posted = Posted({name: list(answers.getlist(name)) for name in answers})
        for one in fields:
            posted.setdefault(one.upload.field, []).append(one.id)
        return posted
    filled = dict(answers)
    for one in fields:
        put_at(filled, one.upload.field, one.id)
    return filled


def store_with_task(turn: Turn, prepared: Prepared, task: TaskRow, data: Mapping[str, Any]) -> None:
    """Write the row of a material that answers a task: it belongs to the task's item.

    In a list whose rows name materials, as a supplement's do, it is the one that its row names.

    Raises:
        InvalidInput: The service has no such item, or the case holds 200 materials.
    """
    is_party = task.party is not None
    operation = str(engine.variables(turn.state, task.token).get(SHARED_OPERATION) or "")
    reason = failures(turn.conn, turn.row.instance_id).get(operation)
    upload = prepared.upload
    if upload.material is None:
        kind = _kind_of(turn, operation) if reason else _kind_named(turn, prepared, data)
        prepared = replace(prepared, upload=replace(upload, material=kind))
    item = task.item or _item_for(turn, prepared.upload, is_party=is_party)
    store(turn, prepared, item, reason)


def _kind_of(turn: Turn, operation: str) -> str | None:
    """Return which material of the service an operation should have supplied."""
    rules = (one for item in turn.definition.service.items for one in item.materials)
    return next((one.id for one in rules if one.operation == operation), None)


def _kind_named(turn: Turn, prepared: Prepared, data: Mapping[str, Any]) -> str | None:
    """Return which material of the service the row names that a file stands in, or None."""
    place, _, key = prepared.upload.field.rpartition("].")
    rows = read(dict(data), steps_of(place.rpartition("[")[0])) if place else None
    names = {
        str(row.get("name"))
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and prepared.id in (row.get(key) or ())
    }
    rules = (one for item in turn.definition.service.items for one in item.materials)
    return next((one.id for one in rules if one.name in names), None)


def _item_for(turn: Turn, upload: Upload, *, is_party: bool) -> str | None:
    """Return the item that a file belongs to, since only that item's department will see it.

    A file that names no item is for the one that asks for such a material; else a clerk's is
    for the own department, and a party's for the front desk that sees the whole case (None)
    or, where the service has none, for the core item.
    """
    service = turn.definition.service
    if upload.item is not None:
        return upload.item
    for item in service.items:
        if any(one.id == upload.material for one in item.materials):
            return item.id
    if not is_party:
        own = (item.id for item in service.items if item.department == turn.actor.department)
        return next(own, None)
    if any("*" in lane.elements for lane in service.lanes):
        return None
    core = (item.id for item in service.items if item.core or item.id == service.core_item)
    return next(core, None)


def _why_uploaded(turn: Turn, upload: Upload, *, is_party: bool) -> str | None:
    """Return why a material is uploaded that a department supplies, or None for any other.

    Raises:
        InvalidInput: A party gives what a department supplies.
    """
    failed = failures(turn.conn, turn.row.instance_id)
    service, objects = turn.definition.service, upload.objects or not is_party
    reason = reason_of(service, upload.material, failed, objects=objects)
    return None if reason == OBJECTED and not upload.objects else reason


def store(
    turn: Turn,
    prepared: Prepared,
    item: str | None = None,
    reason: str | None = None,
    *,
    given_by: str | None = None,
) -> bool:
    """Write the row of a material; False for a file that the case has already.

    Args:
        turn: The command on the locked instance.
        prepared: The file.
        item: The item it belongs to; None for a file of the application, which belongs to
            the element of its field.
        given_by: Whose it is; None: the command's actor's.
        reason: Why it was uploaded though a department could share it.

    Raises:
        InvalidInput: The service has no such item, the case holds 200 materials, or what is to
            be used again may not be.
    """
    here = materials.ids(turn.conn, turn.row.instance_id)
    if prepared.id in here:
        return False
    if len(here) >= MOST_MATERIALS:
        raise InvalidInput(f"A case holds at most {MOST_MATERIALS} materials")
    upload, file = prepared.upload, prepared.file
    if item is not None and turn.definition.service.item(item) is None:
        raise InvalidInput(f"The service has no item {item}", {"item": item})
    service = turn.definition.service
    kind = upload.material or kind_of_field(service, upload.field)
    giver = given_by or turn.actor.user
    before = _used_before(turn, upload, kind, file, giver)
    materials.add(
        turn.conn,
        MaterialRow(
            instance_id=turn.row.instance_id,
            id=prepared.id,
            kind=kind,
            item=item,
            name=file.name,
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            type=file.type,
            trust=before.trust if before else _trust(service, kind),
            source=before.source if before else "UPLOAD",
            given_by=giver,
            at=turn.now,
            reason=reason,
            seen_by=before.seen_by if before else None,
            seen_at=before.seen_at if before else None,
            reused_from=upload.reused.case_no if upload.reused else None,
        ),
        turn.seal.close_text(file.name),
    )
    return True


def _used_before(
    turn: Turn, upload: Upload, kind: str | None, file: File, giver: str
) -> MaterialRow | None:
    """Return the row of what is used again, or None for a file that is new.

    Raises:
        InvalidInput: It may not be used again; the message stands at the upload's field.
    """
    if upload.reused is None:
        return None
    offer = require_reusable(
        turn.host,
        turn.conn,
        turn.actor,
        turn.definition.service,
        kind,
        upload.reused,
        owner=giver,
        instance_id=turn.row.instance_id,
        field=upload.field or "material",
    )
    mine = cases.party_of(turn.conn, turn.row.instance_id, giver)
    data, party = engine.variables(turn.state), mine.party if mine else None
    field = upload.field or "material"
    require_holder(turn.host, turn.definition.service, data, party, offer, field)
    if offer.row.sha256 != file.sha256 or offer.reuse != upload.reused:
        raise InvalidInput("The material is another one than was given before")
    return offer.row


def kind_of_field(service: Service, field: str) -> str | None:
    """Return which material of a service a file field takes, or None."""
    place = _ROW.sub("[]", field)
    rules = (one for item in service.items for one in item.materials)
    return next((one.id for one in rules if one.field == place), None) if field else None


def _trust(service: Service, kind: str | None) -> str:
    """Return what an upload is trusted as: D where the service takes the person's word, else C."""
    rules = (one for item in service.items for one in item.materials)
    is_own_word = any(one.id == kind and one.trust == "D" for one in rules)
    return "D" if is_own_word else "C"
