"""The cases that must be exactly right are proved by something that exists."""

import ast
import csv
import tomllib
from pathlib import Path

import pytest

from onething import catalog
from onething.testing import case_tables
from scenario.notes import SCENARIOS

HERE = Path(__file__).parent
UNIT = HERE.parent / "unit"
BPMN = catalog.shipped_root() / "bpmn"
CASES = tomllib.loads((HERE / "domain_cases.toml").read_text("utf-8"))
TABLES = sorted(BPMN.rglob(f"*{case_tables.ENDING}"))


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [row["case"].strip('"') for row in csv.DictReader(file)]


def functions(path):
    tree = ast.parse(path.read_text("utf-8"))
    return {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize("case", CASES)
def test_what_proves_a_case_exists(case):
    proofs = CASES[case]

    missing = [name for name in proofs.get("scenarios", ()) if name not in SCENARIOS]
    missing += [name for name in proofs.get("tables", ()) if case not in rows(BPMN / name)]
    named = [name.split("::") for name in proofs.get("tests", ())]
    missing += [test for file, test in named if test not in functions(UNIT / file)]

    assert (bool(proofs), missing) == (True, [])


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_shipped_table_of_cases_holds(path):
    count, failures = case_tables.run(path)

    assert count > 0
    assert [str(one) for one in failures] == []
