"""A call whose outcome is unknown, retried through the API."""

import pytest

from onething import identity, main
from onething.identity import SYSTEM
from unit.runtime.node import Node
from unit.worker.conftest import node as node  # noqa: PLC0414 - its fixture


@pytest.fixture
def post(node: Node):
    """Posts to the API as an operator."""
    database, now, settings = node.host.database, node.host.clock(), node.host.settings
    identity.add_person(database, SYSTEM, now, user="op", name="op", settings=settings)
    identity.give_post(database, SYSTEM, now, user="op", roles=["operator"])
    token = identity.issue_token(database, SYSTEM, now, user="op", name="test", days=1)
    client, headers = main.create_app(node.host).test_client(), {"Authorization": f"Bearer {token}"}
    return lambda path, body: client.post(f"/api/v1{path}", json=body, headers=headers)


@pytest.fixture
def unknown(node: Node) -> str:
    """The incident of a call that got rubbish from a department that cannot deduplicate."""
    node.know()
    node.world.give({"fault": "edu", "mode": "rubbish", "times": 1})
    case_no = node.start("tell")
    node.perform()
    (found,) = node.incidents(case_no)
    return found.id


def test_it_is_a_conflict_until_somebody_says_that_it_was_not_done(node, post, unknown):
    refused = post(f"/incidents/{unknown}/retry", {"reason": "again"})
    told = post(f"/incidents/{unknown}/retry", {"reason": "asked", "was_not_done": True})

    assert (refused.status_code, refused.json["code"]) == (409, "unknown-outcome")
    assert told.status_code == 200
    assert node.case(told.json["case_no"]).state != "CLOSED"
    node.perform()
    assert node.case(told.json["case_no"]).state == "CLOSED"


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_what_is_neither_true_nor_false_is_refused(post, unknown, value):
    answer = post(f"/incidents/{unknown}/retry", {"was_not_done": value})

    assert (answer.status_code, list(answer.json["fields"])) == (422, ["was_not_done"])
