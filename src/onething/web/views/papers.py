"""Printouts of a case: its receipt, for the applicant and at the counter, and its sheet."""

from flask import Blueprint, session
from werkzeug.wrappers import Response

from onething import runtime
from onething.runtime import require_role
from onething.web import printing
from onething.web.appointment_words import place_name
from onething.web.case_sheet import case_sheet
from onething.web.naming import department_name
from onething.web.node import actor, host
from onething.web.receipt_paper import front_desk, receipt_paper
from onething.web.views import window

pages = Blueprint("papers", __name__)


@pages.get("/my/cases/<case_no>/receipt.pdf")
def receipt(case_no: str) -> Response:
    """Print the receipt of an own case."""
    require_role(actor(), "applicant", "helper")
    view = runtime.view_receipt(host(), actor(), case_no)
    desk = front_desk(view.definition)
    paper = receipt_paper(
        view,
        view.query_code,
        department_name(host(), desk),
        printing.seal_of(desk),
    )
    return printing.send(paper, case_no)


@pages.get("/offices/<office_id>/window/receipts/<case_no>.pdf")
def window_receipt(office_id: str, case_no: str) -> Response:
    """Print the receipt of a case that the reader opened at this counter for a citizen."""
    office = runtime.own_office(host(), actor(), office_id).office
    runtime.view_filing(host(), actor(), case_no)
    view = runtime.view_receipt(host(), actor(), case_no)
    paper = receipt_paper(
        view,
        session.get(window.RECEIPTS, {}).get(case_no),
        place_name(office),
        printing.sealed_by(office.name),
    )
    return printing.send(paper, case_no)


@pages.get("/cases/<case_no>/sheet.pdf")
def sheet(case_no: str) -> Response:
    """Print what the reader's post may see of a case."""
    require_role(actor(), "clerk", "supervisor", "auditor")
    view = runtime.view_case(host(), actor(), case_no, "sheet")
    return printing.send(case_sheet(view), f"{case_no}-sheet")
