"""A token that is taken back works no more from that moment on, whichever node remembers it."""

import pytest
from sqlalchemy import Engine, event

from onething import identity
from onething.identity import SYSTEM
from onething.main import create_app

VERBS = ("claim", "return", "delegate", "complete")


def revoke(site) -> None:
    token_id = site.tokens["reader"].split("_")[1]
    identity.revoke_token(site.host.database, SYSTEM, site.host.clock(), token_id)


def close(site) -> None:
    database, now = site.host.database, site.host.clock()
    identity.set_disabled(database, SYSTEM, now, "reader", is_disabled=True)


def take_post(site) -> None:
    with site.host.database.read() as conn:
        (post,) = identity.get_person(conn, "reader").posts
    identity.take_post(site.host.database, SYSTEM, site.host.clock(), post.post_id)


def act(site, task: str, verb: str):
    bodies = {"complete": {"data": {}}, "delegate": {"to": "colleague"}}
    return site.post(f"/tasks/{task}/{verb}", bodies.get(verb, {}))


def sent(site, act) -> list[str]:
    """Return the statements that an act sends which ask for nothing but the token."""
    found: list[str] = []

    def note(_conn, _cursor, statement, *_rest) -> None:
        if "FROM token" in statement and "instance" not in statement:
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return found


@pytest.mark.parametrize("end", [revoke, close, take_post])
@pytest.mark.parametrize("verb", VERBS)
def test_a_command_on_a_task_is_refused_at_a_node_that_remembers_the_token(site, end, verb):
    case_no = site.start()
    task = site.task()
    site.client = create_app(site.host).test_client()  # another node
    assert act(site, task, "claim").status_code == 200
    end(site)

    answer = act(site, task, verb)

    assert (answer.status_code, answer.json["code"]) == (401, "not-signed-in")
    history = site.get(f"/cases/{case_no}/history", "auditor").json["items"]
    assert [one["kind"] for one in history] == ["CaseStarted", "TaskClaimed"]


@pytest.mark.parametrize("end", [revoke, close, take_post])
def test_what_is_read_is_refused_too(site, end):
    assert site.get("/tasks").status_code == 200
    end(site)

    assert site.get("/tasks").status_code == 401


def test_a_task_that_is_completed_by_a_remembered_caller_costs_no_statement_for_the_token(site):
    site.start()
    task = site.task()

    read = sent(site, lambda: site.get("/tasks"))
    acted = sent(site, lambda: act(site, task, "claim"))

    assert (len(read), acted) == (1, [])


def test_a_good_token_goes_on_when_another_of_the_same_person_is_revoked(site):
    site.start()
    task = site.task()
    database, now = site.host.database, site.host.clock()
    other = identity.issue_token(database, SYSTEM, now, user="reader", name="other", days=1)
    identity.revoke_token(database, SYSTEM, now, other.split("_")[1])

    assert act(site, task, "claim").status_code == 200
