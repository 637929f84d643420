"""Who sees what: a case exists only for those whose work it is."""

import pytest


def test_a_clerk_of_another_department_is_told_that_there_is_no_such_case(open_case, people):
    status = people("traffic").visit(f"/cases/{open_case.case_no}")

    assert status == 404


def test_another_applicant_is_told_that_there_is_no_such_case(open_case, people):
    status = people("citizen2").visit(f"/my/cases/{open_case.case_no}")

    assert status == 404


@pytest.mark.parametrize("path", ["/cases", "/cases/{case_no}", "/cases/{case_no}/replay"])
def test_an_administrator_reads_no_case(open_case, people, path):
    administrator = people("administrator")

    status = administrator.visit(path.format(case_no=open_case.case_no))

    assert status in (403, 404)
    assert not administrator.reads(open_case.case_no)


def test_an_auditor_replays_a_case_event_by_event(open_case, people):
    auditor = people("auditor")

    auditor.visit(f"/cases/{open_case.case_no}")
    auditor.leave_by(auditor.page.get_by_role("link", name="回放").first)
    auditor.leave_by(auditor.page.get_by_role("link", name="上一步"))

    assert auditor.reads("每一步的状态都与记录一致")
    assert auditor.refused == []


def test_a_family_reads_the_state_with_number_and_query_code(open_case, visitor):
    relative = visitor()

    relative.visit("/lookup")
    relative.page.get_by_label("办件编号").fill(open_case.case_no)
    relative.page.get_by_label("查询码").fill(open_case.query_code)
    relative.press("查询")

    assert relative.reads("身后事")
    assert not relative.reads("370522")
