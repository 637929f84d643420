"""The page of one incident: each way on is offered where the model allows it, and nowhere else."""

from datetime import timedelta

import pytest

from onething import identity, main, runtime
from onething.identity import SYSTEM
from onething.incidents import IncidentRow
from onething.runtime import IncidentFilter
from unit.runtime.node import OPERATOR, Node
from unit.web.conftest import PASSWORD, Browser
from unit.worker.conftest import node as node  # noqa: PLC0414 - its fixture

WHY = {"reason": "电话核实"}
MATCHED = '{"matches": true, "alive": true}'


@pytest.fixture
def operator(node: Node) -> Browser:
    """An operator before the pages of a node with departments."""
    database, now, settings = node.host.database, node.host.clock(), node.host.settings
    told = {"user": "op", "name": "运维", "password": PASSWORD, "must_change_password": False}
    identity.add_person(database, SYSTEM, now, settings=settings, **told)
    identity.give_post(database, SYSTEM, now, user="op", roles=["operator"])
    app = main.create_app(node.host)
    app.config.update(SESSION_COOKIE_SECURE=False)
    return Browser(app.test_client()).sign_in("op")


@pytest.fixture
def unknown(node: Node) -> str:
    """A case whose call got no answer, from a department that cannot tell a second call."""
    node.world.give({"fault": "edu", "mode": "rubbish", "times": 1})
    case_no = node.start("tell")
    node.perform()
    return case_no


@pytest.fixture
def refused(node: Node) -> str:
    """A case whose call was refused; its activity does not allow skipping."""
    case_no = node.start("call")
    node.perform()
    return case_no


def incident(node: Node, case_no: str) -> IncidentRow:
    (found,) = node.incidents(case_no)
    return found


def address(node: Node, case_no: str, verb: str = "") -> str:
    return f"/incidents/{incident(node, case_no).id}{verb}"


def calls(node: Node) -> int:
    received = node.world.exchange.received()
    return sum(one["operation"] == "edu.student.notify" for one in received)


def test_an_unknown_outcome_asks_for_one_of_three_answers(node, operator, unknown):
    page = operator.get(address(node, unknown)).text
    causes = operator.get("/incidents").text

    assert "预演重试 1 件" not in causes
    assert "须逐件向部门核实" in causes
    assert "请先向部门核实" in page
    assert (
        page.index("已办理：补录结果") < page.index("未办理：重新执行") < page.index("跳过并继续")
    )
    assert 'name="not_done"' in page


def test_it_is_not_repeated_before_somebody_says_that_it_was_not_done(node, operator, unknown):
    answer = operator.post(address(node, unknown, "/retry"), WHY)
    node.perform()

    assert answer.status_code == 422
    assert 'aria-describedby="not-done-error"' in answer.text
    assert "确未办理的，勾选后再重新执行" in answer.text
    assert (incident(node, unknown).state, calls(node)) == ("open", 1)


def test_it_was_not_done_so_it_is_repeated(node, operator, unknown):
    node.know()

    answer = operator.post(address(node, unknown, "/retry"), WHY | {"not_done": "on"})
    node.perform()

    assert answer.status_code == 302
    assert (node.case(unknown).state, calls(node)) == ("CLOSED", 2)


def test_it_was_done_so_its_answer_is_given(node, operator, unknown):
    form = WHY | {"answer": '{"receiptNo": "R1"}'}

    operator.post(address(node, unknown, "/complete"), form)

    assert (node.case(unknown).state, calls(node)) == ("CLOSED", 1)


def test_it_is_skipped_with_a_reason(node, operator, unknown):
    page = address(node, unknown, "/skip")

    without = operator.post(page, {"reason": " "})
    done = operator.post(page, WHY)
    again = operator.post(page, WHY, follow_redirects=True)

    assert without.status_code == 422
    assert 'aria-describedby="skip-reason-error"' in without.text
    assert done.status_code == 302
    assert node.kinds(unknown)[-1] == "JobSkipped"
    assert "该异常已经处置" in again.text


def test_the_one_call_that_was_refused_is_counted_before_and_after_it_is_resolved(
    node, operator, refused
):
    page = address(node, refused)

    before = operator.get(page).text
    operator.post(f"{page}/complete", WHY | {"answer": '{"matches": true, "alive": true}'})

    assert "已尝试</dt><dd>1 次" in before
    assert "已尝试</dt><dd>1 次" in operator.get(page).text


def test_a_call_that_was_left_out_was_tried_before(node, operator, unknown):
    page = address(node, unknown)

    operator.post(f"{page}/skip", WHY)

    assert "已尝试</dt><dd>1 次" in operator.get(page).text


def test_the_page_of_a_job_that_gave_up_leads_to_its_incident(node, operator, refused):
    (job,) = node.jobs(refused)

    link = f'href="{address(node, refused)}"'

    page = operator.get(f"/operations/jobs/{job.id}").text
    operator.post(address(node, refused, "/retry"), WHY)
    retried = operator.get(f"/operations/jobs/{job.id}").text

    assert link in page
    assert '环节</dt><dd>核验 <span class="mono small quiet">ask</span>' in page
    assert "已尝试</dt><dd>1 次" in page
    assert link not in retried


def test_what_the_model_does_not_let_be_skipped_has_no_such_form(node, operator, refused):
    page = operator.get(address(node, refused)).text
    answer = operator.post(address(node, refused, "/skip"), WHY, follow_redirects=True)

    assert "/skip" not in page
    assert 'name="not_done"' not in page
    assert "该异常不能这样处置" in answer.text
    assert incident(node, refused).state == "open"


def test_what_stopped_is_told_in_plain_words_with_what_to_do(node, operator, refused):
    page = operator.get(address(node, refused)).text
    causes = operator.get("/incidents").text
    jobs = operator.get("/operations/jobs?state=failed").text

    found = incident(node, refused)
    assert "部门查无此记录" in page
    assert "核对发送的数据项" in page
    assert f'href="/operations/instances/{refused}"' in page
    assert f'href="/operations/jobs/{found.instance_id}:{found.effect_key}"' in page
    assert "部门查无此记录" in causes
    assert f'href="/incidents/{found.id}"' in jobs


def test_signs_beside_bars_are_told_in_each_readers_language(node, operator, refused):
    operator.get("/operations")

    operator.post("/display", {"language": "en", "next": "/"})
    page = operator.get("/operations").text

    assert "Given up" in page
    assert "已停止重试" not in page


def test_a_resolved_incident_tells_by_what_and_why(node, operator, unknown):
    page_of_it = address(node, unknown)
    operator.post(f"{page_of_it}/skip", WHY)

    page = operator.get(page_of_it).text

    assert "跳过 · 运维" in page
    assert WHY["reason"] in page
    assert "怎么办" not in page


def test_the_latest_resolved_incident_comes_first(node, operator, refused):
    first = incident(node, refused)
    operator.post(f"/incidents/{first.id}/complete", WHY | {"answer": MATCHED})
    node.world.clock.advance(timedelta(hours=1))
    later = node.start("call")
    node.perform()
    second = incident(node, later)
    operator.post(f"/incidents/{second.id}/complete", WHY | {"answer": MATCHED})

    page = operator.get("/incidents?state=resolved").text

    assert page.index(second.id) < page.index(first.id)


def test_a_suspended_case_is_not_resolved(node, operator, unknown):
    runtime.suspend(node.host, OPERATOR, unknown, "割接")

    answer = operator.post(address(node, unknown, "/skip"), WHY, follow_redirects=True)

    assert "恢复后才能处置" in answer.text
    assert incident(node, unknown).state == "open"


def test_a_batch_leaves_unknown_outcomes_to_people(node, operator, unknown):
    operator.post("/operations/batches", {"kind": "retry", "one": incident(node, unknown).id})
    (batch,) = runtime.list_batches(node.host, OPERATOR)
    while runtime.advance_batches(node.host):
        node.world.clock.advance(timedelta(seconds=1))

    page = operator.get(f"/operations/batches/{batch.batch_id}").text

    assert "部门是否已办理不明，须逐件核实" in page
    assert "没有可以执行的办件" in page


def test_all_of_it_is_told_in_english_as_well(node, operator, unknown):
    operator.post("/display", {"language": "en"})

    page = operator.get(address(node, unknown)).text

    assert "It was not done: try again" in page
    assert "Skip and go on" in page


def test_what_a_batch_was_chosen_by_is_told_in_words(node, operator, refused):
    node.world.clock.advance(timedelta(hours=1))
    wanted = IncidentFilter(department="police", raised_before=node.host.clock())
    batch_id = runtime.create_batch(node.host, OPERATOR, "retry", wanted=wanted)

    page = operator.get(f"/operations/batches/{batch_id}").text

    assert "发生早于" in page
    assert "2026-09-28 10:00" in page
    assert "raised_before" not in page
