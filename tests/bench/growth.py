"""What an instance costs on disk as its data grow: tasks with 5 KB of new data each."""

import itertools
import os
import secrets
import tempfile
import time
from pathlib import Path

import product
from served import sizes

from onething import db, runtime
from onething.catalog import Catalog
from onething.definitions import Package
from onething.identity import SYSTEM
from onething.runtime import Host
from onething.settings import Settings
from onething.testing import postgres

INSTANCES = int(os.environ.get("BENCH_GROWING", "40"))
BYTES = 5_000
STAGES = (5, 10, 20, 40, 80)
TASKS = STAGES[-1]
TOLD = 20
"""The length that most cases stay below; the last stage is far behind it."""
HEAD = '<bpmn:process id="three-tasks" isExecutable="true">'
TASK = (
    '<bpmn:userTask id="t{n}" name="T"><bpmn:extensionElements>'
    '<zeebe:formDefinition formId="f{n}"/></bpmn:extensionElements></bpmn:userTask>'
)
FORM = (
    '{{"type": "default", "id": "f{n}", "schemaVersion": 19, "components": [{{"type": "textarea", '
    '"id": "n{n}", "key": "note{n}", "label": "备注", "validate": {{"maxLength": 9999}}, '
    '"properties": {{"label_en": "Note"}}}}]}}'
)


def package() -> Package:
    """Return the measured service with its tasks in a row, each with a variable of its own."""
    plain = Catalog([Path(__file__).parent / "package"]).package(product.SERVICE)
    diagram = f"bpmn/{plain.code}/{plain.code}.bpmn"
    opening, _, _ = plain.files[diagram].decode().partition(HEAD)
    names = ["begin", *(f"t{n}" for n in range(TASKS)), "done"]
    lanes = "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in names)
    nodes = "".join(TASK.format(n=n) for n in range(TASKS))
    flows = "".join(
        f'<bpmn:sequenceFlow id="f-{source}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in itertools.pairwise(names)
    )
    drawn = (
        f'{opening}{HEAD}<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="window">{lanes}'
        f'</bpmn:lane></bpmn:laneSet><bpmn:startEvent id="begin"/>{nodes}'
        f'<bpmn:endEvent id="done"/>{flows}</bpmn:process></bpmn:definitions>'
    )
    forms = {f"forms/{plain.code}/f{n}.form": FORM.format(n=n).encode() for n in range(TASKS)}
    return Package(plain.code, {**plain.files, diagram: drawn.encode(), **forms})


def grown(host: Host) -> tuple[list[float], list[float]]:
    """Return bytes of an instance after each stage, and milliseconds of a completion in it."""
    ids = [
        runtime.start_case(host, SYSTEM, product.SERVICE, {"note": "n"}).receipt.instance_id
        for _ in range(INSTANCES)
    ]
    _rows, before = sizes(host.database.engine)
    found, paces, done = [], [], 0
    for stage in STAGES:
        began = time.perf_counter()
        for number in range(done, stage):
            for instance_id in ids:
                answer = {f"note{number}": secrets.token_hex(BYTES // 2)}
                runtime.complete(host, SYSTEM, f"{instance_id}-{3 + number}", answer)
        paces.append((time.perf_counter() - began) * 1000 / (stage - done) / INSTANCES)
        found.append((sizes(host.database.engine)[1] - before) / INSTANCES)
        done = stage
    return found, paces


def on(url: str) -> list[str]:
    """Return the cells of one database."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=Path(__file__).parent) as folder:
        host = runtime.open_host(Settings(data_dir=Path(folder), database_url=url))
        db.upgrade(host.database)
        runtime.deploy(host, SYSTEM, package())
        found, paces = grown(host)
        host.database.close()
    size = dict(zip(STAGES, found, strict=True))
    first = STAGES[0]
    linear = [f"{size[stage] / size[first] / (stage / first):.2f}" for stage in (TOLD, TASKS)]
    return [*(f"{one:,.0f}" for one in found), *(f"{one:.1f}" for one in paces), *linear]


def report() -> str:
    """Measure and return the section."""
    rows = [["SQLite", *on("")]]
    with postgres.server(durable=True) as server:
        rows.append(["PostgreSQL", *on(postgres.new_database(server, "growth"))])
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    stages = " | ".join(f"{stage} tasks" for stage in STAGES)
    paces = " | ".join(f"ms at {stage}" for stage in STAGES)
    every = Settings().snapshot_every
    return f"""## Growing data

{INSTANCES} instances of {TASKS} tasks in a row through the runtime; each completion adds {BYTES:,}
bytes that do not compress below half, in a variable of its own. Bytes of an instance, indexes and
all, behind its start; milliseconds of a completion; and bytes after {TOLD} and {TASKS} tasks beside
what those after {STAGES[0]} foretell (1 is linear). At event {every} the first snapshot is stored:
the whole state once, which every later one replaces. So an instance costs at most twice its data.

| | {stages} | {paces} | {TOLD} beside linear | {TASKS} beside linear |
|---|{"---|" * (2 * len(STAGES) + 2)}
{table}
"""
