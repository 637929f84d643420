from onething import engine


def test_a_condition_on_the_border_ends_the_activity(play):
    play.start()

    play.apply(engine.SetVariables({"stop": True}))

    assert play.open == ["a"]
    assert play.cancelled == ["t"]


def test_several_events_on_the_border_each_end_the_activity(play):
    play.start()

    play.advance(hours=1)

    assert play.open == ["a"]
    assert play.waits == {}


def test_all_events_on_the_border_must_come(play):
    play.start()
    play.send("B")
    assert play.open == ["t"]

    play.send("A")

    assert play.open == ["a"]


def test_a_message_on_the_border_comes_again_and_again(play):
    play.start()

    play.send("A")
    play.send("A")

    assert play.open == ["a", "a", "t"]


def test_a_signal_on_the_border_comes_again_and_again(play):
    play.start()

    play.send("A")
    play.send("A")

    assert play.open == ["a", "a", "t"]


def test_a_cron_timer_on_the_border_repeats(play):
    play.start()

    play.advance(days=2)

    assert play.open == ["a", "a", "t"]
    assert len(play.timers) == 1


def test_a_timer_on_the_border_ends_the_activity(play):
    play.start()

    play.advance(hours=1)
    assert play.open == ["t"]
    play.advance(hours=1)

    assert play.open == ["late"]


def test_a_completed_activity_disarms_its_boundary_events(play):
    play.start()

    play.complete("t")

    assert play.open == ["after"]
    assert play.timers == play.waits == {}


def test_a_message_on_a_subprocess_ends_what_is_nested_deep(play):
    play.start()
    assert play.open == ["t", "t"]

    play.send("A")

    assert play.open == ["after"]
    assert sorted(play.cancelled) == ["a", "b", "t", "t"]


def test_an_escalation_on_the_border_may_interrupt(play):
    play.start()

    assert play.open == ["a"]
    assert "other" in play.cancelled


def test_an_escalation_that_nobody_catches_goes_on(play):
    play.start()

    assert play.open == ["a"]


def test_an_escalation_starts_an_event_subprocess_and_no_boundary(play):
    play.start()

    assert play.open == ["inner", "t"]


def test_the_innermost_boundary_catches_an_error(play):
    play.start()

    assert play.open == ["near"]


def test_an_error_of_another_code_passes_to_the_one_that_catches_all(play):
    play.start()

    assert play.open == ["far"]


def test_an_error_inside_a_call_is_caught_on_its_border(play):
    play.start()

    assert play.open == ["a"]


def test_an_error_thrown_by_a_handler_goes_outwards(play):
    play.start()

    assert play.open == ["a"]


def test_an_event_subprocess_catches_an_error_of_the_whole_process(play):
    play.start()

    assert play.open == ["inner"]
    play.complete("inner")
    assert play.status == "completed"


def test_booleans_may_be_written_as_digits(play):
    play.start()

    play.send("A")

    assert play.open == ["a", "inner", "t"]
