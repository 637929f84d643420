"""What departments tell of a verified person for one application of a shipped service."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from onething import identity, runtime, sharing
from onething.catalog import Catalog, shipped_root
from onething.errors import HistoryBroken, NotAllowed
from onething.identity import SYSTEM, Actor
from onething.simulator import Records, create_app
from onething.testing.world import World
from unit.runtime.node import MONDAY, Node

ME = Actor("me", "陈志远", frozenset({"applicant"}))
HELPER = Actor("helper", "帮办", frozenset({"helper"}))
ID_NO = "370502199605189913"
SPOUSE = "370521199711029904"
SERVICE = "marriage-status-change"


@pytest.fixture
def registry() -> Iterator[Node]:
    """A node with the marriage service, and one verified person whom two departments know."""
    with World(MONDAY, create_app, Records) as world:
        world.deploy(Catalog([shipped_root()]).package(SERVICE))
        person = {"idNo": ID_NO, "name": "陈志远", "division": "370502", "ethnic": "汉族"}
        world.give({"record": "people", **person})
        world.give({"record": "people", "idNo": SPOUSE, "name": "林晓彤"})
        marriage = {"certificateNo": "J370502-2020-000001", "aIdNo": ID_NO, "bIdNo": SPOUSE}
        world.give({"record": "marriages", **marriage, "registeredOn": "2020-05-20"})
        identity.add_person(
            world.host.database,
            SYSTEM,
            MONDAY,
            user="me",
            name="陈志远",
            settings=world.host.settings,
        )
        runtime.verify_identity(world.host, ME, "陈志远", ID_NO)
        yield Node(world)


def definition(node):
    with node.host.database.read() as conn:
        return node.host.definitions.newest(conn, SERVICE)


def agree(node, application="a1"):
    return runtime.agree_to_sharing(node.host, ME, definition(node), application)


def test_only_the_applicant_is_asked_about_and_everything_is_sealed(registry):
    told = agree(registry)

    assert told.values["a.hukouDivision"].value == "370502"
    assert told.values["oldCertNo"].value == "J370502-2020-000001"
    assert not any(path.startswith("b.") for path in told.values)
    assert {one["body"]["idNo"] for one in registry.world.exchange.received()} == {ID_NO}
    with registry.host.database.read() as conn:
        row = sharing.find_answer(conn, "me", SERVICE, registry.host.clock())
        who = identity.find_identity(conn, "me")
    assert ID_NO.encode() not in row.sealed + who.sealed
    assert ID_NO not in who.digest


def test_asking_is_a_reading_of_personal_data_with_its_purpose(registry):
    agree(registry)

    (reading,) = [one for one in registry.readings(None) if one.page.startswith("shared data")]
    assert "预填“婚姻状况变更一件事”申请" in reading.purpose
    assert "a.name" in reading.fields


def test_value_that_does_not_fit_the_form_stays_to_be_typed(registry):
    person = {"idNo": ID_NO, "name": "陈志远", "division": "370502", "ethnic": "没有的族"}
    registry.world.give({"record": "people", **person})

    told = agree(registry)

    assert told.missing["a.ethnic"] == "unfit"
    assert "a.ethnic" not in told.values


def test_asked_again_only_what_is_missing_changes(registry):
    registry.world.give({"fault": "civil", "mode": "down"})
    first = agree(registry)
    registry.world.exchange.faults.clear()

    second = agree(registry)

    assert first.missing["oldCertNo"] == "away"
    assert "oldCertNo" in second.values
    assert second.values["a.name"].at == first.values["a.name"].at


def test_answers_that_were_moved_to_another_application_do_not_open(registry):
    agree(registry)
    with registry.host.database.read() as conn:
        row = sharing.find_answer(conn, "me", SERVICE, registry.host.clock())
    moved = sharing.AnswerRow(
        "me", SERVICE, "another", row.consent, row.sealed, row.decided_at, row.expires_at
    )
    registry.host.write(lambda conn: sharing.put_answer(conn, moved))

    with pytest.raises(HistoryBroken):
        runtime.find_shared(registry.host, ME, SERVICE)


def test_nobody_asks_about_people_whom_nobody_has_verified(registry):
    other = Actor("other", "x", frozenset({"applicant"}))

    for one in (other, HELPER):
        with pytest.raises(NotAllowed):
            runtime.agree_to_sharing(registry.host, one, definition(registry), "a1")


def test_what_is_not_sent_in_time_is_forgotten(registry):
    agree(registry)

    registry.world.clock.advance(timedelta(days=registry.host.settings.draft_days, seconds=1))

    assert runtime.find_shared(registry.host, ME, SERVICE) is None
    assert runtime.drop_old_sharing(registry.host) == 1


def test_first_event_keeps_the_consent_and_no_value(registry):
    agree(registry)
    answers = {
        "kind": "补领结婚证",
        "registry": "东营区民政局婚姻登记处",
        "registryDivision": "370502",
        "a": {
            "name": "冒名",
            "idType": "111",
            "idNo": SPOUSE,
            "phone": "13805460001",
        },
        "delivery": {"mode": "ecert"},
        "commitment": {"truthful": True},
        "reissueReason": "遗失",
    }

    started = runtime.start_case(registry.host, ME, SERVICE, answers, key="a1")

    first = registry.events(started.case_no)[0]
    assert first.input["sharing"]["consent"] == "agreed"
    assert ID_NO not in str(first.input) + str(first.effects)
    view = runtime.view_case(registry.host, ME, started.case_no)
    assert (view.data["a"]["name"], view.data["a"]["idNo"]) == ("陈志远", ID_NO)
    assert {one["path"] for one in view.shared} >= {"a.name", "oldCertNo"}
    assert runtime.find_shared(registry.host, ME, SERVICE) is None
