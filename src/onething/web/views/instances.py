"""Running instances: search, one instance, and what an operator may do with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import AlreadyDone, Conflict, InvalidInput
from onething.runtime import Found, Receipt, Search
from onething.web.drawings import node_names
from onething.web.node import actor, host
from onething.web.shown import services
from onething.web.wording import service_name

pages = Blueprint("instances", __name__)
Page = str | Response | tuple[str, int]
PAGE_SIZE = 25
_VERBS: dict[str, Callable[..., Receipt]] = {
    "suspend": runtime.suspend,
    "resume": runtime.resume,
    "cancel": runtime.cancel,
}


@pages.get("/operations/instances")
def index() -> str:
    """Search instances by what they are and where they wait, oldest first."""
    me, wanted = actor(), asked()
    offered = [one.service for one in services(host())]
    after = request.args.get("after") or None
    found = runtime.search_instances(host(), me, wanted, after=after, limit=PAGE_SIZE + 1)
    return render_template(
        "operations/instances.html",
        found=found[:PAGE_SIZE],
        count=runtime.count_instances(host(), me, wanted),
        most=runtime.MOST_COUNTED,
        asked=request.args.to_dict(),
        statuses=runtime.STATUSES,
        services=offered,
        service_names={one.code: service_name(one) for one in offered},
        place_names=_place_names(found),
        can_act="operator" in me.roles,
        now=host().clock(),
        next=found[PAGE_SIZE - 1].row.instance_id if len(found) > PAGE_SIZE else None,
    )


@pages.get("/operations/instances/<case_no>")
def show(case_no: str) -> str:
    """Show one instance: where it stands, what waits, what was wrong."""
    return _page(case_no, {})


@pages.post("/operations/instances/<case_no>/<any(suspend, resume, cancel):verb>")
def act(case_no: str, verb: str) -> Page:
    """Suspend, resume or cancel an instance with a reason."""
    try:
        _VERBS[verb](host(), actor(), case_no, request.form.get("reason", ""))
    except InvalidInput as error:
        return _page(case_no, {verb: _("请写明原因，不超过 2000 字。")}), error.status
    except (AlreadyDone, Conflict):
        flash(_("办件状态已变化，请核对后再操作。"), "bad")
    else:
        flash(_("已执行，原因已记入办件历史。"), "good")
    return redirect(url_for("instances.show", case_no=case_no))


def _place_names(found: list[Found]) -> dict[tuple[str, int], dict[str, str]]:
    """Return the names of activities by deployment; calls are named by their operations."""
    with host().database.read() as conn:
        deployed = {
            (one.row.service, one.row.number): host().definitions.get(
                conn, one.row.service, one.row.number
            )
            for one in found
        }
    return {
        which: {at.activity: name for at, name in node_names(definition).items()}
        for which, definition in deployed.items()
    }


def asked() -> Search:
    """Return the search that the request's fields tell; what makes no sense is left out."""
    told = request.values
    days = _whole(told.get("days"))
    since = host().clock() - timedelta(days=min(days, 36_500)) if days else None
    status = told.get("status")
    return Search(
        case_no=told.get("q", "").strip() or None,
        service=told.get("service") or None,
        number=_whole(told.get("number")),
        status=status if status in runtime.STATUSES else None,
        activity=told.get("activity", "").strip() or None,
        started_before=since,
        has_incident=told.get("incident") == "yes",
    )


def _whole(text: str | None) -> int | None:
    is_number = bool(text) and str(text).isascii() and str(text).isdigit()
    return min(int(str(text)), 1_000_000_000) if is_number else None


def _page(case_no: str, errors: dict[str, Any]) -> str:
    view = runtime.view_instance(host(), actor(), case_no)
    names = node_names(view.definition)
    return render_template(
        "operations/instance.html",
        view=view,
        names=names,
        activities={at.activity: name for at, name in names.items()},
        errors=errors,
        can_act="operator" in actor().roles,
    )
