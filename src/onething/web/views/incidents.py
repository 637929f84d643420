"""Incidents: what gave up, and the ways on: try again, complete by hand, or skip."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from onething import cases, definitions, identity, runtime
from onething.errors import AlreadyDone, Conflict, InstanceSuspended, InvalidInput, OutcomeUnknown
from onething.incidents import IncidentRow
from onething.runtime import Cause, IncidentFilter, IncidentView
from onething.web import wording
from onething.web.drawings import node_names
from onething.web.incident_words import misfit_text
from onething.web.node import actor, host
from onething.web.shown import services

pages = Blueprint("incidents", __name__)
Page = str | Response | tuple[str, int]
PAGE_SIZE = 25
_FIELDS = ("service", "activity", "code", "operation", "department", "hours")
_MOST_HOURS = 24 * 36_500


@pages.get("/incidents")
def index() -> str:
    """List open incidents with their causes, oldest first; or the resolved, newest first."""
    me, is_open = actor(), request.args.get("state") != "resolved"
    wanted, after = _wanted(), request.args.get("after") or None
    if is_open:
        found = runtime.find_incidents(host(), me, wanted, after=after, limit=PAGE_SIZE + 1)
        causes = runtime.list_causes(host(), me, wanted)
    else:
        found = runtime.list_incidents(
            host(), me, state="resolved", after=after, limit=PAGE_SIZE + 1, newest_first=True
        )
        causes = []
    every = runtime.list_causes(host(), me, IncidentFilter()) if is_open else []
    newest = services(host())
    return render_template(
        "incidents/index.html",
        incidents=found[:PAGE_SIZE],
        names=_names(found[:PAGE_SIZE]),
        causes=causes,
        cause_names=_cause_names(causes),
        codes=dict.fromkeys(one.code for one in every),
        steps={activity: name for (_service, activity), name in _cause_names(every).items()},
        state="open" if is_open else "resolved",
        asked={name: text for name, text in request.args.items() if name in _FIELDS and text},
        services=[one.service for one in newest],
        service_names={one.service.code: wording.service_name(one.service) for one in newest},
        departments=_departments(),
        before=host().clock().isoformat(),
        can_act="operator" in me.roles,
        missing_year=host().missing_year,
        next=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
    )


@pages.get("/incidents/<incident_id>")
def show(incident_id: str) -> Page:
    """Show one incident and what can be done."""
    return _page(runtime.view_incident(host(), actor(), incident_id), {})


@pages.post("/incidents/<incident_id>/retry")
def retry(incident_id: str) -> Page:
    """Try again, with changed input where some is given."""

    def command(_view: IncidentView, reason: str) -> None:
        runtime.retry(
            host(),
            actor(),
            incident_id,
            inputs=_json("inputs") or None,
            reason=reason,
            was_not_done="not_done" in request.form,
        )

    return _act(incident_id, "retry", command, _("已重新提交，系统将再次执行。"))


@pages.post("/incidents/<incident_id>/complete")
def complete(incident_id: str) -> Page:
    """Give the answer that the department's system should have given."""

    def command(view: IncidentView, reason: str) -> None:
        runtime.complete_by_hand(host(), actor(), incident_id, _answer(view), reason)

    return _act(incident_id, "complete", command, _("已人工补录结果，办件继续办理。"))


@pages.post("/incidents/<incident_id>/skip")
def skip(incident_id: str) -> Page:
    """Leave the call out where the model allows it, or drop a message."""

    def command(_view: IncidentView, reason: str) -> None:
        runtime.skip(host(), actor(), incident_id, reason)

    return _act(incident_id, "skip", command, _("已跳过，处置原因已记入办件历史。"))


def _act(
    incident_id: str, form: str, command: Callable[[IncidentView, str], None], done: str
) -> Page:
    """Let a form's command resolve an incident; say at the field what is wrong with it."""
    view = runtime.view_incident(host(), actor(), incident_id)
    try:
        command(view, _reason())
    except AlreadyDone:
        flash(_("该异常已经处置。"))
    except OutcomeUnknown:
        text = _("请先向部门核实：确未办理的，勾选后再重新执行。")
        return _page(view, {"not_done": text}, form), InvalidInput.status
    except InvalidInput as error:
        return _page(view, error.fields, form), error.status
    except InstanceSuspended:
        flash(_("办件已由运维暂停，恢复后才能处置。"), "bad")
        return redirect(url_for("incidents.show", incident_id=incident_id))
    except Conflict:
        flash(_("该异常不能这样处置，请选用本页提供的办法。"), "bad")
        return redirect(url_for("incidents.show", incident_id=incident_id))
    else:
        flash(done, "good")
    return redirect(url_for("incidents.index"))


def _page(view: IncidentView, errors: dict[str, str], tried: str = "") -> str:
    schema = view.operation.answer if view.operation else {}
    return render_template(
        "incidents/show.html",
        view=view,
        errors=errors,
        tried=tried,
        name=_names([view.incident])[view.incident.id],
        answer_names=list(schema.get("properties", {})),
        can_act="operator" in actor().roles and view.incident.state == "open",
    )


def _wanted() -> IncidentFilter:
    told = {name: request.args.get(name, "").strip() or None for name in _FIELDS[:-1]}
    hours = request.args.get("hours", "")
    since = None
    if hours.isascii() and hours.isdigit() and int(hours):
        since = host().clock() - timedelta(hours=min(int(hours), _MOST_HOURS))
    return IncidentFilter(**told, raised_before=since)


def _cause_names(causes: list[Cause]) -> dict[tuple[str, str], str]:
    """Return the names of the causes' activities as the newest deployments call them."""
    named: dict[tuple[str, str], str] = {}
    with host().database.read() as conn:
        newest = {one.service: one.number for one in definitions.newest_of_all(conn)}
        for service in {one.service for one in causes}:
            names = node_names(host().definitions.get(conn, service, newest[service]))
            named |= {(service, at.activity): name for at, name in names.items()}
    return {
        (one.service, one.activity): named.get((one.service, one.activity), one.activity)
        for one in causes
    }


def _departments() -> list[identity.Place]:
    with host().database.read() as conn:
        return identity.departments(conn)


def _names(found: list[IncidentRow]) -> dict[str, str]:
    """Return the name of the activity at which each incident happened, by incident."""
    with host().database.read() as conn:
        return {one.id: _name(conn, one) for one in found}


def _name(conn: Connection, one: IncidentRow) -> str:
    case = cases.of_instance(conn, one.instance_id)
    names = node_names(host().definitions.get(conn, case.service, case.number))
    return next((name for at, name in names.items() if at.activity == one.activity), one.activity)


def _reason() -> str:
    reason = request.form.get("reason", "").strip()
    if not reason:
        text = _("请写明处置原因。")
        raise InvalidInput(text, {"reason": text})
    return reason


def _json(name: str) -> dict[str, Any]:
    """Return the JSON object of a field; numbers are exact."""
    said = request.form.get(name, "").strip()
    if not said:
        return {}
    try:
        value = json.loads(said, parse_float=Decimal, parse_constant=_refuse)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        text = _('请填写 JSON 对象，例如 {"名称": "值"}。')
        raise InvalidInput(text, {name: text})
    return value


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _answer(view: IncidentView) -> dict[str, Any]:
    answer = _json("answer")
    if view.operation is not None:
        wrong = next(iter(view.operation.answer_check.iter_errors(answer)), None)
        if wrong is not None:
            text = misfit_text(wrong)
            raise InvalidInput(text, {"answer": text})
    return answer
