def test_compensation_undoes_the_newest_first(play):
    play.start()
    play.complete("a")
    play.complete("b")

    assert play.open == ["undoB"]
    play.complete("undoB")
    assert play.open == ["undoA"]
    play.complete("undoA")

    assert play.status == "completed"


def test_compensation_by_a_subprocess_leaves_nothing_of_it_behind(play):
    play.start()
    play.complete("a")
    assert play.open == ["call"]

    play.complete("call")

    assert play.counts["undo"] == 1
    assert play.status == "completed"


def test_compensation_reaches_into_a_completed_subprocess(play):
    play.start()
    play.complete("a")
    assert play.open == ["undo"]

    play.complete("undo")

    assert play.status == "completed"
    assert play.counts["sub"] == 1


def test_a_cancelled_transaction_is_undone_and_left_over_its_boundary(play):
    play.start()
    play.complete("a")
    play.complete("b")
    assert play.open == ["undo"]

    play.complete("undo")

    assert play.open == ["after"]
    assert "tx" in play.cancelled


def test_compensation_undoes_every_round_of_a_multi_instance(play):
    play.start()
    play.complete("a")
    play.complete("a")

    play.complete("undo")
    assert play.open == ["undo"]
    play.complete("undo")

    assert play.status == "completed"


def test_a_handler_sees_the_variables_of_its_round(play):
    play.start()
    play.complete("a")
    play.complete("a")

    undone = [play.opened[play.token("undo")].inputs["undone"]]
    play.complete("undo")
    undone.append(play.opened[play.token("undo")].inputs["undone"])

    assert undone == ["y", "x"]


def test_compensation_runs_the_event_subprocess_of_a_completed_subprocess(play):
    play.start()
    play.complete("a")
    assert play.open == ["b"]

    play.complete("b")

    assert play.status == "completed"


def test_compensation_of_one_activity_leaves_the_others(play):
    play.start()
    play.complete("a")
    play.complete("b")
    assert play.open == ["undoA"]

    play.complete("undoA")

    assert play.open == ["after"]


def test_compensation_without_waiting_runs_beside_what_follows(play):
    play.start()

    play.complete("a")

    assert play.open == ["after", "undo"]


def test_an_activity_that_did_not_complete_is_not_undone(play):
    play.start()

    play.complete("b")

    assert play.open == ["a", "after"]


def test_a_transaction_that_completes_is_left_by_its_flow(play):
    play.start()

    play.complete("a")

    assert play.open == ["after"]


def test_an_error_leaves_a_transaction_without_undoing_it(play):
    play.start()

    play.complete("a")

    assert play.open == ["after"]
