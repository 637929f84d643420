"""Migration: a running instance goes on in another version, or stays with every reason told."""

from collections.abc import Callable

import pytest

from onething import engine
from onething.errors import Conflict

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">'
)
MESSAGES = '<message id="m" name="M"/><message id="n" name="N"/>'


def process(*parts: str, others: str = "") -> engine.Process:
    """Compile the parts as the process p: nodes, then flows written `a->b`."""
    nodes = "".join(part for part in parts if part.startswith("<"))
    flows = "".join(_flow(part) for part in parts if not part.startswith("<"))
    body = f'<process id="p" isExecutable="true">{nodes}{flows}</process>'
    text = f"{HEAD}{body}{others}{MESSAGES}</definitions>"
    return engine.compile(engine.Bundle({"p.bpmn": text.encode()}))


def _flow(text: str) -> str:
    source, target = text.split("->")
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}"/>'


def user(identifier: str, inside: str = "") -> str:
    return f'<userTask id="{identifier}" name="{identifier.upper()}">{inside}</userTask>'


def timer(identifier: str, host: str, duration: str = "P10D") -> str:
    return (
        f'<boundaryEvent id="{identifier}" attachedToRef="{host}"><timerEventDefinition>'
        f"<timeDuration>{duration}</timeDuration></timerEventDefinition></boundaryEvent>"
    )


START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
LINE = (START, END, "s->a", "a->e")
ROUNDS = (
    "<multiInstanceLoopCharacteristics><loopCardinality>=2</loopCardinality>"
    "</multiInstanceLoopCharacteristics>"
)


@pytest.fixture
def migrated(player_of: Callable) -> Callable:
    """Return a function that starts an instance and moves it: (player, migration)."""

    def move(old: engine.Process, new: engine.Process, **mapping: str):
        player = player_of(old)
        player.start()
        parts = engine.Counterparts(old, new, mapping)
        assert parts.faults() == {}
        before = engine.digest(player.state)
        answer = engine.migrate(parts, player.state, player.context)
        assert engine.digest(player.state) == before
        if answer.step is not None:
            player.process = new
            player._take(answer.step)
            revived = engine.restore(new, engine.snapshot(player.state))
            assert engine.digest(revived) == engine.digest(player.state)
        return player, answer

    return move


def rules(answer: engine.Migration) -> list[tuple[str, str]]:
    return [(one.element, one.rule) for one in answer.obstacles]


def test_an_open_task_keeps_its_token_under_a_mapped_id(migrated):
    old = process(user("a"), *LINE)
    new = process(user("b"), user("c"), START, END, "s->b", "b->c", "c->e")

    player, answer = migrated(old, new, a="b")

    (moved,) = answer.step.moved
    assert (moved.token, moved.activity, moved.name, moved.waits_for) == ("3", "b", "B", "task")
    assert moved.is_renamed
    player.apply(engine.CompleteTask("3"))
    player.complete("c")
    assert (player.status, player.ended) == ("completed", ["s", "b", "c", "e"])


def test_a_running_timer_keeps_its_id_and_instant_although_the_model_counts_anew(migrated):
    old = process(user("a"), timer("late", "a"), "late->e", *LINE)
    new = process(user("a"), timer("late", "a", "P3D"), "late->e", *LINE)

    player, answer = migrated(old, new)

    assert (answer.step.timers_set, answer.step.timers_cleared) == ([], [])
    assert [(one.element, one.rule) for one in answer.notes] == [("late", "goes-on")]
    player.advance(days=9)
    assert player.status == "active"
    player.advance(days=1)
    assert (player.status, player.ended[-2:]) == ("completed", ["late", "e"])


def test_what_only_the_new_version_waits_for_begins_to_wait(migrated):
    old = process(user("a"), *LINE)
    new = process(user("a"), timer("late", "a"), "late->e", *LINE)

    player, answer = migrated(old, new)

    assert [one.activity for one in answer.step.timers_set] == ["late"]
    player.advance(days=10)
    assert player.ended == ["s", "late", "e"]


def test_a_new_event_subprocess_listens_after_the_move(migrated):
    withdrawal = (
        '<subProcess id="w" triggeredByEvent="true"><startEvent id="ws">'
        '<messageEventDefinition messageRef="m"/></startEvent></subProcess>'
    )
    old, new = process(user("a"), *LINE), process(user("a"), withdrawal, *LINE)

    player, _ = migrated(old, new)
    player.send("M")

    assert (player.status, player.cancelled) == ("completed", ["a"])


@pytest.mark.parametrize(("mapping", "count"), [({}, None), ({"late": ""}, 0)])
def test_a_timer_without_counterpart_holds_unless_the_mapping_lets_it_go(migrated, mapping, count):
    old = process(user("a"), timer("late", "a"), "late->e", *LINE)
    new = process(user("a"), *LINE)

    player, answer = migrated(old, new, **mapping)

    if count is None:
        assert rules(answer) == [("late", "no-counterpart")]
    else:
        assert len(player.timers) == count
        assert [one.rule for one in answer.notes] == ["let-go"]


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        (process(user("b"), START, END, "s->b", "b->e"), "no-counterpart"),
        (process('<scriptTask id="a"/>', *LINE), "other-kind"),
        (process(user("a", ROUNDS), *LINE), "other-loop"),
        (
            process(f'<subProcess id="i">{user("a")}</subProcess>', START, END, "s->i", "i->e"),
            "other-scope",
        ),
    ],
)
def test_an_active_task_without_its_like_stays_with_the_reason(migrated, new, rule):
    _, answer = migrated(process(user("a"), *LINE), new)

    assert answer.step is None
    assert rules(answer) == [("a", rule)]


def test_rounds_that_became_single_stay(migrated):
    _, answer = migrated(process(user("a", ROUNDS), *LINE), process(user("a"), *LINE))

    assert rules(answer) == [("a", "other-loop")]


def test_rounds_move_with_their_body(migrated):
    old = process(user("a", ROUNDS), *LINE)
    new = process(user("b", ROUNDS), START, END, "s->b", "b->e")

    player, _ = migrated(old, new, a="b")
    for token in list(player.opened):
        player.apply(engine.CompleteTask(token))

    assert (player.status, player.counts["b"]) == ("completed", 2)


def test_a_called_process_that_is_missing_holds_the_instance(migrated):
    call = (
        '<callActivity id="c"><extensionElements><zeebe:calledElement processId="q"/>'
        "</extensionElements></callActivity>"
    )
    flows = (START, END, "s->c", "c->e")
    called = f'<process id="q"><startEvent id="qs"/>{user("x")}{_flow("qs->x")}</process>'
    old = process(call, *flows, others=called)

    _, answer = migrated(old, process(call, *flows))

    assert rules(answer) == [("q", "no-process"), ("x", "no-counterpart")]


def test_a_subprocess_is_found_by_the_mapped_ids_on_the_way(migrated):
    inside = f'<startEvent id="is"/>{user("a")}{_flow("is->a")}'
    old = process(f'<subProcess id="i">{inside}</subProcess>', START, END, "s->i", "i->e")
    new = process(f'<subProcess id="j">{inside}</subProcess>', START, END, "s->j", "j->e")

    player, _ = migrated(old, new, i="j")
    player.complete("a")

    assert (player.status, player.ended[-2:]) == ("completed", ["j", "e"])


def fork(*branches: str) -> engine.Process:
    """Return a process that does its branches beside each other."""
    flows = [f"f->{one}" for one in branches] + [f"{one}->j" for one in branches]
    gateways = ('<parallelGateway id="f"/>', '<parallelGateway id="j"/>')
    return process(START, END, *gateways, *map(user, branches), "s->f", "j->e", *flows)


def test_a_branch_added_behind_a_passed_fork_would_starve_the_join(migrated):
    _, answer = migrated(fork("a", "b"), fork("a", "b", "c"))

    assert rules(answer) == [("j", "join-starves")]


def test_a_branch_added_before_the_fork_is_reached_moves(migrated):
    old = (START, user("first"), "s->first", "first->f")
    parts = ('<parallelGateway id="f"/>', '<parallelGateway id="j"/>', END, "j->e")
    two = (user("a"), user("b"), "f->a", "f->b", "a->j", "b->j")
    three = (*two, user("c"), "f->c", "c->j")

    player, _ = migrated(process(*old, *parts, *two), process(*old, *parts, *three))
    for one in ("first", "a", "b", "c"):
        player.complete(one)

    assert player.status == "completed"


def test_tokens_at_a_join_keep_waiting_over_flows_drawn_anew(player_of):
    old, new = fork("a", "b"), fork("x", "b")
    player = player_of(old)
    player.start()
    player.complete("a")
    parts = engine.Counterparts(old, new, {"a": "x"})

    answer = engine.migrate(parts, player.state, player.context)
    player.process = new
    player._take(answer.step)
    player.complete("b")

    assert player.status == "completed"


def test_an_event_gateway_goes_on_waiting_and_takes_a_new_event_on(migrated):
    def gateway(*names: str) -> engine.Process:
        events = [
            f'<intermediateCatchEvent id="{one}"><messageEventDefinition messageRef="{one[0]}"/>'
            "</intermediateCatchEvent>"
            for one in names
        ]
        flows = [f"g->{one}" for one in names] + [f"{one}->e" for one in names]
        return process(START, END, '<eventBasedGateway id="g"/>', *events, "s->g", *flows)

    player, answer = migrated(gateway("m1"), gateway("m2", "n1"), m1="m2")

    assert [one.activity for one in answer.step.subscribed] == ["n1"]
    player.send("N")
    assert player.ended == ["s", "g", "n1", "e"]


def test_a_completed_activity_that_cannot_be_undone_any_more_holds(player_of):
    undo = (
        '<boundaryEvent id="u" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        '<task id="h" isForCompensation="true"/>'
        '<association id="as" sourceRef="u" targetRef="h"/>'
    )
    flows = (START, END, user("a"), user("b"), "s->a", "a->b", "b->e")
    old, new = process(undo, *flows), process(*flows)
    player = player_of(old)
    player.start()
    player.complete("a")

    answer = engine.migrate(engine.Counterparts(old, new, {}), player.state, player.context)

    assert rules(answer) == [("a", "compensation")]


def test_a_new_event_that_cannot_be_evaluated_holds(migrated):
    new = process(user("a"), timer("late", "a", "=missing"), "late->e", *LINE)

    _, answer = migrated(process(user("a"), *LINE), new)

    assert [one.rule for one in answer.obstacles] == ["expression"]


def test_a_mapping_is_held_against_both_versions():
    old, new = process(user("a"), *LINE), process(user("b"), START, END, "s->b", "b->e")

    faults = engine.Counterparts(old, new, {"x": "b", "a": "y", "s": ""}).faults()

    assert faults == {
        "x": "the old version has no such element",
        "a": "the new version has no element y",
    }


def test_an_ended_instance_is_not_moved(player_of):
    old = process(user("a"), *LINE)
    player = player_of(old)
    player.start()
    player.complete("a")

    with pytest.raises(Conflict):
        engine.migrate(engine.Counterparts(old, old, {}), player.state, player.context)
