"""The units: sound for systemd, and their own command starts and stops as they say."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.conftest import DEPLOY, needs
from onething.testing import postgres

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
HARDENED = {
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "CapabilityBoundingSet=",
    "RestartPreventExitStatus=78",
}


@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.stem)
def test_unit_is_sound(unit, tmp_path):
    needs("systemd-analyze")
    # The programs that it names must be there; here they are the system's own.
    text = unit.read_text().replace("/opt/onething/bin/onething", "/bin/true")
    copy = tmp_path / unit.name
    copy.write_text(text)

    done = subprocess.run(
        ["/usr/bin/systemd-analyze", "verify", "--man=no", str(copy)],
        check=False,
        capture_output=True,
        text=True,
    )

    told = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, told) == (0, []), done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.stem)
def test_unit_gives_no_more_than_it_must(unit):
    lines = set(unit.read_text().splitlines())

    assert lines >= HARDENED


def value(unit: str, name: str) -> str:
    text = (DEPLOY / "systemd" / f"{unit}.service").read_text()
    found = re.search(rf"(?m)^{name}=(.*)$", text)
    assert found is not None
    return found[1]


def environment(unit: str, **own: str) -> dict[str, str]:
    """Return what systemd would set by the unit's environment file, on this machine's places."""
    lines = (DEPLOY / "systemd" / f"{unit}.env").read_text().splitlines()
    told = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {"PATH": os.environ["PATH"], **told, **own}


def command(unit: str) -> list[str]:
    """Return the command of a unit with this checkout's program."""
    program, *words = shlex.split(value(unit, "ExecStart"))
    assert Path(program).name == "onething"
    return [str(Path(sys.executable).with_name("onething")), *words]


def test_web_units_command_tells_systemd_that_it_listens_and_stops_in_time(postgresql, tmp_path):
    needs()
    port = free_port()
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(str(tmp_path / "notify"))
    notify.settimeout(120)
    env = environment(
        "web",
        ONETHING_DATABASE_URL=postgres.new_database(postgresql, f"unit-{tmp_path.name}"),
        ONETHING_DATA_DIR=str(tmp_path / "site"),
        ONETHING_PORT=str(port),
        ONETHING_PROCESSES="1",
        ONETHING_LEAVE_SECONDS="1",
        NOTIFY_SOCKET=str(tmp_path / "notify"),
    )
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command("onething-web"), env=env, stdout=log, stderr=log)

    try:
        ready = notify.recv(1000)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(float(value("onething-web", "TimeoutStopSec")))
    finally:
        process.kill()
        notify.close()

    assert b"READY=1" in ready
    assert code == 0, (tmp_path / "log").read_text()
    assert time.monotonic() - began < 45
    shutil.rmtree(tmp_path / "site")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
