import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onething import runtime
from onething.catalog import Catalog
from onething.db import Database
from onething.identity import SYSTEM, Actor
from onething.runtime import Host
from onething.settings import Settings
from onething.testing import postgres

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PACKAGE = ROOT / "tests" / "bench" / "package"
WINDOW = Actor("window", "综合窗口", frozenset({"clerk"}), "window", "handler", "370502")


def needs(*programs: str) -> None:
    """Skip where Debian's programs are missing, but not in CI."""
    places = os.environ.get("PATH", "") + ":/usr/sbin"
    missing = [one for one in programs if shutil.which(one, path=places) is None]
    if postgres.programs() is None:
        missing.append("postgresql")
    if missing and os.environ.get("CI") != "true":
        pytest.skip(f"missing: {', '.join(missing)}; as root: make packages")


@contextmanager
def site(settings: Settings) -> Iterator[Host]:
    """Open a node on a database with the newest schema and the small service."""
    from onething import db  # noqa: PLC0415 - the name is a module's and a fixture's

    with Database.of(settings) as database:
        host = runtime.open_host(settings, database=database)
        db.upgrade(database)
        runtime.deploy(host, SYSTEM, Catalog([PACKAGE]).package("three-tasks"))
        yield host
        host.access_log.flush()


def start(host: Host, note: str) -> str:
    """Start a case and return its number."""
    return runtime.start_case(host, WINDOW, "three-tasks", {"note": note}, key=note).case_no


def onething(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Run an `onething` command on a site."""
    env = {
        **os.environ,
        "ONETHING_DATA_DIR": str(settings.data_dir),
        "ONETHING_DATABASE_URL": settings.database_url,
    }
    return subprocess.run(
        [sys.executable, "-m", "onething", *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
