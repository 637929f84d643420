from onething import engine


def test_a_failing_job_leaves_over_its_error_boundary(play):
    play.start()
    assert play.process.catches(play.state, play.token("t"), "OTHER")

    play.fail("t", "NO_RECORD")

    assert play.open == ["b"]
    assert play.cancelled == ["t"]


def test_an_error_that_nothing_catches_fails_the_instance(play):
    play.start()
    assert not play.process.catches(play.state, play.token("u"), "BROKEN")

    step = play.complete("t")

    assert (play.status, step.error) == ("failed", "BROKEN")
    assert play.open == []


def test_a_repeating_timer_runs_beside_the_activity(play):
    play.start()

    play.advance(hours=5)

    assert play.open == ["remind", "remind", "t"]
    assert play.timers == {}


def test_an_interrupting_boundary_event_cancels_the_inside(play):
    play.start({"caseNo": 42})
    assert next(iter(play.waits.values())).key == "42"

    play.send("Withdrawn", why="moved")

    assert play.open == ["after"]
    assert set(play.cancelled) == {"sub", "inner"}
    assert play.variables["why"] == "moved"


def test_an_interrupting_event_subprocess_ends_everything_beside_it(play):
    play.start()

    play.send("Stop")
    assert play.open == ["inner"]
    play.complete("inner")

    assert play.status == "completed"
    assert play.waits == {}


def test_an_event_subprocess_that_does_not_interrupt_starts_every_time(play):
    play.start()

    play.send("Note")
    play.send("Note")

    assert play.open == ["inner", "inner", "t"]
    for activity in ("t", "inner", "inner"):
        play.complete(activity)
    assert play.status == "completed"


def test_an_error_inside_is_caught_by_the_event_subprocess_before_the_boundary(play):
    play.start()

    assert play.open == ["inner"]
    assert play.counts["bad"] == 1


def test_an_escalation_is_told_outside_while_the_inside_goes_on(play):
    play.start()

    assert play.open == ["boss", "inner"]


def test_a_terminate_end_stops_only_its_own_scope(play):
    play.start()

    play.complete("x")

    assert play.open == ["after"]
    assert play.counts["stop"] == 1


def test_a_link_jumps_to_its_target(play):
    play.start()

    assert play.open == ["a"]
    assert play.ended == ["s", "go", "land"]


def test_a_condition_fires_when_it_turns_true(play):
    play.start({"n": 1})

    play.apply(engine.SetVariables({"n": 5}))
    play.apply(engine.SetVariables({"n": 6}))
    assert play.open == ["t", "watch"]
    play.apply(engine.SetVariables({"n": 2}))
    play.apply(engine.SetVariables({"n": 7}))

    assert play.open == ["t", "watch", "watch"]


def test_a_thrown_message_carries_its_key_and_inputs(play):
    play.start({"dead": {"idNo": "37"}})

    message = play.thrown[0]

    assert (message.kind, message.name, message.key) == ("message", "Told", "37")
    assert message.payload == {"count": 2}


def test_a_signal_reaches_the_same_instance_before_the_thrower_goes_on(play):
    play.start()

    assert play.open == ["a", "b"]
    assert [one.name for one in play.thrown] == ["Go"]


def test_a_parallel_multiple_event_waits_for_all(play):
    play.start()

    play.send("B", b=1)
    assert play.status == "active"
    play.send("A", a=2)

    assert play.status == "completed"
    assert play.variables == {"b": 1, "a": 2}


def test_a_message_start_takes_its_payload(play):
    play.start({"x": 1}, event="told")

    assert play.open == ["b"]
    assert play.variables == {"x": 1}
    assert [(one.name, one.event) for one in play.process.messages] == [("Told", "told")]


def test_a_condition_holds_up_the_flow_until_it_is_true(play):
    play.start()
    assert play.open == []

    play.apply(engine.SetVariables({"ready": True}))

    assert play.open == ["a"]


def test_a_condition_starts_an_event_subprocess(play):
    play.start({"n": 1})

    play.apply(engine.SetVariables({"n": 6}))

    assert play.open == ["inner", "t"]


def test_any_of_several_events_is_enough(play):
    play.start()

    play.send("B")

    assert play.open == ["a"]
    assert play.waits == play.timers == {}


def test_one_event_throws_several_things(play):
    play.start()

    assert [(one.kind, one.name) for one in play.thrown] == [("message", "A"), ("signal", "S")]
    assert play.open == ["a"]


def test_a_cycle_starts_an_event_subprocess_each_time(play):
    play.start()

    play.advance(hours=9)

    assert play.open == ["inner", "inner", "inner", "t"]


def test_a_date_holds_up_the_flow_until_it_comes(play):
    play.start()
    play.advance(hours=38)
    assert play.open == []

    play.advance(hours=1)

    assert play.open == ["a"]


def test_an_interrupting_event_subprocess_inside_lets_the_outside_go_on(play):
    play.start()
    play.send("A")
    assert play.open == ["inner"]

    play.complete("inner")

    assert play.open == ["after"]


def test_an_event_definition_may_be_referred_to(play):
    play.start()

    play.advance(hours=1)

    assert play.open == ["a"]


def test_references_may_have_a_prefix(play):
    play.start()

    play.send("A")

    assert play.open == ["a"]


def test_several_links_lead_to_one_target(play):
    play.start()

    assert play.open == ["a", "a"]


def test_a_message_end_throws(play):
    play.start()

    assert (play.status, [one.name for one in play.thrown]) == ("completed", ["A"])


def test_a_signal_end_throws(play):
    play.start()

    assert (play.status, [one.name for one in play.thrown]) == ("completed", ["A"])


def test_terminate_at_the_top_ends_everything(play):
    play.start()

    play.complete("b")

    assert play.status == "completed"
    assert play.cancelled == ["a"]


def test_messages_of_one_name_are_told_apart_by_their_key(play):
    play.start({"one": 1, "two": "x"})

    assert sorted((one.activity, one.key) for one in play.waits.values()) == [
        ("c1", "1"),
        ("c2", "x"),
    ]
