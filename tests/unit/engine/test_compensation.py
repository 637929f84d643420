def test_compensation_undoes_the_newest_first(play):
    play.start()
    play.complete("a")
    play.complete("b")

    assert play.open == ["undoB"]
    play.complete("undoB")
    assert play.open == ["undoA"]
    play.complete("undoA")

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
