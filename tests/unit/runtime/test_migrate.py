"""Migration: cases go on in another deployment, whole or not at all, as their history proves."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from onething import engine, history, instances, jobs, messages, runtime
from onething.errors import HistoryBroken, InvalidInput, NotAllowed, NotFound
from onething.history import Ed25519Signer, Ed25519Verifier
from onething.identity import Actor
from onething.runtime import Outcome
from onething.settings import secret
from unit.runtime.node import APPLICANT, CLERK, OPERATOR, Node
from unit.runtime.versions import RENAMED, deploy, renamed

ANSWER = {"check": {"finding": "属实"}}
MAPPING = {"check": "review"}
NEW_TEXT = (('name="人工核查"', 'name="人工查找"'),)
"""A change that moves no id."""


def move(node: Node, mapping: Mapping[str, str] | None = None, old: int = 1) -> list[Outcome]:
    moving = runtime.prepare_migration(node.host, OPERATOR, "permit", old, old + 1, mapping)
    return list(runtime.migrate(moving))


def preview(node: Node, mapping: Mapping[str, str] | None = None) -> list[Outcome]:
    moving = runtime.prepare_migration(node.host, OPERATOR, "permit", 1, 2, mapping)
    return list(runtime.preview_migration(moving))


def proves(node: Node, case_no: str) -> bool:
    """Whether the case replays, from its first event and from its snapshot, to one state."""
    with node.host.database.read() as conn:
        row = instances.get(conn, node.instance(case_no))
        restored = runtime.current_state(node.host, conn, row)
    last = node.events(case_no)[-1].personal["digest"]
    return runtime.replay(node.host, case_no).is_clean and engine.digest(restored).hex() == last


def test_a_claimed_task_keeps_id_claimant_and_due_date_under_its_new_name(node: Node) -> None:
    case_no = node.start()
    runtime.claim(node.host, CLERK, node.task(case_no).id)
    before = node.task(case_no)
    deploy(node, *RENAMED)

    (outcome,) = move(node, MAPPING)

    after = node.task(case_no)
    assert (outcome.outcome, outcome.places) == ("moved", (("check", "review"),))
    assert (after.activity, after.name) == ("review", "复核")
    assert (after.id, after.assignee, after.due_at) == (before.id, CLERK.user, before.due_at)
    runtime.complete(node.host, CLERK, after.id, ANSWER)
    assert node.case(case_no).state == "CLOSED"
    assert proves(node, case_no)


def test_history_tells_both_deployments_and_the_mapping(node: Node) -> None:
    case_no = node.start()
    deploy(node, *RENAMED)
    move(node, MAPPING)

    event = node.events(case_no)[-1]

    assert (event.kind, event.actor) == ("Migrated", "operator")
    assert (event.input["from"], event.input["to"]) == (1, 2)
    assert event.input["from_hash"] != event.input["to_hash"]
    assert event.input["mapping"] == MAPPING
    assert event.effects["moved"] == [["review", node.task(case_no).token, "permit"]]
    assert node.case(case_no).number == 2


def test_a_case_is_retraced_across_its_migration(node: Node) -> None:
    case_no = node.start()
    deploy(node, *RENAMED)
    move(node, MAPPING)

    frames = runtime.retrace(node.host, APPLICANT, case_no)
    view = runtime.view_case(node.host, APPLICANT, case_no)

    assert [(one.number, [place.activity for place in one.places]) for one in frames] == [
        (1, ["check"]),
        (2, ["review"]),
    ]
    assert [place.activity for place in view.places] == ["review"]
    assert not any(one.diverges for one in frames)


def test_chains_verify_after_a_migration(node: Node) -> None:
    node.start()
    deploy(node, *RENAMED)
    move(node, MAPPING)
    host = node.host
    public = Ed25519Signer(secret(host.settings, "checkpoint")).public_key

    report = history.verify(
        host.database,
        host.settings.checkpoints,
        Ed25519Verifier(public),
        host.keys,
        lambda conn: ((row.instance_id, row.sequence, row.hash) for row in instances.every(conn)),
    )

    assert report.faults == []


def test_a_running_timer_keeps_its_instant(node: Node) -> None:
    case_no = node.start("clock")
    with node.host.database.read() as conn:
        (before,) = jobs.timers_of(conn, node.instance(case_no))
    node.world.clock.advance(timedelta(days=2))
    deploy(node, *renamed("noticed", "announced"))

    move(node, {"noticed": "announced"})

    with node.host.database.read() as conn:
        (after,) = jobs.timers_of(conn, node.instance(case_no))
    assert (after.timer, after.due_at) == (before.timer, before.due_at)
    assert (before.activity, after.activity) == ("noticed", "announced")
    node.world.clock.advance(timedelta(days=20))
    runtime.fire_timers(node.host)
    assert node.case(case_no).state == "CLOSED"
    assert proves(node, case_no)


def test_a_queued_job_is_answered_in_the_new_version(node: Node) -> None:
    case_no = node.start("call")
    node.know()
    deploy(node, *renamed("ask", "verify"))

    move(node, {"ask": "verify"})
    node.perform()

    assert node.case(case_no).state == "CLOSED"
    assert node.events(case_no)[-1].input["activity"] == "verify"
    assert proves(node, case_no)


def test_an_open_incident_is_moved_and_can_be_retried(node: Node) -> None:
    case_no = node.start("stuck")
    deploy(node, *renamed("stuck", "jammed"), ('=person.name = "nobody"', "=true"))

    move(node, {"stuck": "jammed"})
    (incident,) = node.incidents(case_no)
    runtime.retry(node.host, OPERATOR, incident.id)

    assert incident.activity == "jammed"
    assert node.task(case_no).activity == "check"
    assert proves(node, case_no)


def test_a_subscription_still_takes_its_message(node: Node) -> None:
    case_no = node.start("pay")
    deploy(node, *renamed("paid", "settled"))

    move(node, {"paid": "settled"})
    with node.host.database.read() as conn:
        waits = {one.activity for one in messages.of_instance(conn, node.instance(case_no))}
    runtime.correlate(node.host, OPERATOR, "Paid", correlation_key=case_no)

    assert waits == {"settled", "withdrawal"}
    assert node.case(case_no).state == "CLOSED"


def test_a_case_that_cannot_move_stays_whole_with_the_reason(node: Node) -> None:
    stays, goes = node.start(), node.start("pay", idNo="370502198504129829")
    deploy(node, *RENAMED)

    found = {one.case_no: one for one in move(node)}

    assert found[goes].outcome == "moved"
    assert found[stays].outcome == "cannot"
    assert [(one.element, one.rule) for one in found[stays].reasons] == [
        ("check", "no-counterpart")
    ]
    assert (node.case(stays).number, node.case(goes).number) == (1, 2)
    assert node.kinds(stays) == ["CaseStarted"]
    runtime.complete(node.host, CLERK, node.task(stays).id, ANSWER)
    assert proves(node, stays)


def test_a_preview_tells_the_same_and_writes_nothing(node: Node) -> None:
    case_no = node.start()
    deploy(node, *RENAMED)

    without, with_mapping = preview(node), preview(node, MAPPING)

    assert [one.outcome for one in (*without, *with_mapping)] == ["cannot", "moved"]
    assert node.kinds(case_no) == ["CaseStarted"]
    assert with_mapping == move(node, MAPPING)


def test_an_interrupted_migration_is_run_again(node: Node) -> None:
    cases = [node.start(idNo=one) for one in ("370502198504129810", "370502198504129829")]
    deploy(node, *NEW_TEXT)
    moving = runtime.prepare_migration(node.host, OPERATOR, "permit", 1, 2)
    next(runtime.migrate(moving, at_once=1))

    again = move(node)

    assert [one.outcome for one in again] == ["moved"]
    assert [node.kinds(one).count("Migrated") for one in cases] == [1, 1]


def test_a_case_that_ends_meanwhile_is_kept(node: Node) -> None:
    first, second = (node.start(idNo=one) for one in ("370502198504129810", "370502198504129829"))
    deploy(node, *NEW_TEXT)
    moving = runtime.prepare_migration(node.host, OPERATOR, "permit", 1, 2)
    running = runtime.migrate(moving, at_once=1)
    done = next(running)
    (other,) = {first, second} - {done.case_no}
    runtime.withdraw(node.host, APPLICANT, other)

    (kept,) = running

    assert (kept.case_no, kept.outcome) == (other, "kept")
    assert node.case(other).number == 1


def test_a_case_that_cannot_be_read_is_told_and_holds_up_no_other(node: Node) -> None:
    erased, sound = (node.start(idNo=one) for one in ("370502198504129810", "370502198504129829"))
    node.host.states.drop(node.instance(erased))
    node.host.write(lambda conn: node.host.keys.erase(conn, node.instance(erased)))
    deploy(node, *NEW_TEXT)

    previewed, found = preview(node), {one.case_no: one for one in move(node)}

    assert sorted(one.outcome for one in previewed) == ["cannot", "moved"]
    assert (found[erased].outcome, found[sound].outcome) == ("cannot", "moved")
    assert "erased" in found[erased].reasons[0].message


def test_a_case_moves_on_and_back(node: Node) -> None:
    case_no = node.start()
    deploy(node, *RENAMED)
    move(node, MAPPING)
    back = runtime.prepare_migration(node.host, OPERATOR, "permit", 2, 1, {"review": "check"})

    list(runtime.migrate(back))
    runtime.complete(node.host, CLERK, node.task(case_no).id, ANSWER)

    assert (node.case(case_no).number, node.case(case_no).state) == (1, "CLOSED")
    assert proves(node, case_no)


def test_a_moved_case_replays_without_any_snapshot(node: Node) -> None:
    case_no = node.start()
    deploy(node, *RENAMED)
    move(node, MAPPING)
    drop = instances.models.snapshot.delete()
    node.host.write(lambda conn: conn.execute(drop))
    node.host.states.drop(node.instance(case_no))

    runtime.complete(node.host, CLERK, node.task(case_no).id, ANSWER)

    assert proves(node, case_no)


def test_a_history_whose_deployment_is_missing_is_broken(node: Node) -> None:
    case_no = node.start()
    deploy(node, *RENAMED)
    move(node, MAPPING)
    get = node.host.definitions.get

    def without_first(conn, service, number):
        if number == 1:
            raise NotFound
        return get(conn, service, number)

    node.host.definitions.get = without_first

    assert "permit@1" in str(runtime.replay(node.host, case_no).problem)
    with pytest.raises(HistoryBroken):
        runtime.retrace(node.host, APPLICANT, case_no)


@pytest.mark.parametrize(
    ("service", "old", "new", "mapping", "error", "told"),
    [
        ("permit", 1, 1, {}, InvalidInput, "there already"),
        ("permit", 1, 9, {}, NotFound, "permit@9"),
        ("nothing", 1, 2, {}, NotFound, "nothing@1"),
        ("permit", 1, 2, {"x": "check", "check": "y"}, InvalidInput, "mapping does not fit"),
    ],
)
def test_an_impossible_migration_is_refused_before_it_begins(
    node: Node, service: str, old: int, new: int, mapping: dict, error: type, told: str
) -> None:
    deploy(node, *RENAMED)

    with pytest.raises(error, match=told):
        runtime.prepare_migration(node.host, OPERATOR, service, old, new, mapping)


@pytest.mark.parametrize("role", ["administrator", "designer", "clerk", "auditor"])
def test_only_an_operator_migrates(node: Node, role: str) -> None:
    deploy(node, *RENAMED)
    other = Actor("other", "某人", frozenset({role}))

    with pytest.raises(NotAllowed):
        runtime.prepare_migration(node.host, other, "permit", 1, 2, MAPPING)
