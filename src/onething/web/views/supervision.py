"""Electronic supervision: the board of cards, one card, and the figures of departments."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from onething import identity, runtime
from onething.cards import COLOURS, STATES, Filter
from onething.errors import AlreadyDone, Conflict, InvalidInput
from onething.runtime import Receipt, supervises_all
from onething.web import figures_sheet
from onething.web.clock_panel import panels
from onething.web.node import actor, host
from onething.web.shown import department_name

pages = Blueprint("supervision", __name__)
Page = str | BaseResponse | tuple[str, int]
PAGE_SIZE = 25
_FILE = "supervision.xlsx"


@pages.get("/supervision")
def index() -> str:
    """Show the cards that this person answers for, newest first."""
    me, wanted = actor(), _wanted()
    found = runtime.list_cards(
        host(), me, wanted, after=request.args.get("after") or None, limit=PAGE_SIZE + 1
    )
    department = wanted.department
    counts = {
        colour: runtime.count_cards(
            host(), me, Filter(department=department, colour=colour, waiting=True)
        )
        for colour in COLOURS
    }
    return render_template(
        "supervision/index.html",
        cards=found[:PAGE_SIZE],
        counts=counts,
        states=STATES,
        departments=_departments() if supervises_all(me) else [],
        next=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
    )


@pages.get("/supervision/cards/<card_id>")
def show(card_id: str) -> Page:
    """Show one card: why it was raised, what was said, and what can be done."""
    return _card(card_id)


@pages.post("/supervision/cards/<card_id>/reply")
def reply(card_id: str) -> Page:
    """Answer a card."""
    return _act(card_id, runtime.reply_to_card, _("已提交说明。"))


@pages.post("/supervision/cards/<card_id>/review")
def review(card_id: str) -> Page:
    """Review an answer."""
    return _act(card_id, runtime.review_card, _("已记录核实意见。"))


@pages.post("/supervision/cards/<card_id>/waive")
def waive(card_id: str) -> Page:
    """Waive a card for a reason."""
    return _act(card_id, runtime.waive_card, _("已撤销，不再计入。"))


@pages.get("/supervision/figures")
def figures() -> str:
    """Show what departments came to in the last 90 days."""
    return render_template(
        "supervision/figures.html", figures=runtime.figures(host(), actor()), colours=COLOURS
    )


@pages.get("/supervision/figures.xlsx")
def workbook() -> Response:
    """Give the figures as a workbook."""
    found = runtime.figures(host(), actor())
    data = figures_sheet.workbook(found, lambda code: department_name(host(), code))
    headers = {"Content-Disposition": f'attachment; filename="{_FILE}"'}
    return Response(data, mimetype=figures_sheet.TYPE, headers=headers)


def _wanted() -> Filter:
    colour, state = request.args.get("colour"), request.args.get("state")
    return Filter(
        department=request.args.get("department") or None,
        colour=colour if colour in COLOURS else None,
        state=state if state in STATES else None,
    )


def _departments() -> list[identity.Place]:
    with host().database.read() as conn:
        return identity.departments(conn)


def _card(card_id: str, error: str = "") -> str:
    view = runtime.view_card(host(), actor(), card_id)
    with host().database.read() as conn:
        definition = host().definitions.get(conn, view.case.service, view.case.number)
    item = definition.service.item(view.card.item_id)
    return render_template(
        "supervision/card.html",
        view=view,
        item=item,
        clocks=panels([view.clock], definition) if view.clock else [],
        error=error,
    )


def _act(card_id: str, command: Callable[..., Receipt], done: str) -> Page:
    key = request.form.get("_key") or None
    try:
        command(host(), actor(), card_id, request.form.get("text", ""), key=key)
    except InvalidInput:
        return _card(card_id, _("请写明理由，最多 2000 字。")), InvalidInput.status
    except AlreadyDone:
        flash(_("这张牌已有人处理。"), "bad")
    except Conflict:
        flash(_("须由他人处理，或尚无说明。"), "bad")
    else:
        flash(done, "good")
    return redirect(url_for("supervision.show", card_id=card_id))
