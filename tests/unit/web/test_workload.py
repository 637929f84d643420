"""The page on which a supervisor sees who has how much and hands it on."""

from onething import identity, runtime
from onething.identity import SYSTEM
from onething.tasks import Filter
from unit.web.conftest import PASSWORD, holder

WHERE = "/supervision/workload"


def test_a_supervisor_sees_who_holds_how_much_and_hands_it_on(browse, host, held_task):
    head = browse("head")
    page = head.get(WHERE)

    assert "移交全部 1 件" in page.text
    assert "<b>second" not in page.text  # a name is text
    sent = {"to": "second", "reason": "调离"}
    assert "已移交 1 件" in head.post(f"{WHERE}/reader", sent, follow_redirects=True).text
    assert holder(host) == "second"


def test_without_a_reason_nothing_moves_and_the_choice_stays(browse, host, held_task):
    head = browse("head")
    head.get(WHERE)

    answer = head.post(f"{WHERE}/reader", {"to": "second", "reason": " "})

    assert answer.status_code == 422
    assert "请写明原因" in answer.text
    assert '<option value="second" selected>' in answer.text
    assert holder(host) == "reader"


def test_what_a_colleague_may_not_do_stays_and_the_page_says_why(browse, host, held_task):
    told = {"user": "fourth", "name": "fourth", "password": PASSWORD, "settings": host.settings}
    identity.add_person(host.database, SYSTEM, host.clock(), must_change_password=False, **told)
    where = {"department_code": "window", "post_name": "archive", "roles": ["clerk"]}
    identity.give_post(host.database, SYSTEM, host.clock(), user="fourth", **where)
    head = browse("head")
    head.get(WHERE)

    sent = {"to": "fourth", "reason": "调离"}
    page = head.post(f"{WHERE}/reader", sent, follow_redirects=True).text

    assert "1 件没有移交，对方岗位不能办" in page
    assert "已移交 0 件" not in page
    assert holder(host) == "reader"


def test_clerks_and_citizens_do_not_get_the_page(browse, host, held_task):
    assert browse("reader").get(WHERE).status_code == 403
    assert browse("citizen").get(WHERE).status_code == 403
    assert browse("reader").post(f"{WHERE}/reader", {"reason": "x"}).status_code in (400, 403)
    assert holder(host) == "reader"


def test_an_office_moves_from_the_page_once_a_target_is_chosen(browse, host, held_task):
    for code in ("370502", "370503"):
        told = {"user": f"of-{code}", "name": code, "password": PASSWORD}
        told |= {"must_change_password": False, "settings": host.settings}
        identity.put_region(host.database, SYSTEM, host.clock(), code=code, name=code)
        identity.add_person(host.database, SYSTEM, host.clock(), **told)
        where = {"department_code": "window", "region_code": code, "roles": ["clerk"]}
        identity.give_post(host.database, SYSTEM, host.clock(), user=f"of-{code}", **where)
    head = browse("head")
    page = head.get(WHERE)
    assert "整个岗位或辖区迁移" in page.text

    sent = {"from": "@", "to": "-", "reason": "合并"}
    refused = head.post("/supervision/offices", sent)
    assert (refused.status_code, "两个不同的岗位" in refused.text) == (422, True)
    sent |= {"to": "@370503", "later": "1"}
    moved = head.post("/supervision/offices", sent, follow_redirects=True)
    assert "已移交 1 件" in moved.text
    (found,) = runtime.list_tasks(host, SYSTEM, Filter(states=("open", "claimed")))
    assert (found.region, found.assignee) == ("370503", None)
    assert "新任务转往别处" in moved.text
    lifted = head.post("/supervision/offices/1/lift", follow_redirects=True)
    assert "恢复按流程图的规定分派" in lifted.text
    assert "新任务转往别处" not in lifted.text
