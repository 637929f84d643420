def test_a_called_process_sees_its_caller_and_gives_its_variables_back(play):
    play.start({"outer": 41})

    assert play.open == ["u"]
    assert play.variables == {"outer": 41, "sum": 42}


def test_only_mapped_variables_cross_a_closed_call(play):
    play.start({"hidden": 1})

    assert play.variables == {"hidden": 1, "total": 4}


def test_a_local_variable_hides_the_outer_one(play):
    play.start({"n": 1})

    assert play.variables == {"n": 1, "m": 2, "other": 20}


def test_data_objects_and_stores_are_variables(play):
    play.start()

    assert play.open == ["a"]
    assert play.variables == {"amount": 3}


def test_data_associations_bring_data_in_and_out(play):
    play.start({"amount": 2})

    assert play.variables["total"] == 30
    assert "made" not in play.variables
