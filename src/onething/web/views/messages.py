"""The notice centre: what the person who is signed in was told, read and unread."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onething import runtime
from onething.errors import InvalidInput
from onething.notices import NewsFilter
from onething.runtime import NewsView
from onething.runtime.messages.news_kinds import FOR_WORKERS
from onething.runtime.permissions import APPLICANTS
from onething.web.node import actor, host

pages = Blueprint("messages", __name__)
PAGE_SIZE = 20


@pages.get("/messages")
def index() -> str:
    """List the own lines, newest first."""
    me, case_no = actor(), request.args.get("case") or None
    wanted = NewsFilter(case_no=case_no, unread=request.args.get("unread") == "1")
    after = request.args.get("after") or None
    found = runtime.list_news(host(), me, wanted, after=after, limit=PAGE_SIZE + 1)
    return render_template(
        "messages/index.html",
        lines=found[:PAGE_SIZE],
        next=found[PAGE_SIZE - 1].row.id if len(found) > PAGE_SIZE else None,
        cases=runtime.cases_with_news(host(), me),
        wanted=wanted,
        unread=runtime.count_unread(host(), me),
        now=host().clock().isoformat(),
        is_applicant=bool(me.roles & set(APPLICANTS)),
    )


@pages.get("/messages/<line_id>")
def show(line_id: str) -> str | Response:
    """Open a line, which is read then: an own text, else the page that it is about."""
    view = runtime.read_news(host(), actor(), line_id)
    if view.row.kind in FOR_WORKERS:
        return redirect(target(view))
    return render_template("messages/show.html", view=view, target=target)


@pages.post("/messages/<line_id>")
def mark(line_id: str) -> Response:
    """Let a line be unread again."""
    runtime.mark_news(host(), actor(), line_id, is_read=False)
    return redirect(url_for("messages.index"))


@pages.post("/messages")
def mark_all() -> Response:
    """Read all that was there when the page was shown."""
    me = actor()
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        raise InvalidInput from None
    if until.tzinfo is None:
        raise InvalidInput
    runtime.mark_all_news(host(), me, until)
    flash(_("已全部标为已读。"), "good")
    return redirect(url_for("messages.index"))


def target(view: NewsView) -> str:
    """Return the page that a line leads to."""
    if view.row.link and view.row.link.startswith("/") and not view.row.link.startswith("//"):
        return view.row.link
    if view.row.case_no is None:
        return url_for("signin.account")
    endpoint = "tracker.case" if view.is_own_case else "case.show"
    return url_for(endpoint, case_no=view.row.case_no)
