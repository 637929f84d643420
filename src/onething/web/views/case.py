"""Cases as clerks and auditors see them: search, and one page with everything the post may see."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from onething import incidents, runtime
from onething.cases import Hold, ItemRow
from onething.definitions import Definition
from onething.incidents import IncidentRow
from onething.runtime import CaseView, Links, Telling
from onething.web.chronicle import Line, chronicle
from onething.web.clock_form import doors
from onething.web.clock_panel import Panel, panels
from onething.web.drawings import Drawing, drawings, node_names, step_names
from onething.web.node import actor, host
from onething.web.objection_lines import ObjectionLine, Told, objection_lines, told_by
from onething.web.shown import services
from onething.web.summary import Section, shown_elements
from onething.web.words import STATES_OF_CASES

pages = Blueprint("case", __name__)
PAGE_SIZE = 25
HISTORY_SIZE = 2_000
"""So many events stand on the page; the replay page has all of them."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """What the case page shows."""

    view: CaseView
    drawings: list[Drawing]
    drawing: Drawing | None
    """The diagram that is open."""
    summary: list[Section]
    told: list[Told]
    """What of it departments gave."""
    objections: list[ObjectionLine]
    """What the applicant says is wrong in that."""
    items: list[ItemRow]
    """In the order of the manifest."""
    history: list[Line]
    """Newest first."""
    incidents: list[IncidentRow]
    clocks: list[Panel]
    doors: dict[str, str]
    """What this person may do to clocks, by clock."""
    tellings: list[Telling]
    """How the parties were told, newest first."""
    node_names: dict[str, str]
    """Names of timers' nodes by activity."""
    holds: list[Hold]
    is_live: bool
    """Whether something may still go on in it."""
    may_hold: bool
    withdrawable: frozenset[str]
    """Ids of documents that the reader may withdraw."""
    links: Links
    may_follow: bool
    """Whether this person may open a case that follows it."""


@pages.get("/cases")
def index() -> str:
    """Search the cases that exist for this person."""
    found = runtime.list_cases(
        host(),
        actor(),
        service=request.args.get("service") or None,
        state=request.args.get("state") or None,
        text=request.args.get("q", "").strip() or None,
        after=request.args.get("after") or None,
        limit=PAGE_SIZE + 1,
    )
    return render_template(
        "case/index.html",
        cases=found[:PAGE_SIZE],
        next=found[PAGE_SIZE - 1].case_no if len(found) > PAGE_SIZE else None,
        services=[one.service for one in services(host())],
        states=STATES_OF_CASES,
    )


@pages.get("/cases/<case_no>")
def show(case_no: str) -> str:
    """Show one case: diagram, items, tasks, materials, documents, history."""
    view = runtime.view_case(host(), actor(), case_no)
    with host().database.read() as conn:
        definition = host().definitions.get(conn, view.case.service, view.case.number)
        open_incidents = incidents.listing(conn, instance_id=view.case.instance_id)
    page = _page(view, definition, open_incidents)
    return render_template("case/show.html", page=page, view=view)


def _withdrawable(view: CaseView, definition: Definition) -> frozenset[str]:
    """Return the documents that the reader's department issued and may withdraw."""
    me = actor()
    if not me.roles.intersection(runtime.WORKERS):
        return frozenset()
    return frozenset(
        one.id
        for one in view.documents
        if one.sha256
        and one.withdrawn_at is None
        and runtime.issuer_of(definition.service, one) == me.department
    )


def _page(view: CaseView, definition: Definition, found: list[IncidentRow]) -> CasePage:
    names = node_names(definition)
    order = {item.id: place for place, item in enumerate(definition.service.items)}
    events = runtime.view_history(host(), actor(), view.case.case_no, limit=HISTORY_SIZE)
    drawn = drawings(definition, view.places, view.done)
    wanted = request.args.get("process")
    clocks = runtime.view_clocks(host(), actor(), view.case.case_no)
    links = runtime.view_links(host(), actor(), view.case.case_no)
    with host().database.read() as conn:
        is_live = runtime.is_live(conn, view.case.instance_id)
    return CasePage(
        view=view,
        drawings=drawn,
        drawing=next((one for one in drawn if one.process == wanted), drawn[0] if drawn else None),
        summary=shown_elements(host(), actor(), definition, view.case, view.data),
        told=told_by(host(), definition, view),
        objections=objection_lines(host(), definition, view.objections),
        items=sorted(view.items, key=lambda row: order.get(row.item_id, len(order))),
        history=chronicle(events, step_names(definition))[::-1],
        incidents=found,
        clocks=panels(clocks, definition),
        doors=doors(clocks, actor()),
        tellings=runtime.view_tellings(host(), actor(), view.case.case_no),
        node_names={place.activity: name for place, name in names.items()},
        holds=runtime.view_holds(host(), actor(), view.case.case_no),
        is_live=is_live,
        may_hold=runtime.may_hold(actor()),
        withdrawable=_withdrawable(view, definition),
        links=links,
        may_follow=not view.case.is_open
        and all(one.is_void for one in links.followed_by)
        and runtime.may_correct(actor(), definition.service),
    )
