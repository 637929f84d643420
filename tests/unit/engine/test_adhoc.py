from onething import engine


def test_a_parallel_adhoc_ends_when_its_condition_holds(play):
    play.start()
    assert play.open == ["a", "b", "c"]

    play.complete("a")
    play.complete("b", enough=True)

    assert play.open == ["after"]
    assert play.cancelled == ["c"]


def test_an_adhoc_that_keeps_the_rest_waits_for_it(play):
    play.start()
    play.complete("a", enough=True)
    assert play.open == ["b"]

    play.complete("b")

    assert play.open == ["after"]


def test_an_adhoc_activity_can_begin_again(play):
    play.start()
    play.complete("a")

    play.apply(engine.Enable("a"))
    assert play.open == ["a", "b"]
    play.complete("a", enough=True)

    assert play.open == ["after"]
    assert play.counts["a"] == 2


def test_flows_inside_an_adhoc_lead_from_one_activity_to_the_next(play):
    play.start()
    assert play.open == ["a", "c"]

    play.complete("a")
    assert play.open == ["b", "c"]
    play.complete("c")
    play.complete("b")

    assert play.open == ["after"]
