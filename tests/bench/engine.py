"""Measure the engine's steps beside raw SpiffWorkflow and npm's bpmn-engine."""

import gc
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from onething import engine

OTHER = Path(__file__).parent / "bpmn-engine"
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ROUNDS = (1, 10, 100, 1_000)
BRANCHES = (4, 20, 100, 200)
PROBES = 20
"""Steps that are measured from a round on."""
TRIES = 3
"""The quickest of so many tries counts: other work on the machine only makes slower."""
SPIFF_ROUNDS = 300
"""Raw SpiffWorkflow hangs after 333 rounds: it is asked for fewer."""
SECONDS = 2
NOW = datetime(2026, 11, 23, tzinfo=UTC)
DONE = {"onething": "=done", "spiff": "done", "npm": "${environment.variables.done}"}


def drawn(nodes: str, flows: list[tuple[str, str]], more: str = "") -> str:
    """Return a process as BPMN text."""
    connected = "".join(
        f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in flows
    )
    text = f'<definitions xmlns="{MODEL}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    text += f' id="d" targetNamespace="urn:bench"><process id="p" isExecutable="true">{nodes}'
    return f"{text}{connected}{more}</process></definitions>"


def loop(who: str) -> str:
    """Return a task that is done again and again."""
    nodes = '<startEvent id="s"/><userTask id="t"/><exclusiveGateway id="g" default="g-t"/>'
    done = '<sequenceFlow id="g-e" sourceRef="g" targetRef="e"><conditionExpression xsi:type='
    done += f'"tFormalExpression">{DONE[who]}</conditionExpression></sequenceFlow>'
    return drawn(f'{nodes}<endEvent id="e"/>', [("s", "t"), ("t", "g"), ("g", "t")], done)


def parallel(count: int) -> str:
    """Return a process of so many parallel tasks."""
    names = [f"t{n}" for n in range(count)]
    nodes = '<startEvent id="s"/><parallelGateway id="g"/><parallelGateway id="j"/>'
    nodes += '<endEvent id="e"/>' + "".join(f'<userTask id="{name}"/>' for name in names)
    flows = [("s", "g"), ("j", "e"), *[("g", one) for one in names], *[(n, "j") for n in names]]
    return drawn(nodes, flows)


def chain() -> str:
    """Return a process of three tasks."""
    nodes = '<startEvent id="s"/><endEvent id="e"/>'
    nodes += "".join(f'<userTask id="t{n}"/>' for n in range(3))
    return drawn(nodes, [("s", "t0"), ("t0", "t1"), ("t1", "t2"), ("t2", "e")])


class Ours:
    """One instance in the product's engine."""

    def __init__(self, process: engine.Process) -> None:
        self.process = process
        self.context = engine.Context(now=NOW)
        step = engine.start(process, engine.Start("p", {"done": False}), self.context)
        self.state = step.state
        self.waiting = [one.token for one in step.tasks_opened]

    @staticmethod
    def compiled(text: str) -> engine.Process:
        """Return what instances are made of."""
        return engine.compile(engine.Bundle({"a.bpmn": text.encode()}))

    def complete(self) -> None:
        """Complete the task that waits longest."""
        command = engine.CompleteTask(self.waiting.pop(0))
        step = engine.apply(self.process, self.state, command, self.context)
        self.waiting += [one.token for one in step.tasks_opened]


class Spiff:
    """One instance in raw SpiffWorkflow."""

    def __init__(self, spec: object) -> None:
        self.workflow = BpmnWorkflow(spec)
        self.workflow.data["done"] = False
        self.workflow.do_engine_steps()

    @staticmethod
    def compiled(text: str) -> object:
        """Return what instances are made of."""
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(io.BytesIO(text.encode())), "a.bpmn")
        return parser.get_spec("p")

    @property
    def waiting(self) -> bool:
        """Whether a task waits."""
        return not self.workflow.completed

    def complete(self) -> None:
        """Complete a task that waits."""
        task = self.workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data["done"] = False
        task.run()
        self.workflow.do_engine_steps()


def timed(work: Callable[[], None], count: int) -> float:
    """Return the microseconds of one call."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(count):
        work()
    return (time.perf_counter() - start) * 1e6 / count


def measured(kind: type[Ours] | type[Spiff], who: str) -> dict[str, list[float] | float]:
    """Return the figures of one engine of Python."""
    looping = kind.compiled(loop(who))
    most = SPIFF_ROUNDS if kind is Spiff else max(ROUNDS)
    found: dict[str, list[float] | float] = {
        "loop": [at_round(kind, looping, one) for one in ROUNDS if one <= most],
        "branches": [of_branches(kind, one) for one in BRANCHES],
    }
    process, count, start = kind.compiled(chain()), 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        instance = kind(process)
        while instance.waiting:
            instance.complete()
        count += 1
    return found | {"instances": count / (time.perf_counter() - start)}


def at_round(kind: type[Ours] | type[Spiff], compiled: object, number: int) -> float:
    """Return the cost of a step from a round on."""
    found = []
    for _ in range(TRIES):
        instance = kind(compiled)
        for _ in range(number - 1):
            instance.complete()
        found.append(timed(instance.complete, PROBES))
    return min(found)


def of_branches(kind: type[Ours] | type[Spiff], number: int) -> float:
    """Return the cost of a step at a number of branches."""
    compiled = kind.compiled(parallel(number))
    return min(timed(kind(compiled).complete, number) for _ in range(TRIES))


def other() -> dict[str, list[float] | float]:
    """Return bpmn-engine's figures, installed from its lock file."""
    subprocess.run(["npm", "ci", "--silent"], cwd=OTHER, check=True)  # noqa: S607 - the bench's own tool
    given = json.dumps(
        {
            "loop": loop("npm"),
            "rounds": ROUNDS,
            "probes": PROBES,
            "branches": [[one, parallel(one)] for one in BRANCHES],
            "chain": chain(),
            "seconds": SECONDS,
            "tries": TRIES,
        }
    )
    words = ["node", "bench.js"]
    done = subprocess.run(words, cwd=OTHER, input=given, text=True, capture_output=True, check=True)
    return dict(json.loads(done.stdout))


def row(name: str, figures: dict[str, list[float] | float]) -> str:
    """Return one line of the table; a dash where the engine cannot."""
    looped = [f"{one:,.0f}" for one in figures["loop"]]
    looped += ["—"] * (len(ROUNDS) - len(looped))
    cells = [*looped, *[f"{one:,.0f}" for one in figures["branches"]]]
    return f"| {name} | {' | '.join(cells)} | {figures['instances']:,.0f} |"


def report() -> str:
    """Measure and return the section on the engine."""
    measured(Ours, "onething")
    ours = measured(Ours, "onething")
    rows = [row("onething", ours), row("SpiffWorkflow", measured(Spiff, "spiff"))]
    rows.append(row("bpmn-engine", other()))
    rounds, branches = ours["loop"], ours["branches"]
    return f"""## Engine

Microseconds a step in memory, one command a step: at a round of a loop, and at a number of
parallel branches; then instances of three tasks a second, started and completed. Same diagrams in
one run, the best of {TRIES} tries. Raw SpiffWorkflow hangs after 333 rounds; bpmn-engine reads the
diagram anew for each instance.

| | round 1 | 10 | 100 | 1,000 | 4 branches | 20 | 100 | 200 | instances a second |
|---|---|---|---|---|---|---|---|---|---|
{chr(10).join(rows)}

- A step at round 1,000 costs {rounds[-1] / rounds[0]:.2f} × one at round 1, a step at 200 branches
  {branches[-1] / branches[0]:.2f} × one at 4.
"""


if __name__ == "__main__":
    sys.stdout.write(report())
