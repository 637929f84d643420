"""The operators' pages: search, one instance, batches, causes, queues, nodes."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from onething import identity, runtime
from onething.identity import SYSTEM
from onething.runtime.jobs.gates import note_failure
from onething.tasks import Filter
from unit.web.conftest import MONDAY, PASSWORD

ADDRESSES = (
    "/operations",
    "/operations/nodes",
    "/operations/jobs",
    "/operations/instances",
    "/operations/batches",
    "/incidents",
)
WHY = {"reason": "部门系统割接"}


@pytest.fixture
def operator(browse, host):
    """A browser of an operator."""
    identity.add_person(
        host.database,
        SYSTEM,
        MONDAY,
        user="op",
        name="运维",
        password=PASSWORD,
        must_change_password=False,
        settings=host.settings,
    )
    identity.give_post(host.database, SYSTEM, MONDAY, user="op", roles=["operator"])
    return browse("op")


@pytest.fixture
def case_no(browse) -> str:
    """A case that waits for its applicant."""
    return browse("citizen").apply()


def _settle(host) -> None:
    while runtime.advance_batches(host):
        pass


def _waits(host, case_no: str) -> int:
    return len(runtime.list_tasks(host, SYSTEM, Filter(case_no=case_no)))


@pytest.mark.parametrize("address", ADDRESSES)
def test_operators_and_auditors_alone_see_the_pages(browse, operator, address):
    assert operator.get(address).status_code == 200
    assert browse("auditor").get(address).status_code == 200
    assert browse("reader").get(address).status_code == 403
    assert browse("citizen").get(address).status_code == 403


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("", True),
        ("?service=outing&number=1&activity=adding", True),
        ("?status=suspended", False),
        ("?days=1", False),
        ("?incident=yes", False),
        ("?status=nonsense&number=-1&days=abc", True),
        ("?number=99999999999999999999&days=99999999999999", False),
    ],
)
def test_an_instance_is_found_without_any_name(operator, case_no, query, is_found):
    page = operator.get(f"/operations/instances{query}")

    assert page.status_code == 200
    assert (case_no in page.text) == is_found
    assert "陈" not in page.text


def test_one_instance_is_suspended_and_resumed_with_a_reason(operator, host, case_no):
    address = f"/operations/instances/{case_no}"
    operator.get(address)

    refused = operator.post(f"{address}/suspend", {"reason": " "})
    operator.post(f"{address}/suspend", WHY)
    suspended = operator.get(address)
    operator.post(f"{address}/resume", WHY)

    assert refused.status_code == 422
    assert "部门系统割接" in suspended.text
    assert "法定时限照常计算" in suspended.text
    kinds = [one.kind for one in runtime.view_history(host, SYSTEM, case_no)]
    assert kinds == ["CaseStarted", "Suspended", "Resumed"]


def test_what_changed_meanwhile_is_said(operator, host, case_no):
    runtime.suspend(host, SYSTEM, case_no, "先停")
    operator.get(f"/operations/instances/{case_no}")

    answer = operator.post(f"/operations/instances/{case_no}/suspend", WHY, follow_redirects=True)

    assert "办件状态已变化" in answer.text


def test_an_auditor_reads_and_has_no_buttons(browse, host, case_no):
    auditor = browse("auditor")
    page = auditor.get(f"/operations/instances/{case_no}")

    answer = auditor.post(f"/operations/instances/{case_no}/suspend", WHY)

    assert "暂停办理</button>" not in page.text
    assert answer.status_code == 403
    assert len(runtime.view_history(host, SYSTEM, case_no)) == 1


def test_a_search_becomes_a_batch_that_is_tried_started_and_taken_back(operator, host, case_no):
    operator.get("/operations/instances")
    made = operator.post("/operations/batches", {"kind": "suspend", "service": "outing"})
    _settle(host)
    tried = operator.get(made.location)
    unexplained = operator.post(f"{made.location}/start", {"reason": ""})
    operator.post(f"{made.location}/start", WHY)
    _settle(host)
    ended = operator.get(made.location)
    undo = operator.post(f"{made.location}/undo")
    _settle(host)
    operator.post(f"{undo.location}/start", {"reason": "割接完成"})
    _settle(host)

    assert "预演完成" in tried.text
    assert "一件事 一次出游" in tried.text
    assert unexplained.status_code == 422
    assert "已结束" in ended.text
    assert "部门系统割接" in ended.text
    kinds = [one.kind for one in runtime.view_history(host, SYSTEM, case_no)]
    assert kinds == ["CaseStarted", "Suspended", "Resumed"]


def test_only_what_is_ticked_is_meant(operator, host, browse, case_no):
    other = browse("other").apply(**{"sender.name": "李明", "sender.idNo": "370502198709039827"})
    operator.get("/operations/instances")

    made = operator.post("/operations/batches", {"kind": "suspend", "one": case_no})
    _settle(host)

    page = operator.get(made.location)
    assert case_no in page.text
    assert other not in page.text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"kind": "suspend", "service": "nothing"}, "请核对勾选和查找条件。</p>"),
        ({"kind": "nonsense"}, "请核对勾选和查找条件。</p>"),
        ({"kind": "migrate", "service": "outing", "number": "1", "to": "9"}, "部署不存在"),
        ({"kind": "migrate", "service": "outing", "number": "1", "to": "1"}, "已经在该部署中"),
        (
            {"kind": "migrate", "service": "outing", "number": "1", "to": "2", "mapping": "= ="},
            "每行写一个",
        ),
        ({"kind": "suspend", "one": "L0"}, "不存在"),
        ({"kind": "retry", "only_chosen": "1"}, ">请先勾选要重试的异常。</p>"),
    ],
)
def test_what_cannot_be_a_batch_is_said_and_leaves_none(operator, host, case_no, form, told):
    operator.get("/operations/instances")

    answer = operator.post("/operations/batches", form)

    assert answer.status_code == 302
    page = operator.get(answer.location).text
    assert 'class="flash bad"' in page
    assert told in page
    assert runtime.list_batches(host, SYSTEM) == []


def test_every_line_can_be_downloaded(operator, host, case_no):
    operator.get("/operations/instances")
    made = operator.post("/operations/batches", {"kind": "resume"})
    _settle(host)

    book = load_workbook(BytesIO(operator.get(f"{made.location}/lines.xlsx").data))

    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1][:4] == (1, case_no, "不会执行", "办件没有暂停")


def test_a_batch_is_stopped(operator, host, case_no):
    operator.get("/operations/instances")
    made = operator.post("/operations/batches", {"kind": "suspend"})

    operator.post(f"{made.location}/cancel")
    _settle(host)

    assert "已停止" in operator.get(made.location).text
    assert _waits(host, case_no) == 1


def test_an_auditor_makes_no_batch(browse, host, case_no):
    auditor = browse("auditor")
    auditor.get("/operations/instances")

    assert auditor.post("/operations/batches", {"kind": "suspend"}).status_code == 403
    assert runtime.list_batches(host, SYSTEM) == []


def test_the_overview_names_database_disk_and_what_is_suspended(operator, host, case_no):
    runtime.suspend(host, SYSTEM, case_no, "先停")

    page = operator.get("/operations").text

    assert "SQLite 3" in page
    assert "剩余" in page
    assert re.search(r"暂停的办件</a></dt><dd>1</dd>", page)


def test_a_department_whose_calls_wait_is_shown_and_let_go_on(operator, browse, host):
    runtime.prepare_gates(host)
    for _ in range(host.settings.breaker_failures):
        gate = note_failure(host, "police", "no answer")

    page = operator.get("/operations")
    unseen = browse("auditor").get("/operations/jobs").text
    operator.post("/operations/gates/police/reset")

    assert gate.state == "open"
    assert "暂缓调用的部门" in page.text
    assert "立即恢复调用" not in unseen
    assert "暂缓调用的部门" not in operator.get("/operations").text
