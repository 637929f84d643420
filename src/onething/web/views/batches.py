"""Batches: made from a search or a cause, tried, started with a reason, followed to the end."""

from collections.abc import Callable, Iterator
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.batches import KINDS, LineRow
from onething.errors import Conflict, InvalidInput, NotFound
from onething.runtime import BatchView, IncidentFilter
from onething.web import sheet
from onething.web.batch_words import criterion, instance_status, line_code, line_state
from onething.web.incident_words import cause_text
from onething.web.mapping import check_target, faults, read_mapping
from onething.web.naming import department_name
from onething.web.node import actor, host
from onething.web.shown import moment_text, services
from onething.web.views.instances import asked
from onething.web.wording import operation_title, service_name

pages = Blueprint("batches", __name__)
Page = str | Response | tuple[str, int]
PAGE_SIZE = 25
_AT_ONCE = 1_000


@pages.get("/operations/batches")
def index() -> str:
    """List batches, newest first."""
    before = request.args.get("before") or None
    found = runtime.list_batches(host(), actor(), before=before, limit=PAGE_SIZE + 1)
    return render_template(
        "operations/batches.html",
        batches=[runtime.view_batch(host(), actor(), one.batch_id) for one in found[:PAGE_SIZE]],
        next=found[PAGE_SIZE - 1].batch_id if len(found) > PAGE_SIZE else None,
    )


@pages.post("/operations/batches")
def create() -> Page:
    """Freeze what was chosen and begin the dry run."""
    kind = request.form.get("kind", "")
    try:
        batch_id = _create(kind)
    except (InvalidInput, NotFound) as error:
        flash(_told(error), "bad")
        return redirect(_back(kind))
    return redirect(url_for("batches.show", batch_id=batch_id))


@pages.get("/operations/batches/<batch_id>")
def show(batch_id: str) -> str:
    """Show a batch: what it would do, how far it is, what came of each line."""
    return _page(batch_id)


@pages.post("/operations/batches/<batch_id>/start")
def start(batch_id: str) -> Page:
    """Let the worker perform it."""
    try:
        runtime.start_batch(host(), actor(), batch_id, request.form.get("reason", ""))
    except InvalidInput as error:
        return _page(batch_id, _("请写明原因，不超过 2000 字。")), error.status
    except Conflict:
        flash(_("这批操作现在不能开始。"), "bad")
    return redirect(url_for("batches.show", batch_id=batch_id))


@pages.post("/operations/batches/<batch_id>/cancel")
def cancel(batch_id: str) -> Page:
    """Stop it: what is done stays done."""
    try:
        runtime.cancel_batch(host(), actor(), batch_id)
    except Conflict:
        flash(_("这批操作已经结束。"), "bad")
    return redirect(url_for("batches.show", batch_id=batch_id))


@pages.post("/operations/batches/<batch_id>/undo")
def undo(batch_id: str) -> Page:
    """Make the batch that takes it back."""
    try:
        undoing = runtime.undo_batch(host(), actor(), batch_id)
    except Conflict:
        flash(_("这批操作不能撤回。"), "bad")
        return redirect(url_for("batches.show", batch_id=batch_id))
    return redirect(url_for("batches.show", batch_id=undoing))


@pages.get("/operations/batches/<batch_id>/lines.xlsx")
def workbook(batch_id: str) -> Response:
    """Give every line and what came of it as a workbook."""
    runtime.view_batch(host(), actor(), batch_id)
    heads = (_("序号"), _("办件编号"), _("状态"), _("说明"), _("时间"))
    rows = (_row(one) for one in _every_line(batch_id))
    return sheet.download(sheet.workbook(batch_id, heads, rows), f"batch-{batch_id}.xlsx")


def _create(kind: str) -> str:
    form, me = request.form, actor()
    chosen = form.getlist("one")
    if "only_chosen" in form and not chosen:
        raise InvalidInput(_("请先勾选要重试的异常。"))
    if kind == "retry":
        told = {name: form.get(name) or None for name in _CAUSE}
        wanted = None if chosen else IncidentFilter(**told, raised_before=_before())
        return runtime.create_batch(host(), me, kind, wanted=wanted, chosen=chosen)
    options = {}
    if kind == "migrate":
        check_target(form.get("number", ""), form.get("to", ""))
        options = {
            "service": form.get("service", ""),
            "from": form.get("number", ""),
            "to": form.get("to", ""),
            "mapping": read_mapping(form.get("mapping", "")),
        }
    search = None if chosen else asked()
    return runtime.create_batch(host(), me, kind, wanted=search, chosen=chosen, options=options)


_CAUSE = ("service", "activity", "code", "operation", "department")


def _before() -> datetime | None:
    """Return the instant that the page with the causes was made: what comes later is not meant."""
    try:
        told = datetime.fromisoformat(request.form.get("before", ""))
    except ValueError:
        return None
    return told if told.tzinfo else None


def _told(error: InvalidInput | NotFound) -> str:
    if isinstance(error, NotFound):
        return str(_("所选办件或部署不存在。"))
    nothing = _("没有可操作的办件，或者办件过多。请核对勾选和查找条件。")
    return " ".join(faults(error)).strip() or str(nothing)


def _back(kind: str) -> str:
    return url_for("incidents.index" if kind == "retry" else "instances.index")


def _page(batch_id: str, error: str = "") -> str:
    view, state = runtime.view_batch(host(), actor(), batch_id), request.args.get("state") or None
    after = request.args.get("after", "0")
    begin = int(after) if after.isascii() and after.isdigit() else 0
    found = runtime.batch_lines(
        host(), actor(), batch_id, state=state, after=min(begin, 10**9), limit=PAGE_SIZE + 1
    )
    return render_template(
        "operations/batch.html",
        view=view,
        kinds=KINDS,
        parts=_parts(view),
        criteria=_criteria(view),
        lines=found[:PAGE_SIZE],
        state=state,
        error=error,
        can_act="operator" in actor().roles,
        next=found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else None,
    )


def _criteria(view: BatchView) -> list[tuple[str, str]]:
    """Return by what the cases were chosen, in the reader's words and the legal zone."""
    told = dict(view.row.criteria)
    for name in ("raised_before", "started_before"):
        if name in told:
            told[name] = moment_text(host(), datetime.fromisoformat(told[name]))
    return [(criterion(name), _of(name, value)) for name, value in told.items()]


def _of(name: str, value: object) -> str:
    said: dict[str, Callable[[str], str]] = {
        "code": cause_text,
        "department": lambda code: department_name(host(), code),
        "operation": operation_title,
        "service": _service,
        "status": lambda status: instance_status(status).text,
    }
    return "" if value is True else said.get(name, str)(str(value))


def _service(code: str) -> str:
    return next(
        (service_name(one.service) for one in services(host()) if one.service.code == code), code
    )


def _parts(view: BatchView) -> list[tuple[str, int]]:
    """Return the parts of the progress bar: during the dry run what was looked at."""
    counts = view.counts
    if view.row.started_at is None:
        return [("good", counts.waiting), ("warn", counts.refused)]
    return [("good", counts.done), ("bad", counts.failed)]


def _every_line(batch_id: str) -> Iterator[LineRow]:
    last = 0
    while found := runtime.batch_lines(host(), actor(), batch_id, after=last, limit=_AT_ONCE):
        yield from found
        last = found[-1].number


def _row(one: LineRow) -> tuple[sheet.Value, ...]:
    told = " ".join(part for part in (line_code(one.code), one.note) if part)
    at = one.at.astimezone(host().zone).strftime("%Y-%m-%d %H:%M:%S") if one.at else None
    return one.number, one.case_no, line_state(one.state).text, told or None, at
