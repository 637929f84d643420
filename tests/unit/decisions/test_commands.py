import json

import pytest
from click.testing import CliRunner

from onething.cli import feel as commands
from onething.errors import ExpressionSyntaxError, InvalidInput

MODEL = """<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' namespace='urn:t'
  name='fees' id='t'><decision id='fee' name='fee'><decisionTable hitPolicy='FIRST'>
  <input><inputExpression><text>age</text></inputExpression></input><output name='out'/>
  <rule id='young'><inputEntry><text>&lt; 18</text></inputEntry>
  <outputEntry><text>0</text></outputEntry></rule>
  <rule id='others'><inputEntry><text>-</text></inputEntry>
  <outputEntry><text>9.5</text></outputEntry></rule></decisionTable></decision></definitions>"""
CASES = """<testCases xmlns='http://www.omg.org/spec/DMN/20160719/testcase'
  xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'
  xmlns:xsd='http://www.w3.org/2001/XMLSchema'><modelName>fees.dmn</modelName>
  <testCase id='1'><inputNode name='age'><value xsi:type='xsd:decimal'>7</value></inputNode>
  <resultNode name='fee'><expected><value xsi:type='xsd:decimal'>0</value></expected></resultNode>
  </testCase><testCase id='2'><inputNode name='age'><value xsi:type='xsd:decimal'>70</value>
  </inputNode><resultNode name='fee'><expected><value xsi:type='xsd:decimal'>9</value></expected>
  </resultNode></testCase></testCases>"""


def run(command, *words):
    return CliRunner().invoke(command, list(words), catch_exceptions=True)


@pytest.fixture
def kit(tmp_path):
    folder = tmp_path / "level" / "0001-fees"
    folder.mkdir(parents=True)
    (folder / "fees.dmn").write_text(MODEL, "utf-8")
    (folder / "fees-test-01.xml").write_text(CASES, "utf-8")
    return tmp_path


def test_feel_prints_the_value_of_an_expression_with_variables():
    done = run(commands.evaluate, "年龄 + 1.5", "--context", '{"年龄": 18}')

    assert done.stdout == "19.5\n"


def test_feel_says_why_there_is_no_value():
    done = run(commands.evaluate, "1 + nobody")

    assert done.stdout == "null\n"
    assert "nothing is named nobody" in done.stderr


def test_feel_refuses_what_is_no_expression():
    done = run(commands.evaluate, "1 +")

    assert isinstance(done.exception, ExpressionSyntaxError)


def test_feel_refuses_variables_that_are_no_json_object():
    assert run(commands.evaluate, "1", "--context", "[1]").exit_code == 2


def test_decide_prints_the_value_and_the_rules_that_matched(kit):
    file = str(kit / "level" / "0001-fees" / "fees.dmn")

    done = run(commands.decide, file, "fee", "--input", '{"age": 7}')

    assert done.stdout == "0\nfee: rule 1 (young)\n"


def test_decide_prints_json_for_programs(kit):
    file = str(kit / "level" / "0001-fees" / "fees.dmn")

    done = run(commands.decide, file, "fee", "--input", '{"age": 70}', "--json")

    assert json.loads(done.stdout) == {
        "value": 9.5,
        "matched": [{"decision": "fee", "rule_id": "others", "number": 2}],
        "inputs": {"age": 70},
        "warnings": [],
    }


def test_tck_prints_folders_failures_and_the_sum_as_last_line(kit):
    done = CliRunner().invoke(commands.tck, [str(kit)], standalone_mode=False)

    lines = done.stdout.splitlines()
    assert lines[0].split() == ["0001-fees", "1", "of", "2"]
    assert lines[1] == "0001-fees 2 fee: expected 9, found 9.5"
    assert lines[-1] == "passed 1 of 2"
    assert done.return_value == 1


def test_tck_refuses_a_folder_without_tests(tmp_path):
    assert isinstance(run(commands.tck, str(tmp_path)).exception, InvalidInput)


def test_feel_and_decide_know_the_legal_calendar(tmp_path):
    text = 'is working day(@"2026-11-23") and due date(@"2026-11-23", "WD(1)") = @"2026-11-24"'
    model = tmp_path / "due.dmn"
    model.write_text(
        f"""<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' namespace='urn:t'
        name='t' id='t'><decision id='d' name='d'><decisionTable><input><inputExpression>
        <text>add working days(on, 1)</text></inputExpression></input><output name='o'/>
        <rule><inputEntry><text>&gt; add working days(@"2026-11-20", 1)</text></inputEntry>
        <outputEntry><text>{text}</text></outputEntry></rule></decisionTable></decision>
        </definitions>""",
        "utf-8",
    )

    written = run(commands.evaluate, text)
    decided = run(commands.decide, str(model), "d", "--input", '{"on": "2026-11-24"}')

    assert written.stdout == "true\n"
    assert decided.stdout.startswith("true\n")
