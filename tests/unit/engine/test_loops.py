def test_rounds_run_one_after_another_over_a_collection(play):
    play.start({"names": ["a", "b"]})
    assert next(iter(play.opened.values())).inputs["name"] == "a"

    play.complete("t", answer=1)
    assert play.open == ["t"]
    play.complete("t", answer=2)

    assert play.open == ["u"]
    assert play.variables["results"] == [1, 2]
    assert "name" not in play.variables


def test_rounds_run_beside_each_other_until_the_completion_condition(play):
    play.start()
    assert play.open == ["t"] * 4

    play.complete("t")
    play.complete("t")

    assert play.open == ["u"]
    assert play.counts["t"] == 2
    assert play.cancelled == ["t", "t"]


def test_a_standard_loop_tests_after_each_round(play):
    play.start({"n": 0})

    assert play.status == "completed"
    assert play.counts["t"] == 3
    assert play.variables["n"] == 3


def test_a_multi_instance_call_gathers_one_output_a_round(play):
    play.start({"items": [{"kind": "x"}, {"kind": "y"}]})

    assert play.status == "completed"
    assert play.variables["kinds"] == ["x", "y"]


def test_a_sequential_adhoc_begins_one_activity_after_another(play):
    play.start({"enough": False})
    assert play.open == ["a"]

    play.complete("a")
    assert play.open == ["b"]
    play.complete("b", enough=True)

    assert play.status == "completed"
    assert "c" not in play.ended


def test_no_round_at_all_leaves_at_once(play):
    play.start()

    assert play.open == ["after"]
    assert play.variables["all"] == []


def test_a_loop_that_tests_before_may_do_nothing(play):
    play.start({"n": 0})

    assert play.open == ["after"]
    assert play.counts["a"] == 0


def test_a_loop_ends_at_its_maximum(play):
    play.start({"most": 2})

    play.complete("a")
    play.complete("a")

    assert play.open == ["after"]


def test_a_behaviour_of_one_throws_after_the_first_round(play):
    play.start()

    play.complete("a")
    play.complete("a")

    assert play.open == ["a", "told"]


def test_a_behaviour_of_none_throws_after_every_round(play):
    play.start()

    play.complete("a")
    play.complete("a")

    assert play.open == ["after", "told", "told"]


def test_a_complex_behaviour_throws_when_its_condition_holds(play):
    play.start()

    play.complete("a")
    assert play.open == ["a", "a"]
    play.complete("a")

    assert play.open == ["a", "told"]


def test_a_timer_on_a_multi_instance_ends_all_its_rounds(play):
    play.start()
    play.complete("a")

    play.advance(hours=1)

    assert play.open == ["late"]


def test_an_error_in_one_round_ends_all_rounds(play):
    play.start()

    play.fail("t", "E")

    assert play.open == ["late"]


def test_terminate_ends_only_its_own_round(play):
    play.start()

    play.complete("x")
    assert play.open == ["t", "x"]
    play.complete("x")

    assert play.open == ["after"]


def test_the_standard_attributes_count_the_rounds(play):
    play.start()

    play.complete("a")
    assert len(play.open) == 3
    play.complete("a")

    assert play.open == ["after"]
