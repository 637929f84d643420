"""Queues: unfinished jobs by department, a list that can be narrowed, one job."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import cases, runtime
from onething.jobs import GateRow
from onething.runtime import JobFilter, JobView, Queue
from onething.web.drawings import node_names
from onething.web.node import actor, host

pages = Blueprint("jobs", __name__)
PAGE_SIZE = 25


@dataclass(slots=True)
class DepartmentQueue:
    """The unfinished jobs of one department."""

    department: str
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lag: timedelta = timedelta(0)
    """By how much the oldest queued one is late."""

    @property
    def total(self) -> int:
        """All unfinished jobs."""
        return sum(self.counts.values())


@pages.get("/operations/jobs")
def index() -> str:
    """Show what waits for which department, and the jobs that a filter finds."""
    me, state = actor(), request.args.get("state")
    wanted = JobFilter(
        state=state if state in runtime.JOB_STATES else None,
        department=request.args.get("department") or None,
        operation=request.args.get("operation", "").strip() or None,
    )
    after = request.args.get("after") or None
    found = runtime.list_jobs(host(), me, wanted, after=after, limit=PAGE_SIZE + 1)
    queues = runtime.list_queues(host(), me)
    return render_template(
        "operations/jobs.html",
        departments=by_department(queues),
        gates=waiting_gates(),
        can_act="operator" in me.roles,
        found=found[:PAGE_SIZE],
        asked=request.args.to_dict(),
        here=request.full_path,
        states=runtime.JOB_STATES,
        operations=sorted({one.operation for one in queues}),
        now=host().clock(),
        next=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
    )


@pages.post("/operations/gates/<department>/reset")
def reset(department: str) -> Response:
    """Close a department's breaker: its calls are made again at once."""
    runtime.reset_gate(host(), actor(), department)
    flash(_("已恢复对该部门的调用。"), "good")
    return redirect(url_for("jobs.index"))


@pages.get("/operations/jobs/<job_id>")
def show(job_id: str) -> str:
    """Show one job; an auditor may ask for what is sent, which is logged."""
    with_inputs = request.args.get("inputs") == "yes"
    view = runtime.view_job(host(), actor(), job_id, with_inputs=with_inputs)
    return render_template(
        "operations/job.html",
        view=view,
        step=_step(view),
        may_read="auditor" in actor().roles,
        now=host().clock(),
    )


def _step(view: JobView) -> str:
    """Return the name of the activity that a job is for, or its id."""
    if not (view.case_no and view.activity):
        return view.activity
    with host().database.read() as conn:
        case = cases.get(conn, view.case_no)
        names = node_names(host().definitions.get(conn, case.service, case.number))
    return next((name for at, name in names.items() if at.activity == view.activity), view.activity)


def waiting_gates() -> list[GateRow]:
    """Return the departments whose breaker is not closed."""
    return [one for one in runtime.list_gates(host(), actor()) if one.state != "closed"]


def by_department(queues: list[Queue]) -> list[DepartmentQueue]:
    """Return the queues of each department, the longest first."""
    found: dict[str, DepartmentQueue] = {}
    now = host().clock()
    for one in queues:
        mine = found.setdefault(one.department, DepartmentQueue(one.department))
        mine.counts[one.state] += one.count
        if one.state == "queued":
            mine.lag = max(mine.lag, now - one.due_at)
    return sorted(found.values(), key=lambda one: (-one.total, one.department))
