"""What every process of the product waits for before it begins."""

import subprocess
import sys

RARE = ("fpdf", "fontTools", "openpyxl", "dbos")
"""What draws documents, opens workbooks and performs jobs: loaded when it is needed."""


def test_a_start_loads_nothing_that_only_few_processes_need():
    asked = f"import onething.main, sys; print([one for one in {RARE} if one in sys.modules])"

    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout

    assert told.strip() == "[]"
