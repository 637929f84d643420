"""What a service takes off people, from the command line."""

import json
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "api" / "package"


def test_figures_are_printed_before_and_after(run):
    code, out, told = run("relief", "after-death")

    assert code == 0, told
    lines = {line[:18].strip(): line[18:].split() for line in out.splitlines()[1:]}
    assert lines["applications"][:2] == ["8", "1"]
    assert "trips" in lines


def test_each_figure_says_what_it_is_made_of(run):
    _, out, _ = run("relief", "after-death", "--explain")

    assert "household-cancel 死亡注销户口" in out
    assert "materials that nobody else supplies: 逝者居民身份证" in out
    assert "longest way: death-certificate → pension-account" in out


def test_figures_of_other_items_and_as_json(run):
    words = ["--item", "notary", "--item", "death-certificate", "--json"]

    code, out, told = run("relief", "after-death", *words)

    assert code == 0, told
    counted = json.loads(out)["relief"]
    assert counted["steps_before"] == 2
    assert counted["days_after"] == {"working": 10, "natural": 0}


@pytest.mark.parametrize("command", ["form", "relief"])
def test_a_service_that_others_call_has_no_application(run, command):
    code, _, told = run(command, "marriage-divorce")

    assert code == 1
    assert "other services call it" in told


def test_an_unknown_item_is_refused(run):
    code, _, told = run("relief", "after-death", "--item", "nothing")

    assert code == 1
    assert "no item nothing" in told


def test_too_few_real_cases_are_said(run, monkeypatch):
    monkeypatch.setenv("ONETHING_SERVICES", str(PACKAGE))
    assert run("deploy", "letter")[0] == 0

    code, out, told = run("relief", "letter", "--cases")

    assert code == 0, told
    assert "0; figures are told of 10 and more" in out
