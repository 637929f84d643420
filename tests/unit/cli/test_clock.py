"""The command line explains a case's clocks day by day."""

import json
from pathlib import Path

import pytest

LICENCES = Path(__file__).parents[1] / "clocks" / "package"
ANSWERS = {"person": {"name": "张三", "division": "370502"}}


@pytest.fixture
def case_no(run, monkeypatch, tmp_path) -> str:
    """A licence that was just applied for: its reception clock runs."""
    monkeypatch.setenv("ONETHING_SERVICES", str(LICENCES))
    assert run("deploy", "licence")[0] == 0
    data = tmp_path / "data.json"
    data.write_text(json.dumps(ANSWERS), "utf-8")
    return json.loads(run("start", "licence", "--data", str(data), "--json")[1])["case_no"]


def test_every_day_is_listed_up_to_the_last_one_in_time(run, case_no):
    code, out, _ = run("clock", case_no)

    counted = [line.split()[2] for line in out.splitlines() if line.startswith("    20")]
    assert code == 0
    assert [one for one in counted if one != "-"] == ["1", "2", "3", "4", "5"]
    assert "statutory WD(5): last day" in out


def test_json_holds_the_ledger_and_the_days(run, case_no):
    code, out, _ = run("clock", case_no, "--clock", "reception", "--json")

    (clock,) = json.loads(out)
    (leg,) = clock["legs"]
    assert (code, clock["clock_id"], clock["state"]) == (0, "reception", "running")
    assert (leg["days"][-1]["on"], leg["days"][-1]["number"]) == (leg["due_on"], 5)


def test_a_clock_that_the_case_does_not_have_is_said(run, case_no):
    code, _, told = run("clock", case_no, "--clock", "handling.boat")

    assert (code, "handling.boat" in told) == (1, True)
