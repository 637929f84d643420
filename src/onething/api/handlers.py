"""What each endpoint does: one small function each."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from onething import definitions, incidents, runtime, tasks
from onething.api.asked import Answer, Asked, receipt, whole
from onething.cases import CaseRow
from onething.catalog import Catalog
from onething.catalog.uploads import uploaded
from onething.errors import InvalidInput
from onething.history import Event
from onething.runtime import LinkView, Receipt, Upload
from onething.tasks import TaskRow

MAX_KEEP_SECONDS = 30 * 24 * 3600
TASK_STATES = ("open", "claimed", "completed", "cancelled")
INCIDENT_STATES = ("open", "resolved", "all")
_HIDDEN_CASE = ("query_code", "instance_id", "submitted_by")


def list_services(asked: Asked) -> Answer:
    """List the newest deployment of every service."""
    with asked.host.database.read() as conn:
        rows = definitions.newest_of_all(conn)
        services = [asked.host.definitions.get(conn, row.service, row.number) for row in rows]
    return {"items": [_service(one) for one in services if not one.service.hidden]}, 200


def start_case(asked: Asked) -> Answer:
    """Open a case."""
    started = runtime.start_case(
        asked.host,
        asked.actor,
        asked.path["service"],
        asked.object("data"),
        channel=asked.text("channel") or "web",
        key=asked.key,
    )
    return {"case_no": started.case_no, "query_code": started.query_code}, 201


def list_cases(asked: Asked) -> Answer:
    """List the cases that the caller may see."""
    rows = runtime.list_cases(
        asked.host,
        asked.actor,
        service=asked.query.get("service"),
        state=asked.query.get("state"),
        text=asked.query.get("text"),
        after=asked.after,
        limit=asked.limit,
    )
    return _page([_case(row) for row in rows], "case_no", asked.limit), 200


def get_case(asked: Asked) -> Answer:
    """Read a case."""
    view = runtime.view_case(asked.host, asked.actor, asked.path["case_no"], "api case")
    return {
        **_case(view.case),
        "data": view.data,
        "items": [_without(asdict(one), "instance_id") for one in view.items],
        "tasks": [_task(one) for one in view.tasks],
        "materials": [_without(asdict(one), "instance_id") for one in view.materials],
        "documents": [_without(asdict(one), "instance_id") for one in view.documents],
        "places": [asdict(place) for place in view.places],
        **_links(asked, view.case),
        "timers": [{"activity": one.activity, "due_at": one.due_at} for one in view.timers],
    }, 200


def get_history(asked: Asked) -> Answer:
    """Read the public part of a case's events."""
    after = whole(asked.after or "0")
    if after is None:
        told = "after is the sequence of an event"
        raise InvalidInput(told, {"after": told})
    events = runtime.view_history(
        asked.host, asked.actor, asked.path["case_no"], after=after, limit=asked.limit
    )
    return _page([_event(one) for one in events], "sequence", asked.limit), 200


def add_material(asked: Asked) -> Answer:
    """Give a material to a case."""
    material = runtime.add_material(
        asked.host, asked.actor, asked.path["case_no"], _upload(asked), key=asked.key
    )
    return _without(asdict(material), "instance_id"), 201


def withdraw_case(asked: Asked) -> Answer:
    """Withdraw a case."""
    case_no, reason = asked.path["case_no"], asked.text("reason")
    return receipt(runtime.withdraw(asked.host, asked.actor, case_no, reason, key=asked.key)), 200


def suspend_case(asked: Asked) -> Answer:
    """Let nothing go on in a case until it is resumed."""
    return _held(asked, runtime.suspend)


def resume_case(asked: Asked) -> Answer:
    """Let a suspended case go on."""
    return _held(asked, runtime.resume)


def cancel_case(asked: Asked) -> Answer:
    """End a case at once."""
    return _held(asked, runtime.cancel)


def _held(asked: Asked, command: Callable[..., Receipt]) -> Answer:
    case_no, reason = asked.path["case_no"], asked.text("reason", required=True)
    return receipt(command(asked.host, asked.actor, case_no, reason, key=asked.key)), 200


def list_tasks(asked: Asked) -> Answer:
    """List the tasks of the caller's post and of the cases that the caller filed."""
    state = asked.query.get("state")
    if state is not None and state not in TASK_STATES:
        raise InvalidInput(f"state is one of {', '.join(TASK_STATES)}", {"state": state})
    wanted = tasks.Filter(
        states=(state,) if state else tasks.LIVE,
        service=asked.query.get("service") or None,
        item=asked.query.get("item") or None,
        case_no=asked.query.get("case_no") or None,
        assignee=asked.query.get("assignee") or None,
        text=asked.query.get("text") or None,
    )
    rows = runtime.list_tasks(asked.host, asked.actor, wanted, after=asked.after, limit=asked.limit)
    return _page([_task(row) for row in rows], "id", asked.limit), 200


def get_task(asked: Asked) -> Answer:
    """Read a task with its form."""
    view = runtime.view_task(asked.host, asked.actor, asked.path["task_id"])
    fields = [field.path for field in view.form.fields] if view.form else []
    return {
        **_task(view.task),
        "fields": fields,
        "data": view.data,
        "summary": view.summary,
    }, 200


def claim_task(asked: Asked) -> Answer:
    """Claim a task."""
    task_id = asked.path["task_id"]
    return receipt(runtime.claim(asked.host, asked.actor, task_id, key=asked.key)), 200


def return_task(asked: Asked) -> Answer:
    """Return a task."""
    task_id = asked.path["task_id"]
    return receipt(runtime.return_task(asked.host, asked.actor, task_id, key=asked.key)), 200


def delegate_task(asked: Asked) -> Answer:
    """Delegate a task."""
    to, task_id = asked.text("to", required=True), asked.path["task_id"]
    even = asked.body.get("even_if_absent") is True
    told = runtime.delegate(
        asked.host, asked.actor, task_id, to, even_if_absent=even, key=asked.key
    )
    return receipt(told), 200


def complete_task(asked: Asked) -> Answer:
    """Complete a task."""
    data, task_id = asked.object("data"), asked.path["task_id"]
    return receipt(runtime.complete(asked.host, asked.actor, task_id, data, key=asked.key)), 200


def send_message(asked: Asked) -> Answer:
    """Correlate a message."""
    keep = asked.body.get("keep_seconds", 0)
    if type(keep) is not int or not 0 <= keep <= MAX_KEEP_SECONDS:
        raise InvalidInput(
            "keep_seconds is a whole number up to 30 days", {"keep_seconds": str(keep)}
        )
    sent = runtime.correlate(
        asked.host,
        asked.actor,
        asked.text("name", required=True),
        correlation_key=asked.text("key") or None,
        payload=asked.object("payload"),
        keep_for=timedelta(seconds=keep),
        key=asked.key,
    )
    return {"delivered": sent is not None, **(receipt(sent) if sent else {})}, 200


def deploy_package(asked: Asked) -> Answer:
    """Deploy a service package."""
    runtime.require_role(asked.actor, "designer")
    shelf = Catalog(asked.host.settings.services)
    package = uploaded(shelf, asked.body, asked.query.get("service") or None)
    row = runtime.deploy(asked.host, asked.actor, package)
    return {"service": row.service, "number": row.number, "hash": row.hash}, 201


def list_incidents(asked: Asked) -> Answer:
    """List incidents."""
    runtime.require_role(asked.actor, "operator", "auditor")
    state = asked.query.get("state", "open")
    if state not in INCIDENT_STATES:
        raise InvalidInput(f"state is one of {', '.join(INCIDENT_STATES)}", {"state": state})
    with asked.host.database.read() as conn:
        rows = incidents.listing(
            conn,
            state=None if state == "all" else state,
            after=asked.after,
            limit=asked.limit,
        )
    shown = [{"id": row.id, **_without(asdict(row), "incident_id")} for row in rows]
    return _page(shown, "id", asked.limit), 200


def retry_incident(asked: Asked) -> Answer:
    """Try a failed job or step again."""
    retried = runtime.retry(
        asked.host,
        asked.actor,
        asked.path["incident_id"],
        inputs=asked.object("inputs"),
        reason=asked.text("reason"),
        key=asked.key,
        was_not_done=asked.flag("was_not_done"),
    )
    return receipt(retried), 200


def list_events(asked: Asked) -> Answer:
    """List what happened to the cases of the caller's department, in the exchange's words."""
    after = whole(asked.after or "0")
    if after is None:
        told = "after is `next` of an earlier answer"
        raise InvalidInput(told, {"after": told})
    feed = runtime.view_feed(asked.host, asked.actor, after=after, limit=asked.limit)
    return {"items": [asdict(one) for one in feed.events], "next": str(feed.after)}, 200


def _upload(asked: Asked) -> Upload:
    material, item = asked.text("material") or None, asked.text("item") or None
    objects = asked.text("objects") == "true"
    form = asked.files.get("file")
    if form is not None:
        name, data, kind = form.filename or "", form.stream.read(), form.mimetype
        return Upload(name, data, material=material, item=item, declared_type=kind, objects=objects)
    name, content = asked.text("name", required=True), asked.text("content", required=True)
    try:
        data = base64.b64decode(content, validate=True)
    except ValueError as error:
        raise InvalidInput("content is base64", {"content": str(error)}) from error
    return Upload(name, data, material=material, item=item, objects=objects)


def _service(one: definitions.Definition) -> dict[str, Any]:
    service = one.service
    return {
        "code": service.code,
        "number": one.number,
        "name": service.name,
        "name_en": service.name_en,
        "life_stage": service.life_stage,
        "summary": service.summary,
        "items": [
            {
                "id": item.id,
                "name": item.name,
                "department": item.department,
                "statutory": item.statutory,
                "promised": item.promised,
                "fee": item.fee,
                "core": item.core,
            }
            for item in service.items
        ],
    }


def _case(row: CaseRow) -> dict[str, Any]:
    return _without(asdict(row), *_HIDDEN_CASE)


def _task(row: TaskRow) -> dict[str, Any]:
    return {"id": row.id, **_without(asdict(row), "instance_id", "token", "properties")}


def _links(asked: Asked, case: CaseRow) -> dict[str, Any]:
    found = runtime.view_links(asked.host, asked.actor, case.case_no)
    told = [_link(one) for one in found.followed_by]
    return {"follows": _link(found.follows) if found.follows else None, "followed_by": told}


def _link(one: LinkView) -> dict[str, Any]:
    link = one.link
    return {"case_no": one.case_no, "kind": link.kind, "basis": link.basis, "at": link.opened_at}


def _event(event: Event) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "kind": event.kind,
        "actor": event.actor,
        "post": event.post,
        "on_behalf_of": event.on_behalf_of,
        "at": event.at,
        "input": _without(event.input, "request"),
        "effects": event.effects,
        "hash": event.hash.hex(),
    }


def _page(rows: list[dict[str, Any]], cursor: str, limit: int) -> dict[str, Any]:
    return {"items": rows, "next": rows[-1][cursor] if len(rows) == limit else None}


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
