"""The rules of the shipped table that need more than a limit of days."""

from dataclasses import replace

import pytest

from onething import cards, runtime
from onething.catalog import Catalog
from onething.clocks import Clock
from onething.identity import SYSTEM
from onething.runtime.cards.supervision import Supervision
from unit.cards.conftest import LICENCES
from unit.clocks.node import Node, at

MANIFEST = "bpmn/licence/service.toml"
SHARED = """
[[items.materials]]
id = "household"
name = "户口簿"
source = "SHARE"
trust = "A"
operation = "police.household.get"
fallback = "UPLOAD"
"""


def archived(node: Node) -> str:
    """Bring a case to its last task, which is to be done within four working hours."""
    case_no = node.accepted()
    for decision in ("grant", "entered"):
        node.decide(case_no, decision)
    return case_no


def rules(node: Node, case_no: str, kind: str) -> list[str]:
    runtime.raise_cards(node.host)
    with node.host.database.read() as conn:
        found = cards.of_case(conn, node.instance(case_no))
    return [one.rule for one in found if (one.clock_id or "").startswith(kind)]


def test_a_limit_of_hours_warns_when_a_fifth_of_it_is_left(node):
    node.go_to("2026-03-03", 9)
    case_no = archived(node)

    found = {}
    for minute in (41, 42):
        node.world.clock.move_to(at("2026-03-03", 13).replace(minute=minute))
        found[minute] = rules(node, case_no, "task")

    assert found == {41: [], 42: ["approaching"]}, "three hours before noon, 12 minutes after 13:30"


def test_a_limit_of_hours_that_has_passed_is_a_yellow_card_on_the_same_day(node):
    node.go_to("2026-03-03", 9)
    case_no = archived(node)

    node.go_to("2026-03-03", 17)

    assert rules(node, case_no, "task") == ["promised-passed"]


@pytest.fixture
def sharing(node) -> Node:
    """The same service with a material that the police shares."""
    package = Catalog([LICENCES]).package("licence")
    text = package.files[MANIFEST].decode()
    head, register, tail = text.partition('[[items]]\nid = "register"')
    files = {**package.files, MANIFEST: f"{head}{SHARED}\n{register}{tail}".encode()}
    node.world.deploy(replace(package, files=files))
    return node


@pytest.mark.parametrize(
    ("material", "expected"), [("户口簿", ["shared-requested"]), ("授权书", [])]
)
def test_who_asks_for_what_can_be_shared_gets_a_yellow_card(sharing, material, expected):
    case_no = sharing.apply()
    answers = {"next": "supplement", "check": {"asked": material}}
    runtime.complete(sharing.host, SYSTEM, sharing.task(case_no).id, answers)

    runtime.raise_cards(sharing.host, every=True)

    assert rules(sharing, case_no, "supplement") == expected
    noted = [one for one in sharing.clocks(case_no)["supplement"].entries if one.kind == "shared"]
    assert [one.reason for one in noted] == ([material] if expected else [])


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        ("shared-rate/call-back", ("rating-unanswered", "yellow", "section")),
        ("shared-rate/rectify", ("rating-unfixed", "red", "bureau")),
        ("licence/examine", ("promised-passed", "yellow", "section")),
    ],
)
def test_a_bad_rating_that_nobody_sees_to_has_its_own_cards(node, activity, expected):
    case_no = node.accepted()
    node.go_to("2026-03-10")
    (clock,) = [one for one in node.clocks(case_no).values() if one.kind == "task"]

    (card,) = asked(node, case_no, clock, activity).of_clocks()

    assert (card.rule, card.colour, card.addressee) == expected


def asked(node: Node, case_no: str, clock: Clock, activity: str) -> Supervision:
    """Ask the table about one task's clock as if it were that of an activity."""
    with node.host.database.read() as conn:
        definition = node.host.definitions.get(conn, "licence", 1)
    return Supervision(
        node.host, definition, [clock], [], {clock.token or "": activity}, node.host.clock()
    )
