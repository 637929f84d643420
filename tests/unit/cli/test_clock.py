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


@pytest.fixture
def accepted(run, case_no, tmp_path) -> str:
    """The same case, accepted: its handling clock runs."""
    data = tmp_path / "decision.json"
    data.write_text(json.dumps({"next": "accept", "check": {"finding": "-"}}), "utf-8")
    (task,) = json.loads(run("tasks", "--case", case_no, "--json")[1])
    assert run("complete", task["id"], "--data", str(data))[0] == 0
    return case_no


def kinds(run, case_no) -> list[str]:
    (clock,) = json.loads(run("clock", case_no, "--clock", "handling.licence", "--json")[1])
    return [one["kind"] for one in clock["entries"]]


def test_a_clock_is_paused_resumed_and_extended(run, accepted):
    which, why = (accepted, "handling.licence"), ("--reason", "鉴定", "--basis", "第四十五条")

    assert run("pause-clock", *which, *why, "--needs", "ND(10)")[0] == 0
    assert run("resume-clock", *which)[0] == 0
    assert run("extend-clock", *which, "WD(5)", *why)[0] == 0

    assert kinds(run, accepted) == ["start", "pause", "resume", "extension"]


def test_a_preview_prints_both_days_and_writes_nothing(run, accepted):
    why = ("--reason", "复杂", "--basis", "第四十二条")

    code, out, _ = run("extend-clock", accepted, "handling.licence", "WD(5)", *why, "--preview")

    assert (code, out.count(" -> ")) == (0, 2)
    assert kinds(run, accepted) == ["start"]


def test_a_move_that_is_refused_says_why(run, accepted):
    code, _, err = run("resume-clock", accepted, "handling.licence")

    assert code != 0
    assert "is not paused" in err


def test_a_notice_that_needs_no_permission_is_said(run, case_no):
    why = ("--reason", "新情形", "--basis", "第三十二条")

    code, _, err = run("permit-notice", case_no, "window", *why)

    assert code != 0
    assert "none is needed" in err
