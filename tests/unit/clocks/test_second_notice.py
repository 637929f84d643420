"""A department asks for a supplement once; again only with a supervisor's reason."""

import pytest

from onething import clocks, runtime
from onething.errors import ClockRefused, InvalidInput, NotAllowed
from onething.identity import Actor
from unit.clocks.node import CLERK, SUPERVISOR, at

HEAD = Actor("window-head", "赵主任", frozenset({"supervisor"}), "window", None, "370502")
WHY = {"reason": "新发现的情形", "basis": "行政许可法 第三十二条"}


@pytest.fixture(autouse=True)
def every_case_replays_to_its_clocks(february):
    yield
    assert [one.problem for one in runtime.replay_all(february.host) if not one.is_clean] == []


@pytest.fixture
def asked_once(node):
    """A case whose applicant was asked for a supplement and gave it."""
    case_no = node.apply()
    node.decide(case_no, "supplement")
    node.decide(case_no, "provide")
    return case_no


def permit(node, case_no, actor=HEAD, **options):
    return runtime.permit_notice(node.host, actor, case_no, "window", **(WHY | options))


def test_a_clerk_who_asks_again_is_told_what_to_do_and_nothing_changes(node, asked_once):
    before = node.clocks(asked_once)

    with pytest.raises(ClockRefused, match="a supervisor of it permits it on the case"):
        node.decide(asked_once, "supplement")

    assert node.clocks(asked_once) == before


def test_with_a_supervisors_reason_the_second_notice_goes_out_and_bears_it(node, asked_once):
    permit(node, asked_once)

    node.decide(asked_once, "supplement")

    start = node.clocks(asked_once)["supplement#2"].entries[0]
    assert (start.kind, start.reason, start.approver) == ("start", "新发现的情形", "window-head")
    assert node.events(asked_once)[-2].kind == "NoticePermitted"


def test_a_permission_holds_for_one_notice(node, asked_once):
    permit(node, asked_once)
    node.decide(asked_once, "supplement")
    node.decide(asked_once, "provide")

    with pytest.raises(ClockRefused, match="needs a supervisor's reason"):
        node.decide(asked_once, "supplement")


def test_a_second_notice_stands_in_the_figures_of_its_department(node, asked_once):
    permit(node, asked_once)
    node.decide(asked_once, "supplement")
    node.decide(asked_once, "provide")

    with node.host.database.read() as conn:
        found = clocks.second_notices(conn, at("2026-01-01"))

    assert found == {"window": 1}


def test_a_repeated_permission_is_given_once(node, asked_once):
    first = permit(node, asked_once, key="a")

    again = permit(node, asked_once, key="a")

    assert (again.sequence, again.repeated) == (first.sequence, True)


def test_a_permission_before_the_first_notice_is_refused(node):
    case_no = node.apply()

    with pytest.raises(ClockRefused, match="none is needed"):
        permit(node, case_no)


def test_a_permission_while_the_applicant_is_waited_for_is_refused(node):
    case_no = node.apply()
    node.decide(case_no, "supplement")

    with pytest.raises(ClockRefused, match="still waits"):
        permit(node, case_no)


def test_a_second_permission_is_refused(node, asked_once):
    permit(node, asked_once)

    with pytest.raises(ClockRefused, match="already"):
        permit(node, asked_once)


def test_a_permission_needs_its_reason(node, asked_once):
    with pytest.raises(InvalidInput):
        permit(node, asked_once, reason=" ")


@pytest.mark.parametrize("actor", [CLERK, SUPERVISOR])
def test_nobody_but_the_departments_supervisor_permits(node, asked_once, actor):
    with pytest.raises(NotAllowed):
        permit(node, asked_once, actor=actor)
