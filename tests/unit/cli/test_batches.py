"""Operators' commands on batches; the worker's part is played by the test."""

import json
from datetime import timedelta

import pytest

from onething import cli, runtime
from onething.main import wiring
from unit.runtime.node import OPERATOR, Node, id_no
from unit.runtime.versions import deploy
from unit.worker.conftest import node as node  # noqa: PLC0414 - its fixture

WHY = ("--reason", "部门系统割接")


@pytest.fixture
def run(node: Node, monkeypatch, capsys):
    """Run a command on the node's database; return exit code, JSON or text, and errors."""
    monkeypatch.setenv("ONETHING_DATA_DIR", str(node.host.settings.data_dir))
    url = node.host.database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("ONETHING_DATABASE_URL", url)
    monkeypatch.setattr("onething.db.upgrade", lambda *_words, **_more: None)

    def command(*words: str):
        capsys.readouterr()
        code = cli.run(wiring(), ["batches", *words])
        said = capsys.readouterr()
        is_json = said.out.startswith(("[", "{"))
        return code, json.loads(said.out) if is_json else said.out, said.err

    return command


@pytest.fixture
def cases(node: Node) -> list[str]:
    """Three cases that wait for a clerk."""
    return [node.start("check", idNo=id_no(at)) for at in range(3)]


def work(node: Node) -> None:
    while runtime.advance_batches(node.host):
        pass


def made(run, *words: str) -> str:
    code, batch, said = run("make", *words, "--json")
    assert code == 0, said
    return batch["batch_id"]


def test_a_batch_is_made_tried_started_and_shown_line_by_line(node, run, cases) -> None:
    batch_id = made(run, "suspend", "--service", "permit")
    too_early = run("start", batch_id, *WHY)
    work(node)
    tried = run("show", batch_id, "--json")[1]
    before = {node.kinds(one)[-1] for one in cases}

    code = run("start", batch_id, *WHY)[0]
    work(node)
    done = run("show", batch_id, "--state", "done", "--after", "1", "--json")[1]

    assert too_early[0] == 1
    assert (tried["state"], tried["waiting"], before) == ("ready", 3, {"CaseStarted"})
    assert (code, done["state"], done["done"], done["reason"]) == (0, "ended", 3, WHY[1])
    assert [one["number"] for one in done["lines"]] == [2, 3]
    assert {one["case_no"] for one in done["lines"]} < set(cases)
    assert {node.kinds(one)[-1] for one in cases} == {"Suspended"}


def test_resuming_means_suspended_cases_alone(node, run, cases) -> None:
    runtime.suspend(node.host, OPERATOR, cases[0], "先停")

    batch_id = made(run, "resume", "--all")
    work(node)

    _code, text, _said = run("show", batch_id)
    assert cases[0] in text
    assert cases[1] not in text


def test_incidents_of_one_department_are_retried(node, run) -> None:
    node.world.give({"fault": "police", "mode": "revoked"})
    node.start("call")
    node.perform()

    others = run("make", "retry", "--department", "edu")
    batch_id = made(run, "retry", "--department", "police", "--before", "2026-12-01")

    assert (others[0], "No case is chosen" in others[2]) == (1, True)
    assert run("show", batch_id, "--json")[1]["total"] == 1


def test_cases_begun_before_a_day_migrate(node, run, cases) -> None:
    deploy(node, ('name="人工核查"', 'name="人工查找"'))
    node.world.clock.advance(timedelta(days=2))
    node.start("check", idNo=id_no(9))  # in the newest deployment

    batch_id = made(run, "migrate", "--service", "permit", "--from", "1", "--to", "2")
    work(node)
    run("start", batch_id, *WHY)
    work(node)

    assert run("show", batch_id, "--json")[1]["done"] == len(cases)


def test_a_stopped_batch_stands_in_the_list(node, run, cases) -> None:
    batch_id = made(run, "suspend", "--only", cases[0], "--only", cases[2])

    stopped = run("stop", batch_id)[0]
    again = run("stop", batch_id)[0]
    (row,) = run("list", "--json")[1]

    assert (stopped, again) == (0, 1)
    assert (row["batch_id"], row["state"], row["total"]) == (batch_id, "cancelled", 2)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("suspend",), "or say --all"),
        (("suspend", "--all", "--service", "permit"), "--all goes with"),
        (("suspend", "--only", "L1", "--service", "permit"), "--only goes with"),
        (("suspend", "--code", "UNAVAILABLE"), "code: No filter of suspend"),
        (("retry", "--status", "active"), "status: No filter of retry"),
        (("suspend", "--all", "--to", "2"), "Only a migration"),
        (("migrate", "--service", "permit"), "needs --service, --from and --to"),
        (("suspend", "--only", "L1"), "not-found"),
    ],
)
def test_what_cannot_be_a_batch_is_said_and_leaves_none(node, run, cases, words, told) -> None:
    code, _text, said = run("make", *words)

    assert (code, told in said) == (1, True), said
    assert run("list", "--json")[1] == []
