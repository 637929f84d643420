"""Measure FEEL and decision tables beside SpiffWorkflow's Python engine and npm's feelin."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment

from onething import decisions, feel
from onething.feel import expression

FEELIN = Path(__file__).parent / "feelin"
ROWS = [{"n": n, "kind": "ab"[n % 2]} for n in range(1000)]
CONTEXT = {"age": 34, "order": {"price": 12.5, "count": 3, "discount": 2}, "rows": ROWS}
CASES = {
    "comparison": ("age >= 18", "age >= 18"),
    "arithmetic over a context": (
        "order.price * order.count - order.discount",
        "order['price'] * order['count'] - order['discount']",
    ),
    "filter over 1,000 rows": (
        'rows[n > 500 and kind = "a"]',
        "[r for r in rows if r['n'] > 500 and r['kind'] == 'a']",
    ),
    "date arithmetic": (
        'date("2026-01-31") + duration("P30D") > date("2026-02-15")',
        "date(2026, 1, 31) + timedelta(days=30) > date(2026, 2, 15)",
    ),
}


def timed(work: Callable[[], object]) -> float:
    """Return the microseconds of one call, over half a second of calls."""
    for _ in range(20):
        work()
    start, rounds = time.perf_counter(), 0
    while time.perf_counter() - start < 0.5:
        work()
        rounds += 1
    return (time.perf_counter() - start) * 1e6 / rounds


def needed(text: str) -> dict[str, object]:
    """Return the variables that an expression uses: feelin converts all it is given."""
    return {name: value for name, value in CONTEXT.items() if name in text}


def ours(text: str) -> tuple[float, float]:
    """Return evaluation and parsing of an expression by the product."""
    variables = feel.from_json(needed(text))
    env = feel.Environment(now=datetime(2026, 11, 23, tzinfo=UTC))
    compiled = feel.compile(text, frozenset(variables))
    run = timed(lambda: compiled.evaluate(variables, env))
    return run, timed(lambda: expression._compiled(text, frozenset(variables), {}))


def spiff(text: str) -> float:
    """Return the evaluation of the same by SpiffWorkflow's engine, which compiles each time."""
    engine = PythonScriptEngine(TaskDataEnvironment({"date": date, "timedelta": timedelta}))
    return timed(lambda: engine.environment.evaluate(text, dict(CONTEXT)))


def feelin() -> dict[str, dict[str, float]]:
    """Return feelin's figures, installed from its lock file; nothing without node."""
    if not shutil.which("node") or not shutil.which("npm"):
        return {}
    subprocess.run(["npm", "ci", "--silent"], cwd=FEELIN, check=True)  # noqa: S607 - the bench's own tool
    cases = {name: [text, needed(text)] for name, (text, _) in CASES.items()}
    given = json.dumps({"cases": cases})
    words = ["node", "bench.js"]
    done = subprocess.run(
        words, cwd=FEELIN, input=given, text=True, capture_output=True, check=True
    )
    return dict(json.loads(done.stdout))


def table() -> float:
    """Return one evaluation of a table of 1,000 rules with 5 inputs."""
    rules = "".join(
        "<rule>"
        + "".join(
            f"<inputEntry><text><![CDATA[{cell}]]></text></inputEntry>"
            for cell in (f"[{n}..{n + 9}]", f'"c{n % 7}"', f"> {n % 50}", "-", f"not({n % 3})")
        )
        + f"<outputEntry><text>{n}</text></outputEntry></rule>"
        for n in range(1000)
    )
    inputs = "".join(
        f"<input><inputExpression><text>{x}</text></inputExpression></input>" for x in "abcde"
    )
    source = f"""<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' namespace='urn:t'
        name='t' id='t'><decision id='d' name='d'><decisionTable hitPolicy='COLLECT'>{inputs}
        <output name='o'/>{rules}</decisionTable></decision></definitions>"""
    model = decisions.parse(source.encode())
    given = {"a": 500, "b": "c3", "c": 60, "d": True, "e": 5}
    return timed(
        lambda: model.evaluate("d", given, feel.Environment(now=datetime(2026, 11, 23, tzinfo=UTC)))
    )


def line(name: str, other: dict[str, float] | None) -> str:
    """Return one line of the comparison; without feelin its places hold a dash."""
    text, python = CASES[name]
    run, parse = ours(text)
    figures = ["–"] * 3
    if other is not None:
        whole, parsing = other["whole"], other["parse"]
        figures = [f"{whole:.1f}", f"{whole - parsing:.1f}", f"{parsing:.0f}"]
    cells = [name, f"{run:.1f}", *figures[:2], f"{spiff(python):.1f}", f"{parse:.0f}", figures[2]]
    return f"| {' | '.join(cells)} |"


def report() -> str:
    """Measure and return the section on expressions and tables."""
    others = feelin()
    lines = [line(name, others.get(name)) for name in CASES]
    missing = "" if others else "\nfeelin was left out: node is not installed here.\n"
    return f"""## FEEL and decision tables

Microseconds an evaluation, same expressions and data in one run. onething compiles an expression
once and counts with decimals of 34 digits; feelin parses at each call and counts with doubles;
SpiffWorkflow's engine evaluates Python text.

| | onething | feelin | feelin less parsing | SpiffWorkflow | parse: onething | parse: feelin |
|---|---|---|---|---|---|---|
{chr(10).join(lines)}
{missing}
- A decision table of 1,000 rules with 5 inputs: {table():.0f} µs an evaluation.
"""


if __name__ == "__main__":
    sys.stdout.write(report())
