"""The wall display of an office: numbers and counters, no names, in both languages."""

from flask import Blueprint, render_template
from flask_babel import force_locale

from onething import runtime
from onething.web.node import host

pages = Blueprint("display", __name__)
_CALLED = 5


@pages.get("/display/<office_id>/<key>")
def show(office_id: str, key: str) -> str:
    """Show who was called last; whoever knows the address may look."""
    return _board(office_id[:40], key[:64], "zh")


@pages.get("/display/<office_id>/<key>/en")
def show_in_english(office_id: str, key: str) -> str:
    """Show the display in English."""
    return _board(office_id[:40], key[:64], "en")


def _board(office_id: str, key: str, language: str) -> str:
    board = runtime.view_display(host(), office_id, key)
    now = host().clock().astimezone(host().zone)
    with force_locale(language):
        return render_template(
            "offices/display.html",
            office=board.office,
            current=board.called[:1],
            earlier=board.called[1 : _CALLED + 1],
            waiting=board.waiting,
            now=now,
            lang=language,
        )
