"""Holds, following cases and absent colleagues through the API."""

import pytest

from onething import identity, runtime
from onething.identity import SYSTEM, Days, Moment

HOLD = {"hold": "review", "document": "12号", "dated_on": "2026-11-20", "basis": "某法"}
LIFT = {"outcome": "changed", "document": "9号", "dated_on": "2026-11-23"}
FOLLOW = {"correction": "error", "basis": "某法 第一条", "reason": "有误"}


@pytest.fixture
def head(site):
    """The window's supervisor."""
    database, now = site.host.database, site.clock()
    settings = site.host.settings
    identity.add_person(database, SYSTEM, now, user="head", name="head", settings=settings)
    post = {"roles": ["supervisor"], "department_code": "window"}
    identity.give_post(database, SYSTEM, now, user="head", **post)
    site.tokens["head"] = identity.issue_token(
        database, SYSTEM, now, user="head", name="test", days=30
    )
    return site


@pytest.fixture
def case_no(head) -> str:
    return head.start()


def task_of(site, case_no: str) -> str:
    (one,) = site.get(f"/tasks?case_no={case_no}").json["items"]
    return one["id"]


def test_a_supervisor_holds_and_lifts_and_others_read_little(head, case_no):
    held = head.post(f"/cases/{case_no}/hold", HOLD, "head", key="h")
    task_id = task_of(head, case_no)
    refused = head.post(f"/tasks/{task_id}/complete", {"data": {}}, "reader", key="c")
    assert (held.status_code, refused.status_code) == (200, 409)
    assert refused.json["code"] == "case-on-hold"
    (full,) = head.get(f"/cases/{case_no}/holds", "head").json["items"]
    (bare,) = head.get(f"/cases/{case_no}/holds", "citizen").json["items"]
    assert (full["document"], bare["document"], bare["kind"]) == ("12号", "", "")

    lifted = head.post(f"/cases/{case_no}/lift", LIFT, "head", key="l")

    assert lifted.status_code == 200
    assert head.get(f"/cases/{case_no}/holds", "head").json["items"][0]["outcome"] == "changed"


def test_what_is_missing_or_not_allowed_is_refused(head, case_no):
    for body in ({**HOLD, "dated_on": "soon"}, {**HOLD, "hold": "whim"}, {"hold": "review"}):
        assert head.post(f"/cases/{case_no}/hold", body, "head", key="x").status_code == 422
    for user in ("reader", "citizen"):
        assert head.post(f"/cases/{case_no}/hold", HOLD, user, key="y").status_code == 403
    assert head.post(f"/cases/{case_no}/hold", HOLD, "stranger", key="z").status_code in (403, 404)
    assert head.get(f"/cases/{case_no}/holds", "stranger").status_code == 404


def test_a_closed_case_is_followed_and_tells_its_links(head, case_no):
    early = head.post(f"/cases/{case_no}/follow", FOLLOW, "head", key="f")
    assert (early.status_code, early.json["code"]) == (409, "correction-refused")
    runtime.cancel(head.host, SYSTEM, case_no, "演示")

    made = head.post(f"/cases/{case_no}/follow", FOLLOW, "head", key="g")
    again = head.post(f"/cases/{case_no}/follow", FOLLOW, "head", key="g")

    assert (made.status_code, again.json) == (201, made.json)
    number = made.json["case_no"]
    (after,) = head.get(f"/cases/{case_no}", "citizen").json["followed_by"]
    assert (after["case_no"], after["kind"], after["basis"]) == (number, "error", "某法 第一条")
    assert head.get(f"/cases/{number}", "citizen").json["follows"]["case_no"] == case_no


def test_delegating_to_who_is_absent_needs_a_word(head, case_no):
    today = head.host.today
    days = Days("colleague", today, today, "leave", "reader")
    with head.host.database.read() as conn:
        chief = identity.actor(conn, "head")
    identity.enter_absence(head.host.database, chief, Moment(head.clock(), today), days)
    where = f"/tasks/{task_of(head, case_no)}/delegate"

    refused = head.post(where, {"to": "colleague"}, "reader", key="d")
    done = head.post(where, {"to": "colleague", "even_if_absent": True}, "reader", key="e")

    assert (refused.status_code, refused.json["code"]) == (409, "person-absent")
    assert done.status_code == 200
    events = head.get(f"/cases/{case_no}/history", "reader").json["items"]
    assert "on_behalf_of" in events[-1]
