"""Who sees a case, and the line that every look leaves behind."""

import pytest
from sqlalchemy import select

from onething import runtime
from onething.cases.models import item
from onething.errors import NotAllowed, NotFound
from onething.identity import Actor
from onething.materials.models import material
from onething.runtime import Upload
from unit.runtime.node import APPLICANT, CLERK, ID_NO, OPERATOR, OTHER, Node

AUDITOR = Actor("auditor", "审", frozenset({"auditor"}))
ADMINISTRATOR = Actor("admin", "管", frozenset({"administrator"}))
SECURITY = Actor("guard", "安", frozenset({"security"}))
HEALTH = Actor("health", "卫", frozenset({"clerk"}), "health", "household", "370502")


def test_the_applicant_sees_the_whole_application(node: Node) -> None:
    view = runtime.view_case(node.host, APPLICANT, node.start())

    assert view.data["person"]["idNo"] == ID_NO


def test_a_clerk_sees_the_elements_of_the_own_item_alone(node: Node) -> None:
    view = runtime.view_case(node.host, CLERK, node.start())

    assert view.data == {"person": {"name": "张三"}}


def test_an_auditor_sees_history_but_no_element_and_no_file(node: Node) -> None:
    case_no = node.start()

    view = runtime.view_case(node.host, AUDITOR, case_no)

    assert (view.data, view.materials, view.documents) == ({}, [], [])
    assert runtime.view_history(node.host, AUDITOR, case_no)[0].personal is None


@pytest.mark.parametrize(
    "stranger", [OTHER, HEALTH, OPERATOR, ADMINISTRATOR, SECURITY], ids=lambda one: one.user
)
def test_a_case_that_is_not_ones_own_does_not_exist_and_the_look_is_logged(
    node: Node, stranger: Actor
) -> None:
    case_no = node.start()

    for look in (runtime.view_case, runtime.view_history, runtime.retrace):
        with pytest.raises(NotFound):
            look(node.host, stranger, case_no)

    logged = node.readings(case_no)
    assert [(one.actor, one.is_allowed) for one in logged] == [(stranger.user, False)] * 3


def test_every_look_at_a_task_is_logged_with_the_names_of_its_fields(node: Node) -> None:
    case_no = node.start()

    runtime.view_task(node.host, CLERK, node.task(case_no).id)

    (reading,) = node.readings(case_no)
    assert (reading.actor, reading.fields, reading.is_allowed) == (
        "clerk",
        ("check.finding",),
        True,
    )


def test_a_list_of_cases_holds_what_the_person_may_see(node: Node) -> None:
    mine = node.start()
    theirs = node.start(actor=OTHER, idNo="370503198709039827", division="370503")

    def listed(actor: Actor) -> set[str]:
        return {row.case_no for row in runtime.list_cases(node.host, actor)}

    assert listed(APPLICANT) == {mine}
    assert listed(CLERK) == {mine}
    assert listed(AUDITOR) == {mine, theirs}
    assert listed(HEALTH) == set()
    with pytest.raises(NotAllowed):
        listed(ADMINISTRATOR)


def test_a_clerk_who_also_helps_sees_both_kinds_of_cases(node: Node) -> None:
    both = Actor("both", "", frozenset({"clerk", "helper"}), "police", "household", "370502")
    worked = node.start()
    filed = node.start(actor=both, idNo="370503198709039827", division="370503")

    listed = {row.case_no for row in runtime.list_cases(node.host, both)}

    assert listed == {worked, filed}


def test_only_operators_and_auditors_read_incidents(node: Node) -> None:
    node.start("call")
    node.perform()

    (incident,) = runtime.list_incidents(node.host, OPERATOR)
    view = runtime.view_incident(node.host, OPERATOR, incident.id)

    assert view.inputs == ("idNo", "name")
    with pytest.raises(NotAllowed):
        runtime.list_incidents(node.host, CLERK)


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def withdrawn(node: Node) -> str:
    """Give a case a file and withdraw it, with words that name a person."""
    case_no = node.start()
    runtime.add_material(node.host, APPLICANT, case_no, Upload("张三的证明.pdf", PDF))
    runtime.withdraw(node.host, APPLICANT, case_no, "张三已去世")
    return case_no


def test_reasons_and_file_names_are_read_by_those_whose_item_it_is(node: Node) -> None:
    case_no = withdrawn(node)

    clerk, auditor = (runtime.view_case(node.host, one, case_no) for one in (CLERK, AUDITOR))

    assert [one.reason for one in clerk.items] == ["张三已去世"]
    assert [one.name for one in clerk.materials] == ["张三的证明.pdf"]
    assert [one.reason for one in auditor.items] == [None]


def test_reasons_and_file_names_lie_sealed_in_their_tables(node: Node) -> None:
    withdrawn(node)

    with node.host.database.read() as conn:
        rows = [*conn.execute(select(item)), *conn.execute(select(material))]

    assert "张三" not in str(rows)
    assert not any("张三".encode() in part for row in rows for part in row if type(part) is bytes)


def test_reasons_and_file_names_are_gone_with_the_key_of_their_case(node: Node) -> None:
    case_no = withdrawn(node)
    instance_id = node.instance(case_no)

    node.host.write(lambda conn: node.host.keys.erase(conn, instance_id))

    view = runtime.view_case(node.host, APPLICANT, case_no)
    assert ([one.reason for one in view.items], view.data) == ([""], {})
    assert [one.name for one in view.materials] == [""]
