"""Operators' commands on jobs, gates and incidents."""

import json
from datetime import timedelta

import pytest

from onething import cli, runtime
from onething.identity import SYSTEM
from onething.main import wiring
from unit.runtime.node import Node
from unit.worker.conftest import node as node  # noqa: PLC0414 - its fixture


@pytest.fixture
def run(node: Node, monkeypatch, capsys):
    """Run a command on the node's database."""
    monkeypatch.setenv("ONETHING_DATA_DIR", str(node.host.settings.data_dir))
    url = node.host.database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("ONETHING_DATABASE_URL", url)
    monkeypatch.setattr("onething.db.upgrade", lambda *_words, **_more: None)

    def command(*words: str):
        capsys.readouterr()
        code = cli.run(wiring(), list(words))
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out.startswith(("[", "{")) else said.out

    return command


def test_a_job_that_gave_up_is_found_and_tried_again(node: Node, run) -> None:
    case_no = node.start("call")
    node.perform()
    (job,) = run("jobs", "list", "--state", "failed", "--json")[1]
    shown = run("jobs", "show", job["id"], "--json")[1]
    node.know()

    code, done = run("jobs", "retry", job["id"], "--reason", "已补录", "--json")
    node.world.clock.advance(timedelta(days=4_000))  # the command acted by the machine's clock
    node.perform()

    assert (shown["incident"], shown["case_no"]) == (job["incident"], case_no)
    assert (code, done[0]["case_no"]) == (0, case_no)
    assert node.case(case_no).state == "CLOSED"


def test_incidents_are_listed_shown_completed_and_skipped(node: Node, run, tmp_path) -> None:
    node.start("call")
    node.perform()
    answer = tmp_path / "answer.json"
    answer.write_text('{"matches": true, "alive": true}')
    (found,) = run("incidents", "list", "--json")[1]

    shown = run("incidents", "show", found["id"], "--json")[1]
    refused = run("incidents", "skip", found["id"], "--reason", "不等了")[0]
    done = run("incidents", "complete", found["id"], "--answer", str(answer), "--reason", "电话")[0]

    assert shown["inputs"] == ["idNo", "name"]
    assert (refused, done) == (1, 0)
    assert run("incidents", "list", "--json")[1] == []


def test_gates_are_listed_and_closed_by_hand(node: Node, run) -> None:
    runtime.prepare_gates(node.host)

    code = run("jobs", "reset-gate", "police")[0]
    rows = run("jobs", "gates", "--json")[1]

    assert code == 0
    assert {row["state"] for row in rows} == {"closed"}
    (police,) = (row for row in rows if row["department"] == "police")
    assert police["reset_by"] == SYSTEM.user
