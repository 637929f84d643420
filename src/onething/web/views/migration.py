"""Migration and modification from the pages: preview, confirmation, result."""

from collections import Counter
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from werkzeug.wrappers import Response

from onething import definitions, runtime
from onething.definitions import DeploymentRow
from onething.errors import Conflict, InvalidInput, NotFound
from onething.runtime import Outcome, require_role
from onething.web.drawings import drawings, node_names
from onething.web.mapping import check_target, faults, read_mapping
from onething.web.node import actor, host
from onething.web.token_moves import running_scopes, standing_nodes
from onething.web.wording import service_name

pages = Blueprint("migration", __name__)
Page = str | Response | tuple[str, int]
MOST_CASES = 500
"""So many cases one request moves; a batch and the command move any number."""
_NOWHERE = later("请选择离开的环节、开始的环节，或者两者。")


@dataclass(frozen=True, slots=True)
class MigrationPage:
    """What the migration page shows."""

    service: str
    number: int
    title: str
    """The service's name."""
    rows: list[DeploymentRow]
    """The deployments to go on in, newest first."""
    outcomes: list[Outcome] | None = None
    counts: Counter[str] | None = None
    is_done: bool = False
    """Whether the outcomes are what has happened; else what would."""
    problem: str = ""
    names: dict[str, str] = field(default_factory=dict)
    """Names of the deployment's nodes by id."""


@pages.get("/definitions/<service>/<int:number>/migration")
def begin(service: str, number: int) -> str:
    """Ask where the cases of a deployment are to go on."""
    return _shown(_page(service, number))


@pages.post("/definitions/<service>/<int:number>/migration")
def decide(service: str, number: int) -> Page:
    """Show what would happen; after the confirmation, what has happened."""
    is_done = request.form.get("confirmed") == "yes"
    try:
        outcomes = _outcomes(service, number, is_done=is_done)
    except NotFound as error:
        return _shown(_page(service, number, problem=_("没有这个部署。"))), error.status
    except InvalidInput as error:
        return _shown(_page(service, number, problem="\n".join(faults(error)))), error.status
    counts = Counter[str](one.outcome for one in outcomes)
    page = _page(service, number, outcomes=outcomes, counts=counts, is_done=is_done)
    return _shown(page)


def _outcomes(service: str, number: int, *, is_done: bool) -> list[Outcome]:
    target = request.form.get("to", "")
    if not (target.isascii() and target.isdigit()):
        raise InvalidInput(_("请选择目标部署。"))
    check_target(str(number), target)
    moving = runtime.prepare_migration(
        host(), actor(), service, number, int(target), read_mapping(request.form.get("mapping", ""))
    )
    if moving.active > MOST_CASES:
        told = _("在办件超过 %(n)s 件，请建立批量操作。", n=MOST_CASES)
        raise InvalidInput(told)
    return list(runtime.migrate(moving) if is_done else runtime.preview_migration(moving))


def _page(  # noqa: PLR0913 - the parts of the page
    service: str,
    number: int,
    *,
    outcomes: list[Outcome] | None = None,
    counts: Counter[str] | None = None,
    is_done: bool = False,
    problem: str = "",
) -> MigrationPage:
    require_role(actor(), "operator")
    with host().database.read() as conn:
        rows = definitions.all_of(conn, service)
        if number not in {one.number for one in rows}:
            raise NotFound(f"No deployment {service}@{number}")
        definition = host().definitions.get(conn, service, number)
    names = node_names(definition)
    others = [one for one in rows if one.number != number]
    return MigrationPage(
        service,
        number,
        service_name(definition.service),
        others,
        outcomes,
        counts,
        is_done,
        problem,
        {place.activity: name for place, name in names.items()},
    )


def _shown(page: MigrationPage) -> str:
    return render_template("migration/migrate.html", page=page)


@pages.get("/cases/<case_no>/modify")
def token(case_no: str) -> str:
    """Show where a case stands and ask which token is to move."""
    return _modify_page(case_no)


@pages.post("/cases/<case_no>/modify")
def move(case_no: str) -> Page:
    """Move a token with its reason."""
    form = request.form
    try:
        runtime.modify(
            host(),
            actor(),
            case_no,
            cancel=form.get("cancel", "").strip() or None,
            start=form.get("start", "").strip() or None,
            reason=form.get("reason", ""),
        )
    except InvalidInput as error:
        if "reason" in error.fields:
            told = _("请写明原因，不超过 2000 字。")
            return _modify_page(case_no, reason_error=told), error.status
        return _modify_page(case_no, str(_NOWHERE)), error.status
    except (NotFound, Conflict) as error:
        return _modify_page(
            case_no, _("不能这样调整，请核对离开和开始的环节。"), error.message
        ), error.status
    flash(_("已调整，原因已记入办件历史。"), "good")
    return redirect(url_for("instances.show", case_no=case_no))


def _modify_page(
    case_no: str, problem: str = "", detail: str = "", *, reason_error: str = ""
) -> str:
    case, definition, places = runtime.view_places(host(), actor(), case_no)
    drawn = drawings(definition, places, [])
    wanted = request.args.get("process")
    return render_template(
        "migration/modify.html",
        case=case,
        drawings=drawn,
        drawing=next((one for one in drawn if one.process == wanted), drawn[0] if drawn else None),
        standing=standing_nodes(definition, places),
        scopes=running_scopes(definition, places),
        problem=problem,
        detail=detail,
        reason_error=reason_error,
    )
