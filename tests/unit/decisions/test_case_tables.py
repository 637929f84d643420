import csv

import pytest

from onething.errors import InvalidInput
from onething.testing import case_tables

MODEL = """<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' namespace='urn:t'
  name='fees' id='t'><decision id='fee' name='fee'><literalExpression>
  <text>if p.age &lt; 18 then 0 else 9.5</text></literalExpression></decision></definitions>"""


def table(folder, text):
    (folder / "fees.dmn").write_text(MODEL, "utf-8")
    (folder / "fees.cases.csv").write_text(text, "utf-8")
    return folder / "fees.cases.csv"


def test_a_table_of_cases_tells_what_came_instead(tmp_path):
    path = table(tmp_path, "p.age,=fee\n7,0\n18,9.5\n19,0\n")

    count, failed = case_tables.run(path)

    assert count == 3
    assert [str(one) for one in failed] == ["fees.cases.csv:4: fee: expected 0, found 9.5"]


def test_a_table_without_a_decision_is_refused(tmp_path):
    with pytest.raises(InvalidInput):
        case_tables.run(table(tmp_path, "p.age\n7\n"))


LATE = MODEL.replace(
    "if p.age &lt; 18 then 0 else 9.5", "today() &gt; due date(p.on, &quot;WD(2)&quot;)"
)


@pytest.mark.parametrize(
    ("now", "late"),
    [
        ('@"2026-11-25"', "false"),
        ('@"2026-11-26"', "true"),
        ('@"2026-11-25T15:59:59Z"', "false"),
        ('@"2026-11-25T16:00:00Z"', "true"),
        ("", "false"),
    ],
)
def test_a_case_is_decided_at_the_instant_of_its_row_by_the_legal_calendar(tmp_path, now, late):
    path = table(tmp_path, "")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["now()", "p.on", "=fee"], [now, '@"2026-11-23"', late]])
    path.with_name("fees.dmn").write_text(LATE, "utf-8")

    assert case_tables.run(path) == (1, [])


def test_an_instant_that_is_none_is_told_with_its_line(tmp_path):
    _, failed = case_tables.run(table(tmp_path, "now(),p.age,=fee\n5,7,0\n"))

    assert [one.message for one in failed] == ["now() is a date, or a date and time"]
