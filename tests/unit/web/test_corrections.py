"""The page on which a closed case is followed by a new one."""

import pytest

from onething import identity, runtime
from onething.identity import SYSTEM
from onething.tasks import Filter
from unit.web.conftest import PASSWORD

WHY = {"_kind": "error", "_basis": "某法 <b>第一条</b>", "_reason": "姓名登记有误"}


@pytest.fixture
def closed(browse, host) -> str:
    """A closed case of the window, which has a supervisor."""
    told = {"user": "head", "name": "head", "password": PASSWORD}
    told |= {"must_change_password": False, "settings": host.settings}
    identity.add_person(host.database, SYSTEM, host.clock(), **told)
    where = {"department_code": "window", "roles": ["supervisor"]}
    identity.give_post(host.database, SYSTEM, host.clock(), user="head", **where)
    case_no = browse("citizen").apply()
    for _n in range(9):
        live = runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no))
        if not live:
            break
        answers = {"words": "带伞", "adding": {"words": "带伞"}}
        runtime.complete(host, SYSTEM, live[0].id, answers)
    return case_no


def test_a_supervisor_opens_a_following_case_and_both_pages_say_so(browse, host, closed):
    head = browse("head")
    assert "开立后续办件" in head.get(f"/cases/{closed}").text
    page = head.get(f"/cases/{closed}/follow")
    assert "原办件不变" in page.text

    done = head.post(f"/cases/{closed}/follow", WHY, follow_redirects=True)

    assert "查询码" in done.text
    assert "本件由后续办件接续" in done.text
    assert f"/cases/{closed}/follow" not in done.text
    assert "某法 &lt;b&gt;" in done.text
    (link,) = runtime.view_links(host, SYSTEM, closed).followed_by
    citizen = browse("citizen")
    old = citizen.get(f"/my/cases/{closed}").text
    assert "本件由后续办件接续" in old
    assert "没有出具文书" in old
    tracked = citizen.get(f"/my/cases/{link.case_no}").text
    assert "本件接续原办件" in tracked
    assert f'href="/my/cases/{closed}"' in tracked
    assert "姓名登记有误" not in tracked


def test_what_is_missing_is_told_and_stays_typed(browse, host, closed):
    head = browse("head")
    head.get(f"/cases/{closed}/follow")

    page = head.post(f"/cases/{closed}/follow", WHY | {"_basis": " "})

    assert page.status_code == 422
    assert '<a href="#_basis">请填写法律依据，最多 500 字。</a>' in page.text
    assert "姓名登记有误" in page.text
    assert runtime.view_links(host, SYSTEM, closed).followed_by == []


def test_a_second_press_leads_to_the_case_that_is_there(browse, closed):
    head = browse("head")
    for _n in range(2):
        head.get(f"/cases/{closed}")
        page = head.post(f"/cases/{closed}/follow", WHY, follow_redirects=True)

    assert "已有后续办件正在办理" in page.text


def test_a_case_that_goes_on_offers_none(browse, host, closed):
    running = browse("citizen").apply()
    (first,) = runtime.list_tasks(host, SYSTEM, Filter(case_no=running))
    runtime.complete(host, SYSTEM, first.id, {"words": "带伞"})
    head = browse("head")

    assert "开立后续办件" not in head.get(f"/cases/{running}").text
    assert "还没有办结" in head.get(f"/cases/{running}/follow", follow_redirects=True).text


def test_an_annulled_decision_offers_it(browse, closed):
    head = browse("head")
    paper = {"document": "12号", "dated_on": "2026-11-20"}
    head.get(f"/cases/{closed}/hold")
    head.post(f"/cases/{closed}/hold", {"kind": "review", "basis": "某法", **paper})
    assert "解除后才能开立" in head.get(f"/cases/{closed}/follow", follow_redirects=True).text
    head.get(f"/cases/{closed}/hold")
    lifted = {"kind": "annulled", **paper}
    page = head.post(f"/cases/{closed}/hold/lift", lifted, follow_redirects=True)

    assert "按结果开立后续办件" in page.text
    form = head.get(f"/cases/{closed}/follow?kind=review").text
    assert '<option value="review" selected>' in form


def test_clerks_and_applicants_open_none(browse, closed):
    for user in ("reader", "citizen"):
        someone = browse(user)
        assert someone.get(f"/cases/{closed}/follow").status_code in (403, 404)
        assert someone.post(f"/cases/{closed}/follow", WHY).status_code in (400, 403, 404)
    assert "开立后续办件" not in browse("reader").get(f"/cases/{closed}").text
