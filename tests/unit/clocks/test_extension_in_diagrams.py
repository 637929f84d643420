"""延长审批 in the shared special procedure lengthens the clock once; nothing is paused or waits."""

from datetime import date
from pathlib import Path

import pytest

from onething import cases, notices, runtime
from onething.catalog import Catalog
from onething.runtime.sealing import CaseSeal
from unit.clocks.node import APPLICANT, SUPERVISOR

LICENCE = "handling.licence"


@pytest.fixture
def case_no(node) -> str:
    """A case for which the supervisor is asked for an extension."""
    node.world.deploy(Catalog([Path(__file__).parent / "package"]).package("longer"))
    person = {"name": "张三", "division": "370502"}
    return runtime.start_case(node.host, APPLICANT, "longer", {"person": person}).case_no


def decide(node, case_no, approved):
    answers = {"pauseApproval": {"approved": approved, "reason": "案情复杂"}}
    runtime.complete(node.host, SUPERVISOR, node.task(case_no).id, answers)
    while runtime.perform_due(node.host):
        pass


def test_an_approved_extension_moves_the_day_and_work_goes_on_at_once(node, case_no):
    decide(node, case_no, "yes")

    clock = node.clocks(case_no)[LICENCE]
    assert [one.kind for one in clock.entries] == ["start", "extension"]
    assert (clock.state, node.last_day(case_no)) == ("running", date(2026, 3, 23))
    assert node.task(case_no).activity == "examine"


def test_the_case_is_not_suspended_and_the_applicant_is_told(node, case_no):
    decide(node, case_no, "yes")

    with node.host.database.read() as conn:
        case = cases.get(conn, case_no)
        (notice,) = notices.of_case(conn, case.instance_id)
        seal = CaseSeal(node.host.keys.of_case(conn, case.instance_id))
    assert case.state == "ACCEPTED"
    assert notice.template == "extension-notice"
    assert seal.open(notice.sealed)["body"][0].endswith("经批准，办理期限延长5个工作日。")


def test_an_extension_that_is_not_approved_moves_nothing(node, case_no):
    decide(node, case_no, "no")

    assert [one.kind for one in node.clocks(case_no)[LICENCE].entries] == ["start"]
    assert node.task(case_no).activity == "examine"
