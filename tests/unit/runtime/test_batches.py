"""Batches: chosen once, tried first, each line done once whatever happens."""

from datetime import timedelta

import pytest

from onething import batches, identity, instances, runtime
from onething.errors import Conflict, InvalidInput, NotAllowed, NotFound
from onething.identity import SYSTEM, Actor
from onething.runtime import IncidentFilter, Search
from unit.runtime.node import CLERK, Node
from unit.runtime.versions import deploy

ID_NUMBERS = ("370502198504129810", "370502198709039827", "370502198504129829")
WHY = "部门系统维护"


@pytest.fixture
def operator(node: Node) -> Actor:
    """An operator with an account: the worker acts for them later."""
    database, now = node.host.database, node.host.clock()
    told = {"user": "wang", "name": "王运维", "password": "Morgenstern-7"}
    settings = node.host.settings
    identity.add_person(
        database, SYSTEM, now, settings=settings, must_change_password=False, **told
    )
    identity.give_post(database, SYSTEM, now, user="wang", roles=["operator"])
    with database.read() as conn:
        return identity.actor(conn, "wang")


def cases(node: Node, way: str = "check") -> list[str]:
    return [node.start(way, idNo=one) for one in ID_NUMBERS]


def look(node: Node, batch_id: str) -> runtime.BatchView:
    """Let the worker do all there is to do; return the batch."""
    while runtime.advance_batches(node.host):
        pass
    return runtime.view_batch(node.host, SYSTEM, batch_id)


def run(node: Node, actor: Actor, batch_id: str) -> runtime.BatchView:
    look(node, batch_id)
    runtime.start_batch(node.host, actor, batch_id, WHY)
    return look(node, batch_id)


def statuses(node: Node) -> set[str]:
    with node.host.database.read() as conn:
        return {row.status for row in instances.every(conn)}


def test_the_dry_run_says_what_would_happen_and_changes_nothing(node: Node, operator) -> None:
    first, *others = cases(node)
    runtime.suspend(node.host, operator, first, WHY)

    batch_id = runtime.create_batch(node.host, operator, "suspend", wanted=Search())
    view = look(node, batch_id)

    assert (view.row.state, view.counts.waiting, view.counts.refused) == ("ready", 2, 1)
    (refused,) = runtime.batch_lines(node.host, SYSTEM, batch_id, state="refused")
    assert (refused.case_no, refused.code) == (first, "instance-suspended")
    assert all(node.kinds(one) == ["CaseStarted"] for one in others)


def test_each_line_is_one_event_by_who_started_it_and_why(node: Node, operator) -> None:
    found = cases(node)
    batch_id = runtime.create_batch(node.host, operator, "suspend", wanted=Search())

    view = run(node, operator, batch_id)

    assert (view.row.state, view.counts.done, view.counts.failed) == ("ended", 3, 0)
    events = [node.events(one)[-1] for one in found]
    assert {(one.kind, one.actor, one.input["reason"]) for one in events} == {
        ("Suspended", "wang", WHY)
    }
    assert all(runtime.replay(node.host, one).is_clean for one in found)


def test_cases_that_come_later_do_not_join(node: Node, operator) -> None:
    cases(node)
    batch_id = runtime.create_batch(node.host, operator, "suspend", wanted=Search())
    node.start(idNo="370502199001011236")

    view = run(node, operator, batch_id)

    assert view.row.total == view.counts.done == 3
    assert statuses(node) == {"active", "suspended"}


def test_what_changed_since_the_dry_run_fails_alone(node: Node, operator) -> None:
    first, *_ = cases(node)
    batch_id = runtime.create_batch(node.host, operator, "suspend", wanted=Search())
    look(node, batch_id)
    runtime.suspend(node.host, operator, first, "先停")

    runtime.start_batch(node.host, operator, batch_id, WHY)
    view = look(node, batch_id)

    assert (view.counts.done, view.counts.failed) == (2, 1)
    (failed,) = runtime.batch_lines(node.host, SYSTEM, batch_id, state="failed")
    assert (failed.case_no, failed.code) == (first, "already-done")


def test_it_is_taken_back_by_the_batch_of_its_lines(node: Node, operator) -> None:
    cases(node)
    first = runtime.create_batch(node.host, operator, "suspend", wanted=Search())
    run(node, operator, first)

    undo = runtime.undo_batch(node.host, operator, first)
    view = run(node, operator, undo)

    assert (view.row.kind, view.row.undo_of, view.counts.done) == ("resume", first, 3)
    assert statuses(node) == {"active"}


def test_incidents_of_one_cause_are_retried_together(node: Node, operator) -> None:
    node.know()
    node.world.give({"fault": "police", "mode": "revoked"})
    found = cases(node, "call")
    for _ in found:
        node.perform()
    node.world.exchange.faults.clear("police")
    (cause,) = runtime.list_causes(node.host, operator, IncidentFilter())

    wanted = IncidentFilter(code=cause.code, operation=cause.operation)
    batch_id = runtime.create_batch(node.host, operator, "retry", wanted=wanted)
    view = run(node, operator, batch_id)

    assert (cause.count, cause.activity) == (3, "ask")
    assert view.counts.done == 3
    assert runtime.list_causes(node.host, operator, IncidentFilter()) == []
    assert {node.kinds(one)[-1] for one in found} == {"JobRetried"}


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"service": "permit"}, 3),
        ({"service": "other"}, 0),
        ({"department": "police"}, 3),
        ({"department": "pol"}, 0),
        ({"activity": "check"}, 0),
    ],
)
def test_causes_are_narrowed(node: Node, operator, wanted: dict[str, str], count: int) -> None:
    node.world.give({"fault": "police", "mode": "revoked"})
    for _ in cases(node, "call"):
        node.perform()

    found = runtime.list_causes(node.host, operator, IncidentFilter(**wanted))
    rows = runtime.find_incidents(node.host, operator, IncidentFilter(**wanted), limit=2)
    after = rows[-1].id if rows else None
    more = runtime.find_incidents(node.host, operator, IncidentFilter(**wanted), after=after)

    assert sum(one.count for one in found) == count
    assert len(rows) + len(more) * bool(rows) == count


def test_cases_migrate_line_by_line(node: Node, operator) -> None:
    cases(node)
    deploy(node, ('name="人工核查"', 'name="人工查找"'))
    options = {"service": "permit", "from": 1, "to": 2}

    batch_id = runtime.create_batch(
        node.host, operator, "migrate", wanted=Search(service="permit", number=1), options=options
    )
    view = run(node, operator, batch_id)

    assert view.counts.done == 3
    found = runtime.search_instances(node.host, operator, Search(number=2))
    assert [one.waits_at for one in found] == [("check",)] * 3


@pytest.mark.parametrize(
    ("way", "place"),
    [
        ("bell", "rung"),
        ("pay", "paid"),
        ("clock", "noticed"),
        ("stuck", "stuck"),
        ("check", "check"),
    ],
)
def test_a_search_names_where_each_case_waits(node: Node, operator, way: str, place: str) -> None:
    case_no = node.start(way)

    (found,) = runtime.search_instances(node.host, operator, Search(activity=place))

    assert found.row.case_no == case_no
    assert place in found.waits_at


def test_a_worker_that_dies_between_two_lines_leaves_nothing_out_and_nothing_twice(
    node: Node, operator
) -> None:
    found = cases(node)
    batch_id = runtime.create_batch(node.host, operator, "suspend", wanted=Search())
    look(node, batch_id)
    runtime.start_batch(node.host, operator, batch_id, WHY)

    assert runtime.advance_batches(node.host, limit=1) == 1
    node.host.states.drop(node.instance(found[0]))
    view = look(node, batch_id)

    assert view.counts.done == 3
    assert all(node.kinds(one).count("Suspended") == 1 for one in found)


def test_a_line_that_breaks_in_the_middle_of_its_transaction_leaves_no_trace(
    node: Node, operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = cases(node)
    batch_id = runtime.create_batch(node.host, operator, "suspend", wanted=Search())
    look(node, batch_id)
    runtime.start_batch(node.host, operator, batch_id, WHY)

    def broken(*_: object) -> None:
        raise TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(batches, "note_line", broken)
        with pytest.raises(TimeoutError):
            runtime.advance_batches(node.host)
    assert statuses(node) == {"active"}
    assert look(node, batch_id).counts.done == len(found)


def test_a_cancelled_batch_leaves_the_rest_alone(node: Node, operator) -> None:
    cases(node)
    batch_id = runtime.create_batch(node.host, operator, "suspend", wanted=Search())
    look(node, batch_id)
    runtime.start_batch(node.host, operator, batch_id, WHY)
    runtime.advance_batches(node.host, limit=1)

    runtime.cancel_batch(node.host, operator, batch_id)
    view = look(node, batch_id)

    assert (view.row.state, view.counts.done, view.counts.waiting) == ("cancelled", 1, 2)
    with pytest.raises(Conflict):
        runtime.cancel_batch(node.host, operator, batch_id)


def test_who_is_no_operator_any_more_moves_nothing(node: Node, operator) -> None:
    cases(node)
    batch_id = runtime.create_batch(node.host, operator, "suspend", wanted=Search())
    look(node, batch_id)
    runtime.start_batch(node.host, operator, batch_id, WHY)
    with node.host.database.read() as conn:
        (post,) = identity.get_person(conn, "wang").posts
    identity.take_post(node.host.database, SYSTEM, node.host.clock(), post_id=post.post_id)

    view = look(node, batch_id)

    assert view.row.state == "cancelled"
    assert statuses(node) == {"active"}


def test_only_operators_act_and_never_without_dry_run_and_reason(node: Node, operator) -> None:
    cases(node)
    with pytest.raises(NotAllowed):
        runtime.create_batch(node.host, CLERK, "suspend", wanted=Search())
    batch_id = runtime.create_batch(node.host, operator, "suspend", wanted=Search())
    with pytest.raises(Conflict):
        runtime.start_batch(node.host, operator, batch_id, WHY)
    look(node, batch_id)
    with pytest.raises(NotAllowed):
        runtime.start_batch(node.host, CLERK, batch_id, WHY)
    with pytest.raises(InvalidInput):
        runtime.start_batch(node.host, operator, batch_id, " ")
    with pytest.raises(NotFound):
        runtime.start_batch(node.host, operator, "nothing", WHY)


@pytest.mark.parametrize(
    ("kind", "chosen", "error"),
    [
        ("suspend", {"wanted": Search(service="nothing")}, InvalidInput),
        ("suspend", {"chosen": ["L1"]}, NotFound),
        ("explode", {"wanted": Search()}, InvalidInput),
        ("retry", {"wanted": Search()}, InvalidInput),
        ("migrate", {"wanted": Search()}, InvalidInput),
    ],
)
def test_what_cannot_be_a_batch_is_none(node: Node, operator, kind, chosen, error) -> None:
    cases(node)

    with pytest.raises(error):
        runtime.create_batch(node.host, operator, kind, **chosen)

    assert runtime.list_batches(node.host, operator) == []


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 4),
        ({"service": "permit", "number": 1}, 4),
        ({"number": 9}, 0),
        ({"status": "suspended"}, 1),
        ({"status": "active"}, 3),
        ({"status": "completed"}, 0),
        ({"activity": "check"}, 2),
        ({"activity": "noticed"}, 1),
        ({"activity": "police.identity.verify"}, 1),
        ({"case_no": "L3705"}, 4),
        ({"case_no": "%"}, 0),
        ({"has_incident": True}, 0),
    ],
)
def test_instances_are_found_by_what_they_are_and_where_they_wait(
    node: Node, operator, wanted: dict, count: int
) -> None:
    first = node.start(idNo=ID_NUMBERS[0])
    node.start(idNo=ID_NUMBERS[1])
    node.start("clock", idNo=ID_NUMBERS[2])
    node.start("call", idNo="370502199001011236")
    runtime.suspend(node.host, operator, first, WHY)

    found = runtime.search_instances(node.host, operator, Search(**wanted))

    assert len(found) == runtime.count_instances(node.host, operator, Search(**wanted)) == count


def test_a_search_goes_on_behind_the_last_one_found(node: Node, operator) -> None:
    expected = cases(node)
    node.world.clock.advance(timedelta(days=3))
    late = node.start(idNo="370502199001011236")

    first = runtime.search_instances(node.host, operator, Search(), limit=2)
    rest = runtime.search_instances(
        node.host, operator, Search(), after=first[-1].row.instance_id, limit=9
    )
    old = Search(started_before=node.host.clock() - timedelta(days=2))

    assert sorted(one.row.case_no for one in first + rest) == sorted([*expected, late])
    assert rest[-1].row.case_no == late
    assert runtime.count_instances(node.host, operator, old) == 3
