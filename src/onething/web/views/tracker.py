"""The applicant's own cases: where each stands, who holds it, and what to do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.appointments import AppointmentRow, Office
from onething.cases import CaseRow, ItemRow
from onething.definitions import Definition, Item
from onething.drafts import DraftRow
from onething.errors import Conflict, InvalidInput
from onething.runtime import CaseView, InvitationView, Upload, require_role
from onething.tasks import Filter, TaskRow
from onething.web.clock_panel import panels
from onething.web.language import language, own_words
from onething.web.node import actor, host
from onething.web.objection_lines import objection_lines
from onething.web.shown import services
from onething.web.wording import item_name, worded
from onething.web.words import Word, item_state, step_text

pages = Blueprint("tracker", __name__)
Page = str | Response | tuple[str, int]
_PAGE = 20
_MOST_DUTIES = 10 * _PAGE
_OBJECTION = "/objection"
"""Stands behind a material that is given against what a department shares."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One item as its applicant follows it."""

    name: str
    number: str
    department: str
    state: Word
    is_live: bool
    steps: list[str]
    """What happens now, in plain words."""
    due_at: datetime | None
    """When the step at hand is due."""
    ended_at: datetime | None
    reason: str
    rule: Item | None


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that the applicant has to do now."""

    task: TaskRow
    hint: str


@pages.get("/my/cases")
def index() -> Page:
    """List the own cases, newest first."""
    require_role(actor(), "applicant", "helper")
    after = request.args.get("after") or None
    found = runtime.list_cases(host(), actor(), after=after, limit=_PAGE + 1, own_only=True)
    cases = found[:_PAGE]
    return render_template(
        "tracker/index.html",
        cases=cases,
        waiting=_waiting(cases),
        drafts=[] if after else _drafts(),
        invitations=[] if after else _invitations(),
        is_more=len(found) > _PAGE,
        after=after,
    )


def _waiting(cases: Sequence[CaseRow]) -> set[str]:
    """Return those of the cases in which something is asked of the applicant now."""
    asked = Filter(instance_ids=tuple(one.instance_id for one in cases))
    duties = runtime.list_tasks(host(), actor(), asked, limit=_MOST_DUTIES)
    return {one.instance_id for one in duties if one.party is not None}


def _invitations() -> list[InvitationView]:
    """Return the applications that wait for one of two parties, and those that came to nothing."""
    if runtime.INVITES not in actor().roles:
        return []
    return runtime.list_invitations(host(), actor())


def _drafts() -> list[tuple[Definition, DraftRow]]:
    """Return the own drafts of services that are offered, one for each, the newest first."""
    offered = {one.service.code: one for one in services(host())}
    newest: dict[str, DraftRow] = {}
    for row in runtime.list_drafts(host(), actor()):
        newest.setdefault(row.subject, row)
    return [(offered[code], row) for code, row in newest.items() if code in offered]


@pages.get("/my/cases/<case_no>")
def case(case_no: str) -> Page:
    """Show how far a case is."""
    return _case(case_no)


@pages.post("/my/cases/<case_no>/withdraw")
def withdraw(case_no: str) -> Page:
    """Withdraw the case, where the law still allows it."""
    reason = request.form.get("reason", "").strip()
    try:
        runtime.withdraw(host(), actor(), case_no, reason, key=request.form.get("_key") or None)
    except Conflict:
        flash(_("办件已进入不能撤回的环节，将继续办理。有疑问的，请拨打 12345。"), "bad")
    else:
        flash(_("已撤回申请，正在通知各部门停止办理。"), "good")
    return redirect(url_for("tracker.case", case_no=case_no))


@pages.post("/my/cases/<case_no>/appointment")
def change_appointment(case_no: str) -> Page:
    """Let the applicant choose the appointment again, or give it up."""
    is_given_up = request.form.get("how") == "give-up"
    key = request.form.get("_key") or None
    try:
        runtime.change_appointment(host(), actor(), case_no, is_given_up=is_given_up, key=key)
    except Conflict:
        flash(_("这个预约现在不能改期或取消。"), "bad")
        return redirect(url_for("tracker.case", case_no=case_no))
    if is_given_up:
        flash(_("已取消预约，时段已让出。办件还在，请另选时段。"), "good")
    else:
        flash(_("请选择新的时段。选好之前，原时段仍为您保留。"), "good")
    return redirect(url_for("tracker.case", case_no=case_no))


@pages.post("/my/cases/<case_no>/revoke")
def revoke(case_no: str) -> Page:
    """Revoke the mandate under which somebody acts for the reader."""
    reason = request.form.get("reason", "").strip()
    runtime.revoke_mandate(host(), actor(), case_no, reason, key=request.form.get("_key") or None)
    flash(_("已撤销委托。代办人不能再查看和办理这件办件，查询码也已更换。"), "good")
    return redirect(url_for("tracker.case", case_no=case_no))


@pages.post("/my/cases/<case_no>/materials")
def material(case_no: str) -> Page:
    """Give the case a material."""
    given = next((one for one in request.files.values() if one.filename), None)
    if given is None:
        return _case(case_no, _("请选择文件。")), InvalidInput.status
    item, _sep, kind = request.form.get("kind", "").partition("/")
    objects = kind.endswith(_OBJECTION)
    upload = Upload(
        name=given.filename or "",
        data=given.stream.read(host().settings.material_limit_bytes + 1),
        material=kind.removesuffix(_OBJECTION) or None,
        item=item or None,
        declared_type=given.mimetype,
        objects=objects,
    )
    try:
        runtime.add_material(host(), actor(), case_no, upload)
    except InvalidInput as error:
        return _case(case_no, own_words(error.message)), error.status
    flash(_("材料已提交。"), "good")
    return redirect(url_for("tracker.case", case_no=case_no))


def _case(case_no: str, error: str = "") -> str:
    require_role(actor(), "applicant", "helper")
    view = runtime.view_case(host(), actor(), case_no, "tracker")
    with host().database.read() as conn:
        definition = host().definitions.get(conn, view.case.service, view.case.number)
    return render_template(
        "tracker/case.html",
        view=view,
        progress=progress(view, definition),
        duties=_duties(view, definition),
        current=_current(view, definition),
        clocks=panels(runtime.view_clocks(host(), actor(), case_no), definition),
        notices=runtime.view_notices(host(), actor(), case_no, language()),
        appointment=_appointment(case_no),
        links=runtime.view_links(host(), actor(), case_no),
        objections=objection_lines(host(), definition, view.objections),
        reusable=runtime.list_reusable(host(), actor(), view.service, without=case_no)
        if view.case.is_open
        else [],
        uploadable=runtime.list_uploadable(host(), actor(), case_no),
        error=error,
    )


def _appointment(case_no: str) -> tuple[AppointmentRow, Office | None] | None:
    """Return the case's appointment with its office, or None."""
    row = runtime.view_appointment(host(), actor(), case_no)
    return None if row is None else (row, runtime.office_names(host()).get(row.office_id))


def progress(view: CaseView, definition: Definition) -> list[Progress]:
    """Return the items in the order of the manifest, each with what happens now."""
    order = {item.id: place for place, item in enumerate(definition.service.items)}
    rows = sorted(view.items, key=lambda row: order.get(row.item_id, len(order)))
    return [_progress(row, view, definition) for row in rows]


def _progress(row: ItemRow, view: CaseView, definition: Definition) -> Progress:
    rule = definition.service.item(row.item_id)
    live = [task for task in view.tasks if task.is_live and task.item == row.item_id]
    steps = [_said(definition, task) for task in live]
    dues = [task.due_at for task in live if task.due_at]
    return Progress(
        name=item_name(rule) if rule else row.name,
        number=row.item_no,
        department=row.department,
        state=item_state("in_progress" if live and row.state == "waiting" else row.state),
        is_live=bool(live),
        steps=list(dict.fromkeys(steps)),
        due_at=min(dues) if dues else None,
        ended_at=row.ended_at,
        reason=worded(row.reason or "", definition),
        rule=rule,
    )


def _said(definition: Definition, task: TaskRow) -> str:
    """Say what goes on in a task: the step in plain words, else the task's name."""
    return step_text(definition, task.properties) or worded(task.name, definition)


def _duties(view: CaseView, definition: Definition) -> list[Duty]:
    return [
        Duty(task, step_text(definition, task.properties))
        for task in view.tasks
        if task.is_live and task.party is not None
    ]


def _current(view: CaseView, definition: Definition) -> list[Progress]:
    """Return what goes on in the case as a whole, at no item: guide, reception, delivery."""
    live = [task for task in view.tasks if task.is_live and not task.item and not task.party]
    return [
        Progress(
            name=_said(definition, task),
            number="",
            department=task.department or "",
            state=item_state("in_progress"),
            is_live=True,
            steps=[],
            due_at=task.due_at,
            ended_at=None,
            reason="",
            rule=None,
        )
        for task in live
    ]
