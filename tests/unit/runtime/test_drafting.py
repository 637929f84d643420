"""Drafts: whose they are, how large, how long, and that a case takes them along."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from onething import runtime
from onething.drafts.models import draft
from onething.errors import Conflict, HistoryBroken, InvalidInput, NotAllowed, NotFound, TooLarge
from onething.history import Ed25519Signer
from onething.runtime import DraftPage, Typed
from onething.worker import Worker
from unit.runtime.node import APPLICANT, CLERK, OPERATOR, OTHER, Node

TYPED = {"person.name": ["张三"], "ways": ["one", "two"]}
PAGE = DraftPage("d1", 0, "tab-1")


def save(node: Node, actor=APPLICANT, page=PAGE, answers=TYPED, service="permit"):
    return runtime.save_draft(node.host, actor, service, page, Typed(answers))


def find(node: Node, actor=APPLICANT, kind="saved"):
    return runtime.find_draft(node.host, actor, "permit", kind)


def test_what_was_saved_is_read_again(node: Node) -> None:
    saved = save(node)

    assert saved.version == 1
    assert runtime.read_draft(node.host, find(node)).answers == TYPED


def test_a_draft_is_sealed_in_the_database(node: Node) -> None:
    save(node)

    with node.host.database.read() as conn:
        row = conn.execute(select(draft)).one()
    assert not any("张三".encode() in str(value).encode() for value in row)
    assert "张三".encode() not in row.answers


@pytest.mark.parametrize("actor", [CLERK, OPERATOR])
def test_who_applies_for_nothing_has_no_drafts(node: Node, actor) -> None:
    for command in (
        lambda: save(node, actor),
        lambda: find(node, actor),
        lambda: runtime.list_drafts(node.host, actor),
        lambda: runtime.take_draft(node.host, actor, "permit", "saved"),
        lambda: runtime.discard_drafts(node.host, actor, "permit"),
        lambda: runtime.give_draft_code(node.host, actor, "permit"),
        lambda: runtime.find_draft_by_code(node.host, actor, "ABCDEFGH"),
    ):
        with pytest.raises(NotAllowed):
            command()


def test_a_draft_of_another_person_does_not_exist(node: Node) -> None:
    save(node)

    assert find(node, OTHER) is None
    assert runtime.list_drafts(node.host, OTHER) == []
    with pytest.raises(NotFound):
        runtime.take_draft(node.host, OTHER, "permit", "saved")


def test_a_draft_that_is_moved_to_another_person_does_not_open(node: Node) -> None:
    save(node)
    node.host.database.write(lambda conn: conn.execute(update(draft).values(user="li")).rowcount)

    with pytest.raises(HistoryBroken):
        runtime.read_draft(node.host, find(node, OTHER))


def test_more_than_200_kb_are_refused(node: Node) -> None:
    save(node, answers={"note": ["x" * 190_000]})

    with pytest.raises(TooLarge):
        save(node, answers={"note": ["x" * 300_000]})


def test_a_page_without_a_key_is_refused(node: Node) -> None:
    with pytest.raises(InvalidInput):
        save(node, page=DraftPage("", 0, "tab-1"))
    with pytest.raises(InvalidInput):
        save(node, page=DraftPage("d1", 0, "t" * 65))


def test_the_case_that_is_opened_takes_the_drafts_along(node: Node) -> None:
    save(node)
    save(node, service="another")
    save(node, OTHER)
    runtime.leave_draft(node.host, "zhang", "permit", "d1", Typed(TYPED))

    node.start(key="d1")

    assert [one.subject for one in runtime.list_drafts(node.host, APPLICANT)] == ["another"]
    assert find(node, OTHER) is not None


def test_an_application_that_is_refused_keeps_the_draft(node: Node) -> None:
    save(node)

    with pytest.raises(InvalidInput):
        node.start(name="")

    assert find(node) is not None


def test_what_comes_behind_its_own_case_is_no_draft(node: Node) -> None:
    node.start(key="d1")

    with pytest.raises(Conflict):
        save(node)

    assert find(node) is None


def test_a_draft_is_kept_for_the_days_of_the_site_after_its_last_saving(node: Node) -> None:
    saved = save(node)
    node.world.clock.advance(timedelta(days=29))
    saved = save(node, page=DraftPage("d1", saved.version, "tab-1"))
    node.world.clock.advance(timedelta(days=29))
    assert find(node) is not None

    node.world.clock.advance(timedelta(days=1))

    assert find(node) is None
    assert runtime.drop_old_drafts(node.host) == 1


def test_the_worker_deletes_what_is_over(node: Node) -> None:
    save(node)
    node.world.clock.advance(timedelta(days=30))

    Worker(node.host, Ed25519Signer(bytes(32)), "one")._checkpoint()

    assert runtime.drop_old_drafts(node.host) == 0


def test_a_code_finds_the_own_draft_for_24_hours_however_it_is_typed(node: Node) -> None:
    save(node)

    given = runtime.give_draft_code(node.host, APPLICANT, "permit")

    assert len(given.code) == 8
    assert not set(given.code) & set("01OIL")
    typed = f" {given.code[:4].lower()}-{given.code[4:]} "
    assert runtime.find_draft_by_code(node.host, APPLICANT, typed).subject == "permit"
    node.world.clock.advance(timedelta(hours=24))
    with pytest.raises(NotFound):
        runtime.find_draft_by_code(node.host, APPLICANT, given.code)


def test_a_code_is_worth_nothing_to_another_person(node: Node) -> None:
    save(node)
    save(node, OTHER)
    given = runtime.give_draft_code(node.host, APPLICANT, "permit")

    with pytest.raises(NotFound):
        runtime.find_draft_by_code(node.host, OTHER, given.code)


def test_a_new_code_takes_the_place_of_the_one_before(node: Node) -> None:
    save(node)
    first, second = (runtime.give_draft_code(node.host, APPLICANT, "permit") for _ in range(2))

    assert runtime.find_draft_by_code(node.host, APPLICANT, second.code)
    with pytest.raises(NotFound):
        runtime.find_draft_by_code(node.host, APPLICANT, first.code)


def test_a_code_is_kept_as_a_keyed_digest(node: Node) -> None:
    save(node)
    given = runtime.give_draft_code(node.host, APPLICANT, "permit")

    with node.host.database.read() as conn:
        kept = conn.execute(select(draft.c.code)).scalar_one()
    assert kept == node.host.keys.digest(["draft-code", "zhang", given.code])


def test_without_a_draft_there_is_no_code(node: Node) -> None:
    with pytest.raises(NotFound):
        runtime.give_draft_code(node.host, APPLICANT, "permit")


def test_going_on_with_what_was_left_puts_it_in_the_place_of_the_saved(node: Node) -> None:
    save(node)
    runtime.leave_draft(node.host, "zhang", "permit", "d2", Typed({"person.name": ["李四"]}))

    runtime.take_draft(node.host, APPLICANT, "permit", "left")

    assert find(node, kind="left") is None
    assert runtime.read_draft(node.host, find(node)).answers == {"person.name": ["李四"]}
    with pytest.raises(Conflict):
        save(node, page=DraftPage("d1", 1, "tab-1"))


def test_going_on_with_what_was_saved_gives_up_what_was_left(node: Node) -> None:
    save(node)
    runtime.leave_draft(node.host, "zhang", "permit", "d2", Typed({}))

    runtime.take_draft(node.host, APPLICANT, "permit", "saved")

    assert find(node, kind="left") is None
    assert find(node).draft_id == "d1"


def test_beginning_anew_gives_up_both(node: Node) -> None:
    save(node)
    runtime.leave_draft(node.host, "zhang", "permit", "d2", Typed({}))

    runtime.discard_drafts(node.host, APPLICANT, "permit")

    assert runtime.list_drafts(node.host, APPLICANT) == []
