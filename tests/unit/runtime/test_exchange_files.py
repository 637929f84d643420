"""Departments without an API: calls and answers as rows of files, each counted once."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from onething import runtime
from onething.connectors import Drop, sheets
from onething.connectors.departments_file import Folder
from onething.simulator.mailroom import Mailroom
from onething.simulator.numbers import make_id_number
from unit.runtime.node import Node

WITHIN = timedelta(days=5)


class Exchange:
    """An exchange folder of the police, and a clock that measures how long files lie."""

    def __init__(self, node: Node, folder: Path, **terms) -> None:
        self.node, self.folder, self.seconds = node, folder, 0.0
        self.people: list[str] = []
        self.terms = {
            "folder": folder,
            "format": "csv",
            "batch_s": 60,
            "batch_rows": 100,
            "settle_s": 10,
            "keep_days": 30,
            "answer_within": WITHIN,
        } | terms
        for part in ("out", "in"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        self.begin()

    def begin(self) -> None:
        """Open the folder as a worker that has just started does."""
        self.drop = Drop("police", Folder(**self.terms), lambda: self.seconds)
        self.node.host.departments = self.drop
        self.node.host.drops = {"police": self.drop}

    def start(self, way: str = "call") -> str:
        """Open a case of somebody new and perform its call; return its number."""
        id_no = self.id_no(len(self.people))
        self.people.append(id_no)
        case_no = self.node.start(way, idNo=id_no)
        self.node.perform()
        return case_no

    def id_no(self, at: int) -> str:
        return make_id_number("370502", date(1985, 4, 12), "男", at)

    def round(self, after_s: float = 60) -> int:
        self.seconds += after_s
        return runtime.exchange_files(self.node.host)

    def files(self, part: str) -> list[Path]:
        folder = self.folder / part
        return sorted(one for one in folder.iterdir() if one.is_file()) if folder.exists() else []

    def calls(self) -> list[dict[str, str]]:
        """Return the rows of all files of calls."""
        files = [one for one in self.files("out") if not one.name.startswith(".")]
        return [row.cells for one in files for row in sheets.read(one)[1]]

    def give(self, *rows: dict[str, str], name: str = "answers.csv") -> None:
        """Put a file of answers into the folder and let it settle."""
        header = list(rows[0])
        sheets.write(self.folder / "in" / name, header, [list(row.values()) for row in rows])
        self.round(0)
        self.round()


@pytest.fixture
def exchange(node: Node, tmp_path: Path) -> Exchange:
    return Exchange(node, tmp_path / "police")


def ok(call: dict[str, str], **answer: str) -> dict[str, str]:
    return call | {"result": "OK", "out.matches": "是", "out.alive": "true"} | answer


def test_a_call_waits_for_its_batch_and_holds_nobody(exchange):
    case_no = exchange.start()

    assert exchange.node.jobs(case_no)[0].state == "awaiting"
    assert exchange.node.incidents(case_no) == []
    assert exchange.calls() == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_calls_go_out_together_each_with_its_key(node, tmp_path, kind):
    exchange = Exchange(node, tmp_path / "police", format=kind)
    numbers = [exchange.start(), exchange.start()]

    exchange.round()

    calls = exchange.calls()
    assert {call["case_no"] for call in calls} == set(numbers)
    assert {call["key"] for call in calls} == {node.jobs(one)[0].id for one in numbers}
    assert {call["in.idNo"] for call in calls} == set(exchange.people)
    assert len(exchange.files("out")) == 2  # one file of calls and the lock


def test_a_batch_has_no_more_rows_than_agreed(node, tmp_path):
    exchange = Exchange(node, tmp_path / "police", batch_rows=2)
    for _case in range(3):
        exchange.start()

    assert exchange.round() == 2
    assert len(exchange.calls()) == 3


def test_the_next_batch_waits_for_its_time(exchange):
    exchange.start()
    exchange.round()
    exchange.start()

    exchange.round(after_s=59)
    early = len(exchange.calls())
    exchange.round(after_s=1)

    assert (early, len(exchange.calls())) == (1, 2)


def test_an_answer_moves_its_case_on_and_its_file_is_put_away(exchange):
    case_no = exchange.start()
    exchange.round()

    exchange.give(ok(exchange.calls()[0]))

    assert exchange.node.case(case_no).state == "CLOSED"
    assert exchange.node.events(case_no)[-1].input["way"] == "file"
    assert runtime.replay(exchange.node.host, case_no).is_clean
    assert exchange.files("in") == []
    assert len(exchange.files("done")) == 1
    assert exchange.files("errors") == []


def test_a_refusal_goes_the_way_the_model_says(exchange):
    case_no = exchange.start("careful")
    exchange.round()

    exchange.give(exchange.calls()[0] | {"result": "NO_RECORD", "message": "查无此人"})

    assert exchange.node.task(case_no).activity == "search"


def test_wrong_rows_come_back_with_their_reasons_and_good_ones_count(exchange):
    good, bad = exchange.start(), exchange.start()
    exchange.round()
    by_case = {call["case_no"]: call for call in exchange.calls()}
    empty = by_case[bad] | {"result": ""}
    broken = ok(by_case[bad]) | {"out.matches": "perhaps"}
    foreign = ok(by_case[bad]) | {"operation": "fund.housing.get"}
    nobody = ok(by_case[bad]) | {"key": "none:1"}

    exchange.give(ok(by_case[good]), empty, broken, foreign, nobody)

    (file,) = exchange.files("errors")
    header, rows = sheets.read(file)
    assert header == [*by_case[bad], "error"]
    assert [row.cells["error"].partition(":")[0] for row in rows] == [
        "result is empty",
        "police.identity.verify",
        "operation names none of police",
        "No job none",
    ]
    assert exchange.node.case(good).state == "CLOSED"
    assert exchange.node.jobs(bad)[0].state == "awaiting"


def test_an_error_file_that_was_mended_is_taken(exchange):
    case_no = exchange.start()
    exchange.round()
    exchange.give(exchange.calls()[0] | {"result": "?"})
    (file,) = exchange.files("errors")
    row = sheets.read(file)[1][0].cells

    exchange.give(ok(row), name="again.csv")

    assert exchange.node.case(case_no).state == "CLOSED"


def test_the_same_answers_again_do_nothing(exchange):
    case_no = exchange.start()
    exchange.round()
    call = exchange.calls()[0]
    exchange.give(ok(call))

    exchange.give(ok(call), name="again.csv")

    assert exchange.node.kinds(case_no) == ["CaseStarted", "JobCompleted"]
    assert exchange.files("errors") == []


def test_a_file_that_still_grows_is_left_alone(exchange):
    exchange.start()
    exchange.round()
    file = exchange.folder / "in" / "answers.csv"
    file.write_text("key,oper")
    exchange.round(0)
    file.write_text("key,operation,result\n")
    exchange.round()

    assert file.exists()
    exchange.round(10)
    assert not file.exists()


@pytest.mark.parametrize("name", [".answers.csv", "~$answers.xlsx", "answers.csv.part", "a.txt"])
def test_drafts_and_other_files_are_left_alone(exchange, name):
    file = exchange.folder / "in" / name
    file.write_text("half")
    exchange.round(0)

    exchange.round(3600)

    assert file.exists()


def test_a_file_that_cannot_be_read_is_put_aside_with_the_reason(exchange):
    (exchange.folder / "in" / "answers.xlsx").write_bytes(b"no zip")
    exchange.round(0)
    exchange.round()

    file, reason = exchange.files("errors")
    assert file.name.endswith("answers.xlsx")
    assert "no xlsx" in reason.read_text()


def test_a_batch_that_a_crash_interrupted_is_written_again_with_the_same_keys(
    exchange, monkeypatch
):
    case_no = exchange.start()

    def crash(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sheets, "write", crash)
        with pytest.raises(KeyboardInterrupt):
            exchange.round()
    exchange.begin()
    exchange.round(0)

    assert [call["key"] for call in exchange.calls()] == [exchange.node.jobs(case_no)[0].id]


def test_a_folder_that_is_missing_makes_the_department_unavailable(node, tmp_path):
    exchange = Exchange(node, tmp_path / "police")
    (exchange.folder / "out").rmdir()

    case_no = exchange.start()

    (job,) = node.jobs(case_no)
    assert (job.state, job.attempts) == ("queued", 1)
    assert exchange.round() == 0
    for _attempt in range(job.retries + 1):
        node.world.clock.advance(timedelta(hours=12))
        node.perform()
    assert [one.code for one in node.incidents(case_no)] == ["UNAVAILABLE"]


def test_only_one_worker_has_the_folder_at_a_time(exchange):
    exchange.start()

    with exchange.drop.alone() as is_mine:
        assert is_mine
        assert exchange.round() == 0

    assert exchange.round() == 1


def test_files_that_are_done_with_are_deleted_in_the_end(exchange):
    exchange.start()
    exchange.round()
    exchange.give(ok(exchange.calls()[0]))
    exchange.node.world.clock.advance(timedelta(days=31))

    exchange.round()

    assert exchange.files("done") == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_simulator_answers_the_files_of_such_a_department(node, tmp_path, kind):
    exchange = Exchange(node, tmp_path / "police", format=kind)
    known, unknown = exchange.start(), exchange.start("careful")
    node.know(id_no=exchange.people[0])
    exchange.round()

    Mailroom(node.world.exchange, exchange.folder).answer_all()
    exchange.round(0)
    exchange.round()

    assert node.case(known).state == "CLOSED"
    assert node.task(unknown).activity == "search"
