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
