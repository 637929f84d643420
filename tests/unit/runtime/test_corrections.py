"""A closed case is followed by a new one: linked both ways, and the closed one stays as it is."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest

from onething import cases, materials, runtime
from onething.cases import COSIGNER, FilingRow, PartyRow
from onething.errors import CorrectionRefused, InvalidInput, KeyReused, NotAllowed, NotFound
from onething.identity import Actor
from onething.runtime import Correction, Holding, Started, Upload
from onething.tasks import Filter
from unit.runtime.node import APPLICANT, CLERK, ID_NO, MONDAY, OTHER, Node
from unit.runtime.test_tasks import ANSWER

HEAD = Actor("chief", "长", frozenset({"supervisor"}), "police", None, "370500")
WHY = Correction("error", "某法 第一条", "张三的姓名登记有误")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def finish(node: Node, case_no: str) -> str:
    runtime.complete(node.host, CLERK, node.task(case_no).id, ANSWER)
    assert node.case(case_no).state == "CLOSED"
    return case_no


@pytest.fixture
def closed(node: Node) -> str:
    return finish(node, node.start())


def correct(node: Node, case_no: str, actor: Actor = HEAD, **more) -> Started:
    answers = more.pop("answers", {})
    why = more.pop("why", WHY)
    return runtime.correct_case(node.host, actor, case_no, answers, why, **more)


def test_the_new_case_begins_with_the_old_application_and_is_its_applicants(node, closed) -> None:
    started = correct(node, closed)

    new = node.case(started.case_no)
    assert (new.submitted_by, new.service, new.state) == (APPLICANT.user, "permit", "SUBMITTED")
    view = runtime.view_case(node.host, APPLICANT, started.case_no)
    assert view.data["person"]["idNo"] == ID_NO
    assert node.task(started.case_no).is_live


def test_both_are_linked_in_tables_and_histories_and_replay(node, closed) -> None:
    before = node.case(closed)
    number = correct(node, closed).case_no

    old, new = node.events(closed)[-1], node.events(number)[0]
    assert (old.kind, old.actor, old.input["by"]) == ("CaseFollowed", "chief", number)
    assert (new.kind, new.input["follows"], new.input["law"]) == ("CaseStarted", closed, WHY.basis)
    assert "张三" not in str((old.input, new.input))
    assert old.personal["reason"] == new.personal["reason"] == WHY.reason
    assert node.case(closed) == before
    ahead = runtime.view_links(node.host, HEAD, closed)
    behind = runtime.view_links(node.host, APPLICANT, number)
    assert [one.case_no for one in ahead.followed_by] == [number]
    assert (behind.follows.case_no, behind.follows.is_visible) == (closed, True)
    assert all(runtime.replay(node.host, one).is_clean for one in (closed, number))
    assert list(runtime.view_feed(node.host, HEAD, limit=50).events)[-1].case_no == number


def test_what_is_wrong_in_the_application_is_corrected(node, closed) -> None:
    number = correct(node, closed, answers={"person": {"name": "张三丰"}}).case_no

    data = runtime.view_case(node.host, APPLICANT, number).data
    assert (data["person"]["name"], data["person"]["idNo"]) == ("张三丰", ID_NO)


def test_what_is_not_sent_stays_as_it_was(node, closed) -> None:
    beginning = runtime.begin_correction(node.host, HEAD, closed)
    beginning = replace(beginning, paths=(*beginning.paths, "way"))

    data = beginning.answer(node.host, {"person": {"name": "张三丰"}}).data

    assert (data["way"], data["person"]["name"]) == ("check", "张三丰")


def test_what_a_post_does_not_see_goes_over_as_it_was(node, closed) -> None:
    beginning = runtime.begin_correction(node.host, HEAD, closed)
    assert "way" not in beginning.paths

    answers = {"way": "bell", "person": {"name": "张三丰"}}
    number = correct(node, closed, answers=answers).case_no

    data = runtime.view_case(node.host, APPLICANT, number).data
    assert (data["way"], data["person"]["name"]) == ("check", "张三丰")


def test_materials_go_over_with_their_contents(node) -> None:
    case_no = node.start()
    upload = Upload("证明.pdf", PDF, declared_type="application/pdf")
    given = runtime.add_material(node.host, APPLICANT, case_no, upload)
    finish(node, case_no)

    number = correct(node, case_no).case_no

    with node.host.database.read() as conn:
        ids = materials.ids(conn, node.instance(number))
    assert set(ids) == {given.id}
    (seen,) = runtime.view_case(node.host, APPLICANT, number).materials
    assert (seen.name, seen.sha256) == ("证明.pdf", given.sha256)


def test_a_case_that_goes_on_or_rests_is_not_followed(node, closed) -> None:
    running = node.start(idNo="370502198504120015")
    holding = Holding("review", "12号", MONDAY.date(), "某法")
    runtime.hold_case(node.host, HEAD, closed, holding)

    for case_no, why in ((running, "running"), (closed, "held")):
        with pytest.raises(CorrectionRefused) as refused:
            correct(node, case_no)
        assert refused.value.why == why


def test_it_is_followed_once_and_then_the_follower_is(node, closed) -> None:
    first = correct(node, closed).case_no
    with pytest.raises(CorrectionRefused) as refused:
        correct(node, closed)
    assert (refused.value.why, refused.value.case_no) == ("open", first)

    finish(node, first)
    with pytest.raises(CorrectionRefused) as refused:
        correct(node, closed)
    assert refused.value.why == "followed"
    second = correct(node, first).case_no
    assert runtime.view_links(node.host, HEAD, second).follows.case_no == first


def test_two_at_once_open_one_case(node, closed) -> None:
    gate, found = Barrier(2), []

    def press(user: str) -> None:
        gate.wait()
        try:
            found.append(correct(node, closed, replace(HEAD, user=user)).case_no)
        except CorrectionRefused as refused:
            found.append(refused.why)

    threads = [Thread(target=press, args=(user,)) for user in ("one", "two")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert "open" in found
    assert len(runtime.view_links(node.host, HEAD, closed).followed_by) == 1


def test_a_repeated_request_opens_nothing(node, closed) -> None:
    first = correct(node, closed, key="k")

    again = correct(node, closed, key="k")

    assert (again.case_no, again.query_code) == (first.case_no, first.query_code)
    assert again.receipt.repeated
    with pytest.raises(KeyReused):
        correct(node, closed, key="k", why=replace(WHY, reason="另一个"))


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        (CLERK, NotAllowed),
        (APPLICANT, NotAllowed),
        (replace(HEAD, department="health"), NotFound),
        (Actor("i", "督", frozenset({"supervisor"})), NotFound),
        (Actor("a", "审", frozenset({"auditor"})), NotAllowed),
    ],
)
def test_only_supervisors_who_see_the_case_open_corrections(node, closed, actor, error) -> None:
    with pytest.raises(error):
        correct(node, closed, actor)
    assert runtime.view_links(node.host, HEAD, closed).followed_by == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"kind": "whim"}, "kind"), ({"basis": " "}, "basis"), ({"reason": "x" * 2001}, "reason")],
)
def test_kind_basis_and_reason_are_needed(node, closed, wrong, field) -> None:
    with pytest.raises(InvalidInput) as refused:
        correct(node, closed, why=replace(WHY, **wrong))
    assert field in refused.value.fields


def test_a_mistake_in_the_application_writes_nothing(node, closed) -> None:
    with pytest.raises(InvalidInput) as refused:
        correct(node, closed, answers={"person": {"name": ""}})

    assert "person.name" in refused.value.fields
    assert node.kinds(closed)[-1] != "CaseFollowed"
    assert len(runtime.list_tasks(node.host, HEAD, Filter())) == 0


def test_values_that_were_erased_begin_nothing(node, closed) -> None:
    instance_id = node.instance(closed)
    node.host.database.write(lambda conn: node.host.keys.erase(conn, instance_id))
    node.host.states.drop(instance_id)

    with pytest.raises(CorrectionRefused) as refused:
        correct(node, closed)
    assert refused.value.why == "erased"


def test_the_other_party_and_whoever_came_to_the_counter_have_the_new_case_too(node, closed):
    instance_id, at = node.instance(closed), node.case(closed).submitted_at
    signed = PartyRow(instance_id, "spouse", COSIGNER, "li", True, "1", "digest", at)
    filed = FilingRow(instance_id, "holder", "clerk", "1", "verified", at)
    node.host.database.write(lambda conn: cases.add_parties(conn, [signed]))
    node.host.database.write(lambda conn: cases.add_filing(conn, filed))

    number = correct(node, closed).case_no

    assert runtime.view_case(node.host, OTHER, number).case.case_no == number
    with node.host.database.read() as conn:
        found = cases.find_filing(conn, node.instance(number))
    assert (found.holder, found.filed_by) == ("holder", "chief")
