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
