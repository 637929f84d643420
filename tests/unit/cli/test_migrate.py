"""The commands migrate and modify on a database of their own."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from onething import cli
from onething.main import wiring
from unit.runtime.versions import DIAGRAM, RENAMED, version

PACKAGE = Path(__file__).parents[1] / "runtime" / "package"
ID_NUMBERS = ("370502198504129810", "370502198504129829")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Run:
    """Run a command beside two deployments of a service; return exit code, output, errors."""
    services = tmp_path / "services"
    shutil.copytree(PACKAGE, services)
    monkeypatch.setenv("ONETHING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ONETHING_SERVICES", str(services))

    def command(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.run(wiring(), list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    assert command("deploy", "permit")[0] == 0
    for one in ID_NUMBERS:
        person = {"name": "张三", "idNo": one, "division": "370502"}
        (tmp_path / "data.json").write_text(json.dumps({"way": "check", "person": person}))
        assert command("start", "permit", "--data", str(tmp_path / "data.json"))[0] == 0
    (services / DIAGRAM).write_bytes(version(*RENAMED).files[DIAGRAM])
    assert command("deploy", "permit")[0] == 0
    return command


@pytest.fixture
def mapping(tmp_path: Path) -> str:
    file = tmp_path / "mapping.toml"
    file.write_text('check = "review"\n')
    return str(file)


WORDS = ("migrate", "permit", "--from", "1", "--to", "2")


def test_cases_move_by_the_mapping_and_replay(run: Run, mapping: str) -> None:
    code, out, _ = run(*WORDS, "--mapping", mapping)

    assert (code, out) == (0, "2 moved to permit@2, 0 cannot, 0 have ended and stay\n")
    assert run("replay", "--all")[0] == 0
    assert run("verify")[0] == 0
    assert run(*WORDS, "--mapping", mapping)[1].startswith("0 moved")


def test_a_dry_run_tells_each_case_and_moves_none(run: Run, mapping: str) -> None:
    code, out, _ = run(*WORDS, "--mapping", mapping, "--dry-run")

    assert code == 0
    assert out.count("  moved  check -> review") == len(ID_NUMBERS)
    assert "2 would move" in out
    answer = json.loads(run(*WORDS, "--mapping", mapping, "--dry-run", "--json")[1])
    assert (answer["dry_run"], len(answer["cases"])) == (True, len(ID_NUMBERS))


def test_cases_that_cannot_move_are_told_and_the_exit_is_1(run: Run) -> None:
    code, out, _ = run(*WORDS, "--json")
    answer = json.loads(out)

    assert (code, answer["moved"], answer["cannot"]) == (1, 0, 2)
    assert answer["cases"][0]["reasons"][0]["rule"] == "no-counterpart"
    assert "[no-counterpart]" in run(*WORDS)[1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"check = ", "not TOML"),
        (b"\xff", "not TOML"),
        (b"check = 3", "no mapping"),
        (b"a.b = 'c'", "quotation marks"),
        (b"nothing = 'review'", "nothing: the old version has no such element"),
        (b"check = 'nothing'", "the new version has no element nothing"),
    ],
)
def test_a_bad_mapping_is_1_and_told(run: Run, tmp_path: Path, text: bytes, told: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(text)

    code, _, said = run(*WORDS, "--mapping", str(file))

    assert code == 1
    assert "invalid-input" in said
    assert told in said


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("migrate", "permit", "--from", "1", "--to", "1"), 1, "invalid-input"),
        (("migrate", "permit", "--from", "1", "--to", "9"), 1, "not-found"),
        (("migrate", "nothing", "--from", "1", "--to", "2"), 1, "not-found"),
        (("migrate", "permit", "--from", "0", "--to", "2"), 64, "--from"),
        (("migrate", "permit", "--from", "1"), 64, "--to"),
        ((*WORDS, "--mapping", "/nothing"), 64, "--mapping"),
        (("modify", "nothing", "--start", "check", "--reason", "r"), 1, "not-found"),
        (("modify", "nothing", "--start", "check"), 64, "--reason"),
    ],
)
def test_wrong_words_are_told(run: Run, words: tuple[str, ...], code: int, told: str) -> None:
    answer = run(*words)

    assert answer[0] == code
    assert told in answer[2]


def test_a_token_is_moved_with_its_reason(run: Run) -> None:
    case_no = json.loads(run("cases", "--json")[1])[0]["case_no"]
    moving = ("modify", case_no, "--cancel", "check", "--start", "search", "--reason", "窗口核查")

    code, out, _ = run(*moving)
    again, _, told = run(*moving)

    assert (code, out) == (0, f"{case_no} event 2\n")
    assert (again, "tokens stand at search" in told) == (1, True)
    tasks = json.loads(run("tasks", "--case", case_no, "--json")[1])
    assert [one["activity"] for one in tasks] == ["search"]
