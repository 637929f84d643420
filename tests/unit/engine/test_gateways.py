from onething import engine


def test_an_exclusive_gateway_takes_the_first_flow_that_holds(play):
    play.start({"n": 20})

    assert play.open == ["a"]
    assert [one.flow for one in play.steps[0].flows] == ["s-g", "g-a"]


def test_a_gateway_without_a_way_out_is_an_incident_until_retried(play):
    play.start({"ok": False})
    assert [one.code for one in play.incidents.values()] == ["no-flow"]
    token = next(iter(play.incidents))

    play.apply(engine.Retry(token, {"ok": True}))

    assert play.status == "completed"
    assert play.incidents == {}


def test_a_parallel_join_counts_each_flow_once(play):
    play.start()

    play.complete("a")
    assert play.open == ["b"]
    play.complete("b")

    assert play.open == ["c"]
    assert play.counts["j"] == 1


def test_an_inclusive_join_waits_only_for_what_can_come(play):
    play.start({"x": True, "y": False})
    assert play.open == ["a"]

    play.complete("a")

    assert play.open == ["d"]


def test_an_inclusive_join_in_a_loop_does_not_wait_for_itself(play):
    play.start()

    play.complete("a", again=True)
    play.complete("a", again=False)

    assert play.status == "completed"
    assert play.counts["j"] == 2


def test_the_first_event_decides_at_an_event_based_gateway(play):
    play.start()
    assert len(play.waits) == len(play.timers) == 1

    play.send("Paid", amount=3)

    assert play.open == ["a"]
    assert play.timers == {}
    assert play.variables["amount"] == 3
    assert play.counts["paid"] == 1


def test_conditional_flows_leave_a_task_without_gateway(play):
    play.start()

    play.complete("t", x=5)

    assert play.open == ["a", "b"]


def test_a_complex_gateway_fires_at_its_condition_and_resets(play):
    play.start()

    play.complete("a")
    assert play.open == ["b", "c"]
    play.complete("b")
    assert play.open == ["c", "d"]
    play.complete("c")
    assert play.open == ["d"]
    play.complete("d")

    assert play.status == "completed"
    assert play.counts["d"] == 1


def test_several_tokens_into_one_task_are_not_joined(play):
    play.start()

    assert play.open == ["c", "c"]


def test_a_gateway_may_join_and_split_at_once(play):
    play.start()

    assert play.open == ["c", "d"]
    assert play.counts["m"] == 1


def test_an_inclusive_gateway_takes_its_default_flow_when_nothing_holds(play):
    play.start({"n": 0})

    assert play.open == ["b"]


def test_an_inclusive_join_waits_for_a_boundary_event_that_may_come(play):
    play.start()
    play.complete("b")
    play.send("M")

    play.complete("a")
    assert play.open == ["c"]
    play.complete("c")

    assert play.open == ["z"]


def test_nested_inclusive_gateways_join_inside_out(play):
    play.start()
    play.complete("a")
    play.complete("c")
    assert play.open == ["b"]

    play.complete("b")

    assert play.open == ["z"]
    assert (play.counts["j2"], play.counts["j1"]) == (1, 1)


def test_a_receive_task_may_follow_an_event_based_gateway(play):
    play.start()

    play.send("A", x=1)

    assert play.open == ["a"]
    assert play.counts["r"] == 1
    assert play.variables["x"] == 1


def test_the_default_flow_of_a_task_is_taken_when_no_condition_holds(play):
    play.start({"n": 0})

    assert play.open == ["b"]


def test_a_complex_gateway_without_a_condition_waits_for_all(play):
    play.start()
    play.complete("a")
    assert play.open == ["b"]

    play.complete("b")

    assert play.open == ["z"]


def test_a_complex_gateway_splits_by_its_conditions(play):
    play.start({"n": 3})

    assert play.open == ["a", "b"]
