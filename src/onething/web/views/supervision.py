"""Electronic supervision: the board of cards, one card, and the figures of departments."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from onething import identity, runtime
from onething.cards import COLOURS, STATES, CardRow, Filter
from onething.errors import AlreadyDone, Conflict, InvalidInput
from onething.identity import Actor
from onething.runtime import Receipt, supervises_all
from onething.web import period, sheet, supervision_sheets
from onething.web.clock_panel import panels
from onething.web.node import actor, host
from onething.web.shown import services

pages = Blueprint("supervision", __name__)
Page = str | BaseResponse | tuple[str, int]
PAGE_SIZE = 25
_MOST_ROWS = 10_000
_AT_ONCE = 500


@pages.get("/supervision")
def index() -> str:
    """Show the cards that this person answers for, newest first."""
    me, wanted = actor(), _wanted()
    found = runtime.list_cards(
        host(), me, wanted, after=request.args.get("after") or None, limit=PAGE_SIZE + 1
    )
    waiting = replace(wanted, state=None, waiting=True)
    counts = {
        colour: runtime.count_cards(host(), me, replace(waiting, colour=colour))
        for colour in COLOURS
    }
    return render_template(
        "supervision/index.html",
        cards=found[:PAGE_SIZE],
        own=runtime.own_cards(host(), me) if "deputy" in me.roles else [],
        counts=counts,
        states=STATES,
        departments=_departments() if supervises_all(me) else [],
        services=[one.service for one in services(host())],
        asked=request.args.to_dict(),
        next=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
    )


@pages.get("/supervision/cards/<card_id>")
def show(card_id: str) -> Page:
    """Show one card: why it was raised, what was said, and what can be done."""
    return _card(card_id)


@pages.post("/supervision/cards/<card_id>/reply")
def reply(card_id: str) -> Page:
    """Answer a card."""
    return _act(card_id, "reply", runtime.reply_to_card, _("已提交说明。"))


@pages.post("/supervision/cards/<card_id>/review")
def review(card_id: str) -> Page:
    """Review an answer."""
    return _act(card_id, "review", runtime.review_card, _("已记录核实意见。"))


@pages.post("/supervision/cards/<card_id>/waive")
def waive(card_id: str) -> Page:
    """Waive a card for a reason."""
    return _act(card_id, "waive", runtime.waive_card, _("已撤销，不再计入。"))


@pages.get("/supervision/figures")
def figures() -> str:
    """Show what departments came to in a time, in the last 90 days unless another is asked for."""
    return render_template(
        "supervision/figures.html",
        figures=_figures(),
        colours=COLOURS,
        asked=request.args.to_dict(),
    )


@pages.get("/supervision/figures.xlsx")
def workbook() -> Response:
    """Give the figures as a workbook."""
    return sheet.download(supervision_sheets.figures_book(host(), _figures()), "supervision.xlsx")


@pages.get("/supervision/cards.xlsx")
def cards_workbook() -> Response:
    """Give the cards that the board is narrowed to as a workbook, newest first."""
    data = supervision_sheets.cards_book(host(), _all_cards(_wanted()))
    return sheet.download(data, "cards.xlsx")


def _figures() -> list[runtime.Figures]:
    asked, zone = period.asked(), host().zone
    return runtime.figures(host(), actor(), asked.since(zone), asked.until(zone))


def _all_cards(wanted: Filter) -> Iterator[CardRow]:
    after = None
    for _page in range(_MOST_ROWS // _AT_ONCE):
        found = runtime.list_cards(host(), actor(), wanted, after=after, limit=_AT_ONCE)
        yield from found
        if len(found) < _AT_ONCE:
            return
        after = found[-1].id


def _wanted() -> Filter:
    colour, state = request.args.get("colour"), request.args.get("state")
    asked, zone = period.asked(), host().zone
    return Filter(
        department=request.args.get("department") or None,
        service=request.args.get("service") or None,
        since=asked.since(zone),
        until=asked.until(zone),
        colour=colour if colour in COLOURS else None,
        state=state if state in STATES else None,
    )


def _departments() -> list[identity.Place]:
    with host().database.read() as conn:
        return identity.departments(conn)


def _card(card_id: str, error: str = "", tried: str = "") -> str:
    me = actor()
    roles = me.roles
    view = runtime.view_card(host(), me, card_id)
    with host().database.read() as conn:
        definition = host().definitions.get(conn, view.case.service, view.case.number)
    item = definition.service.item(view.card.item_id)
    return render_template(
        "supervision/card.html",
        view=view,
        item=item,
        clocks=panels([view.clock], definition) if view.clock else [],
        error=error,
        tried=tried,
        has_board=bool(roles & {"supervisor", "deputy", "auditor"}),
        opens_case=_opens_case(me),
        answers=view.card.state == "open" or bool(roles & {"deputy", "supervisor"}),
    )


def _opens_case(me: Actor) -> bool:
    """Tell whether a person may open the cases of the cards that they see."""
    is_worker = me.department is not None and bool(me.roles & {"clerk", "supervisor"})
    return is_worker or "auditor" in me.roles


def _act(card_id: str, act: str, command: Callable[..., Receipt], done: str) -> Page:
    key = request.form.get("_key") or None
    try:
        command(host(), actor(), card_id, request.form.get("text", ""), key=key)
    except InvalidInput:
        return _card(card_id, _("请写明理由，最多 2000 字。"), act), InvalidInput.status
    except AlreadyDone:
        flash(_("这张牌已有人处理。"), "bad")
    except Conflict:
        flash(_("须由他人处理，或尚无说明。"), "bad")
    else:
        flash(done, "good")
    return redirect(url_for("supervision.show", card_id=card_id))
