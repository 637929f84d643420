"""A newer version with another schema comes in node by node, under load and with jobs under way."""

import json
import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from cluster.conftest import Caller, JobLoad, Load, Site, until
from onething.cli.cluster import Child
from onething.cli.cluster.parts import is_ready
from onething.db import Database

ROOT = Path(__file__).parents[2]
NEWER = "99.0.0"
REVISION = '''"""Expand: a column that the older version does not know.

Revision ID: newer
Revises: {before}
"""

import sqlalchemy as sa
from alembic import op

revision = "newer"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("case", sa.Column("of_the_newer", sa.Text(), nullable=True))
    op.create_index("ix_of_the_newer", "case", ["of_the_newer"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_of_the_newer", "case")
    op.drop_column("case", "of_the_newer")
'''


def newer_release(folder: Path) -> Path:
    """Lay out a release with another number and one more revision; return its root of modules."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", folder / "src", ignore=ignored)
    for name in ("bpmn", "forms"):
        (folder / name).symlink_to(ROOT / name)
    module = folder / "src" / "onething" / "__init__.py"
    text, count = re.subn(r'__version__ = ".*"', f'__version__ = "{NEWER}"', module.read_text())
    assert count == 1
    module.write_text(text)
    versions = folder / "src" / "onething" / "db" / "migrations" / "versions"
    newest = max(one.name[:4] for one in versions.glob("[0-9]*.py"))
    (versions / "newer.py").write_text(REVISION.format(before=newest))
    return folder / "src"


def replaced(site: Site, name: str, modules: Path) -> int | None:
    """Stop one process and start it as the newer release; return how it ended."""
    old = site.cluster.children[name]
    code = old.stop()
    env = {**old.env, "PYTHONPATH": str(modules)}
    site.cluster.children[name] = Child(name, old.words, old.log, env)
    site.cluster.children[name].start()
    return code


def versions(site: Site) -> dict[str, str]:
    """Return the version of each process that lives, as it says itself."""
    with Database(site.cluster.database_url) as database, database.read() as conn:
        rows = conn.exec_driver_sql("SELECT name, version FROM node WHERE stopped_at IS NULL")
        return {row.name: row.version for row in rows}


@pytest.mark.long
def test_newer_version_comes_in_without_a_refusal_a_loss_or_a_repetition(site: Site, tmp_path):
    modules = newer_release(tmp_path / "newer")
    site.token()
    codes = {}

    with (
        Load(site.front, "tasks", clients=2) as tasks,
        JobLoad(site.front, "jobs", clients=2) as jobs,
    ):
        for name in ("node-1", "worker-1", "node-2", "worker-2"):
            tasks.wait_for(2)
            jobs.wait_for(1)
            codes[name] = replaced(site, name, modules)
            until(lambda name=name: of(site, name) == {NEWER})
            if name in site.cluster.node_ports:
                node = site.nodes[[*site.cluster.node_ports].index(name)]
                until(lambda node=node: is_ready(f"http://127.0.0.1:{node.port}/readyz"))
        tasks.wait_for(2)
        jobs.wait_for(2)
    proof = site.command("verify", "--json")
    older = site.command("cases")

    assert set(codes.values()) == {0}
    assert set(tasks.outcomes) | set(jobs.outcomes) <= {"200", "201"}, (
        tasks.outcomes,
        jobs.outcomes,
    )
    assert set(versions(site).values()) == {NEWER}
    assert {kinds(site, one) for one in tasks.whole} == {(1, 3, 0)}
    assert {kinds(site, one) for one in jobs.whole} == {(1, 1, 1)}
    assert {calls(site, one) for one in jobs.whole} == {1}
    assert older.returncode == 78, older.stderr  # an older version does not come back on it
    assert proof.returncode == 78
    env = {**os.environ, **site.cluster.children["worker-1"].env}
    assert json.loads(site.command("verify", "--json", env=env).stdout)["faults"] == []


def of(site: Site, name: str) -> set[str]:
    """Return the versions that run under a name; a node has a record for each process."""
    found = versions(site)
    return {version for one, version in found.items() if one.split("/")[0] == name}


def calls(site: Site, case_no: str) -> int:
    """Return how often the department was called for a case."""
    simulator = Caller(site.cluster.simulator_port)
    return len(simulator.call("GET", f"/_received?case={case_no}")[1])


def kinds(site: Site, case_no: str) -> tuple[int, int, int]:
    """Return how often a case was started, a task completed and a job answered."""
    events = site.front.call("GET", f"/api/v1/cases/{case_no}/history")[1]["items"]
    found = Counter(one["kind"] for one in events)
    return found["CaseStarted"], found["TaskCompleted"], found["JobCompleted"]
