"""The exchange folder between two processes: the product's and the department's."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from onething.connectors import Drop, sheets
from onething.connectors.departments_file import Folder
from onething.errors import AnswerPending, InvalidInput
from unit.connectors.conftest import GET, LIN, simulator

UNTIL_S = 20
NOBODY = "370521199711029912"


@pytest.fixture
def folder(tmp_path):
    for part in ("out", "in"):
        (tmp_path / "police" / part).mkdir(parents=True)
    return tmp_path / "police"


def drop(folder, kind="xlsx"):
    terms = Folder(folder, kind, 0, 100, 0, 30, timedelta(days=1))
    return Drop("police", terms)


def ask(subject, key, id_no=LIN):
    with pytest.raises(AnswerPending) as pending:
        subject.call(GET, {"idNo": id_no}, key, "L1")
    return pending.value.within


def test_a_department_in_another_process_answers_by_files(folder, tmp_path):
    subject = drop(folder)
    within = ask(subject, "a:1")
    ask(subject, "b:2", NOBODY)

    with simulator(tmp_path, "--folder", folder):
        subject.send(datetime.now(UTC))
        until = time.monotonic() + UNTIL_S
        while not (arrived := subject.arrived()) and time.monotonic() < until:
            time.sleep(0.05)

    _header, rows = sheets.read(arrived[0])
    told = {one.key: one for one in map(subject.read, rows)}
    assert within == timedelta(days=1)
    assert told["a:1"].answer["name"] == "林晓彤"
    assert told["a:1"].answer["alive"] is True
    assert told["b:2"].reason == "NO_RECORD"


def test_a_call_is_kept_once_under_its_key(folder):
    subject = drop(folder, "csv")
    ask(subject, "a:1")
    ask(subject, "a:1")

    subject.send(datetime.now(UTC))

    (file,) = [one for one in (folder / "out").iterdir() if one.suffix == ".csv"]
    assert [row.cells["key"] for row in sheets.read(file)[1]] == ["a:1"]


def test_inputs_outside_the_contract_never_reach_the_folder(folder):
    with pytest.raises(InvalidInput):
        drop(folder).call(GET, {"idNo": LIN, "diagnosis": "x"}, "a:1", "L1")

    assert list((folder / "out").iterdir()) == []
