"""The commands suspend, resume and cancel on a database of their own."""

import json

from unit.cli.test_migrate import run  # noqa: F401 - the fixture


def _case_no(run) -> str:  # noqa: F811 - the fixture
    return json.loads(run("cases", "--json")[1])[0]["case_no"]


def test_a_case_is_suspended_resumed_and_cancelled(run):  # noqa: F811 - the fixture
    case_no = _case_no(run)

    outcomes = [
        run(verb, case_no, "--reason", "maintenance") for verb in ("suspend", "resume", "cancel")
    ]

    assert [code for code, _, _ in outcomes] == [0, 0, 0]
    assert outcomes[-1][1] == f"{case_no} event 4\n"


def test_what_is_not_suspended_cannot_be_resumed(run):  # noqa: F811 - the fixture
    code, _, said = run("resume", _case_no(run), "--reason", "done")

    assert code == 1
    assert said.startswith("already-done:")
