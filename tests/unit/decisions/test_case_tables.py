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
