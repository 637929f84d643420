"""The registers of a department: on the page, as a workbook, and as PDF."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from onething import runtime
from onething.cases import REGISTER_KINDS, RegisterKind
from onething.definitions import Definition, Item, Service
from onething.errors import InvalidInput
from onething.runtime import MOST_LINES, Register
from onething.web import period, printing, sheet
from onething.web.node import actor, host
from onething.web.register_names import KINDS
from onething.web.register_sheets import (
    Asked,
    heads,
    register_book,
    register_paper,
    rows,
)
from onething.web.shown import services
from onething.web.wording import item_name, service_name

pages = Blueprint("registers", __name__)
Page = str | tuple[str, int]
_SHOWN = 50
_DAYS = 30


@dataclass(frozen=True, slots=True)
class Offer:
    """A service in which the reader's department has items."""

    definition: Definition
    items: list[Item]


@pages.get("/registers")
def index() -> Page:
    """Show the first lines of a register, and lead to all of it as PDF and as a workbook."""
    offers, asked = _offers(), _asked()
    try:
        register, error = _register(asked, _SHOWN), ""
    except InvalidInput:
        register, error = Register([], is_cut=False), _("结束日期在开始日期之前，请重新选择。")
    page = render_template(
        "registers.html",
        asked=asked,
        query={"kind": asked.kind, "of": request.args.get("of"), **_days(asked)},
        kinds=KINDS,
        offers=offers,
        heads=heads(),
        rows=list(rows(host(), register)),
        is_more=register.is_cut,
        most=MOST_LINES,
        error=error,
    )
    return (page, InvalidInput.status) if error else page


@pages.get("/registers.xlsx")
def workbook() -> Response:
    """Give a register as a workbook."""
    asked = _asked()
    register = _register(asked)
    return sheet.download(register_book(host(), asked, register), f"{_name(asked)}.xlsx")


@pages.get("/registers.pdf")
def paper() -> BaseResponse:
    """Print a register."""
    asked = _asked()
    register = _register(asked)
    return printing.send(register_paper(host(), asked, register, _narrowed(asked)), _name(asked))


def _asked() -> Asked:
    """Return which register is asked for: the last 30 days' decisions unless another is named."""
    days, today = period.asked(), host().today
    last = days.last or today
    first = days.first or min(last, today) - timedelta(days=_DAYS)
    wanted = request.args.get("kind")
    kind: RegisterKind = next((one for one in REGISTER_KINDS if one == wanted), "decided")
    service, _slash, item = request.args.get("of", "").partition("/")
    return Asked(kind, first, last, service or None, item or None)


def _register(asked: Asked, limit: int = MOST_LINES) -> Register:
    return runtime.view_register(
        host(),
        actor(),
        asked.kind,
        asked.first,
        asked.last,
        service=asked.service,
        item=asked.item,
        limit=limit,
    )


def _offers() -> list[Offer]:
    """Return what the reader's department has a part in."""
    department = runtime.require_register(actor())
    found = (
        Offer(one, [item for item in one.service.items if _is_of(department, item, one.service)])
        for one in services(host())
    )
    return [one for one in found if one.items]


def _is_of(department: str, item: Item, service: Service) -> bool:
    """Whether an item is the department's, or it is the desk that checks whole applications."""
    lanes = (one for one in service.lanes if one.department == department)
    return item.department == department or any("*" in one.elements for one in lanes)


def _narrowed(asked: Asked) -> str:
    for one in _offers():
        if one.definition.service.code == asked.service:
            names = [item_name(item) for item in one.items if item.id == asked.item]
            return " · ".join([service_name(one.definition.service), *names])
    return ""


def _days(asked: Asked) -> dict[str, str]:
    return {"first": asked.first.isoformat(), "last": asked.last.isoformat()}


def _name(asked: Asked) -> str:
    return f"{asked.kind}-{asked.first}-{asked.last}"
