"""What the command answers to the shell."""

import json

import pytest

PASSWORD = "Morgenstern-77"


@pytest.mark.parametrize("words", [["nothing"], ["cases", "--limit", "0"], ["replay"], []])
def test_wrong_usage_is_64(run, words):
    assert run(*words)[0] == 64


def test_help_is_0(run):
    assert run("--help")[0] == 0


def test_empty_database_lists_no_tasks(run):
    code, out, _ = run("tasks", "--json")

    assert (code, json.loads(out)) == (0, [])


def test_unknown_person_is_1_and_told(run):
    code, _, told = run("cases", "--as", "nobody")

    assert code == 1
    assert "not-found" in told


def test_unknown_service_is_1_and_told(run, tmp_path):
    code, _, told = run("start", "nothing")

    assert code == 1
    assert "not-found" in told


def test_account_gets_a_token(run):
    opened = run(
        "user", "add", "admin", "--name", "A", "--role", "administrator", "--password", PASSWORD
    )
    code, out, _ = run("token", "add", "admin", "--json")

    assert (opened[0], code) == (0, 0)
    assert json.loads(out)["token"].startswith("ot_")


def test_account_without_its_department_is_not_opened(run):
    words = ["--name", "B", "--role", "clerk", "--department", "nowhere", "--password", PASSWORD]

    refused = run("user", "add", "bob", *words)
    listed = run("cases", "--as", "bob")

    assert (refused[0], listed[0]) == (1, 1)


def test_new_database_is_as_declared(run):
    run("db", "upgrade")

    code, out, _ = run("db", "check", "--json")

    assert (code, json.loads(out)) == (0, [])


def test_refused_model_is_2(run, tmp_path):
    bad = tmp_path / "bad.bpmn"
    bad.write_text("<nothing/>")

    assert run("check", str(bad))[0] == 2


def test_copy_is_restored(run, tmp_path):
    run("db", "upgrade")
    copy = str(tmp_path / "copy.db")

    assert run("backup", copy)[0] == 0
    assert run("restore", copy, "--overwrite")[0] == 0
