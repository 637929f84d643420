"""Starting a case: once under one key, once on one subject, from checked answers alone."""

import pytest

from onething import cases, instances, runtime
from onething.errors import CaseAlreadyOpen, InvalidInput, KeyReused, NotAllowed, NotFound
from unit.runtime.node import APPLICANT, CLERK, ID_NO, OTHER, Node


def count(node: Node) -> int:
    with node.host.database.read() as conn:
        return instances.count(conn, "active")


def test_a_case_gets_a_number_of_24_characters_and_its_first_event(node: Node) -> None:
    case_no = node.start()

    assert len(case_no) == 24
    assert case_no.startswith("L370502999")
    assert node.kinds(case_no) == ["CaseStarted"]


def test_the_same_key_and_answers_open_one_case(node: Node) -> None:
    first = node.start(key="once")

    again = node.start(key="once")

    assert again == first
    assert count(node) == 1


def test_the_same_key_with_other_answers_is_refused(node: Node) -> None:
    node.start(key="once")

    with pytest.raises(KeyReused):
        node.start("pay", key="once")


def test_the_same_key_of_another_person_is_another_key(node: Node) -> None:
    first = node.start(key="once")

    other = node.start(key="once", actor=OTHER, idNo="370502198709039827")

    assert other != first


def test_a_second_case_on_one_subject_is_shown_the_open_one(node: Node) -> None:
    first = node.start()

    with pytest.raises(CaseAlreadyOpen) as refused:
        node.start(actor=OTHER, idNo=f" {ID_NO} ")

    assert refused.value.case_no == first
    assert count(node) == 1


def test_a_closed_case_lets_its_subject_go(node: Node) -> None:
    first = node.start()
    runtime.withdraw(node.host, APPLICANT, first, "不办了")

    assert node.start() != first


def test_applications_without_a_subject_do_not_meet_each_other(node: Node) -> None:
    node.start(idNo="")

    assert node.start(idNo="")


def test_wrong_answers_name_the_field_and_write_nothing(node: Node) -> None:
    with pytest.raises(InvalidInput) as refused:
        node.start(name="")

    assert list(refused.value.fields) == ["person.name"]
    assert count(node) == 0


@pytest.mark.parametrize("division", ["37050", "abcdef", "３７０５０２", "370502" * 20])
def test_a_region_that_is_no_division_is_refused(node: Node, division: str) -> None:
    with pytest.raises(InvalidInput):
        node.start(division=division)


def test_an_unknown_service_is_not_found(node: Node) -> None:
    with pytest.raises(NotFound):
        runtime.start_case(node.host, APPLICANT, "nothing", {})


def test_an_unknown_channel_is_refused(node: Node) -> None:
    with pytest.raises(InvalidInput):
        runtime.start_case(node.host, APPLICANT, "permit", {}, channel="pigeon")


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_an_empty_or_endless_key_is_refused(node: Node, key: str) -> None:
    with pytest.raises(InvalidInput):
        node.start(key=key)


def test_a_clerk_does_not_apply(node: Node) -> None:
    with pytest.raises(NotAllowed):
        node.start(actor=CLERK)


def test_numbers_of_a_day_run_on_without_a_gap(node: Node) -> None:
    def three(conn: object) -> list[int]:
        return [cases.next_serial(conn, "a scope") for _ in range(3)]  # type: ignore[arg-type]

    assert node.host.database.write(three) == [1, 2, 3]


def test_every_start_names_calendar_and_zone(node: Node) -> None:
    case_no = node.start()

    first = node.events(case_no)[0]

    assert first.input["calendar"] == node.host.calendar.version
    assert first.input["zone"] == "Asia/Shanghai"
