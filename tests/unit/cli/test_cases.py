"""Cases from the command line: deploy, start, list, complete, message."""

import json
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "api" / "package"
ANSWERS = {"sender": {"name": "陈志远", "idNo": "37050219680412991X"}, "note": "你好"}
PASSWORD = "Morgenstern-77"


@pytest.fixture
def site(run, monkeypatch):
    """Run commands on a site with the small service deployed."""
    monkeypatch.setenv("ONETHING_SERVICES", str(PACKAGE))
    code, _, told = run("deploy", "letter")
    assert code == 0, told
    return run


@pytest.fixture
def written(tmp_path):
    """Write a JSON file and return its path."""

    def write(value) -> str:
        path = tmp_path / "data.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
        return str(path)

    return write


@pytest.fixture
def case_no(site, written) -> str:
    code, out, told = site("start", "letter", "--data", written(ANSWERS), "--json")
    assert code == 0, told
    return json.loads(out)["case_no"]


def task(site, activity: str = "read") -> str:
    listed = json.loads(site("tasks", "--json")[1])
    return next(one["id"] for one in listed if one["activity"] == activity)


def account(site, user: str, role: str) -> None:
    words = ["--name", user, "--role", role, "--password", PASSWORD]
    assert site("user", "add", user, *words)[0] == 0


def test_deployed_service_is_deployed_again_as_the_same(site):
    code, out, _ = site("deploy", "letter", "--json")

    assert code == 0
    assert "letter" in out


def test_service_that_is_nowhere_is_not_deployed(site):
    code, _, told = site("deploy", "nothing")

    assert (code, "nothing" in told) == (1, True)


def test_started_case_is_listed(site, case_no):
    code, out, _ = site("cases", "--json")

    (listed,) = json.loads(out)
    assert (code, listed["case_no"], listed["service"]) == (0, case_no, "letter")


def test_start_under_the_same_key_opens_one_case(site, written):
    words = ["start", "letter", "--data", written(ANSWERS), "--key", "k", "--json"]

    first, second = site(*words), site(*words)

    assert json.loads(first[1]) == json.loads(second[1])


def test_lists_are_shown_in_columns_without_json(site, case_no):
    cases, tasks = site("cases")[1], site("tasks")[1]

    assert case_no in cases
    assert "department" in tasks.splitlines()[0]


def test_completed_task_is_no_longer_listed(site, case_no, written):
    done = site("complete", task(site), "--data", written({"answer": "收到"}), "--json")

    left = json.loads(site("tasks", "--case", case_no, "--json")[1])

    assert (done[0], json.loads(done[1])["case_no"]) == (0, case_no)
    assert [one["activity"] for one in left] == ["confirm"]


def test_missing_answers_are_1_and_told_by_field(site, case_no):
    code, _, told = site("complete", task(site))

    assert code == 1
    assert "answer:" in told


def test_second_completion_is_1_and_told(site, case_no, written):
    words = ["complete", task(site), "--data", written({"answer": "收到"})]
    site(*words)

    code, _, told = site(*words)

    assert (code, "already-done" in told) == (1, True)


def test_message_reaches_the_case_that_waits(site, case_no, written):
    payload = written({"text": "好"})

    code, out, _ = site("message", "Reply", "--key", case_no, "--data", payload, "--json")

    assert (code, json.loads(out)["delivered"]) == (0, True)


def test_message_that_nobody_waits_for_says_so(site):
    code, out, _ = site("message", "Reply", "--key", "nobody")

    assert (code, out.strip()) == (0, "nobody waits for it")


@pytest.mark.parametrize("text", ["{", "[1]", '"text"', '{"a": NaN}'])
def test_data_that_are_no_json_object_are_1_and_told(site, written, text):
    code, _, told = site("start", "letter", "--data", written(text))

    assert (code, "invalid-input" in told) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ["start"],
        ["start", "letter", "--data", "nowhere.json"],
        ["complete"],
        ["message"],
        ["message", "Reply", "--keep", "-1"],
        ["tasks", "--limit", "0"],
    ],
)
def test_wrong_words_are_64(site, words):
    assert site(*words)[0] == 64


def test_refused_package_is_2_and_told(site, tmp_path, monkeypatch):
    folder = tmp_path / "own" / "bpmn" / "broken"
    folder.mkdir(parents=True)
    (folder / "service.toml").write_text('code = "broken"\n', "utf-8")
    monkeypatch.setenv("ONETHING_SERVICES", str(tmp_path / "own"))

    code, out, _ = site("deploy", "broken")

    assert code == 2
    assert "service.toml" in out


def test_who_may_not_is_refused(site, case_no, written):
    account(site, "auditor", "auditor")

    started = site("start", "letter", "--data", written(ANSWERS), "--as", "auditor")
    completed = site("complete", task(site), "--as", "auditor")
    sent = site("message", "Reply", "--key", case_no, "--as", "auditor")

    assert [one[0] for one in (started, completed, sent)] == [1, 1, 1]
    assert ["not-allowed" in started[2], "not-found" in completed[2], "not-allowed" in sent[2]] == [
        True
    ] * 3


def test_applicant_lists_the_own_tasks_alone(site, case_no, written):
    account(site, "citizen", "applicant")
    own = {**ANSWERS, "sender": {"name": "李梅", "idNo": "370502196909039902"}}
    site("start", "letter", "--data", written(own), "--as", "citizen")

    listed = json.loads(site("tasks", "--as", "citizen", "--json")[1])

    assert [one["activity"] for one in listed] == ["confirm"]
    assert listed[0]["case_no"] != case_no
