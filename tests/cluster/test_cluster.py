"""Two nodes behind one address, two workers, PostgreSQL and the simulator on one machine."""

import http.cookies
import json
import os
import re
import signal
import subprocess
import sys
import urllib.parse
from collections import Counter
from pathlib import Path

import pytest

from cluster.conftest import METRICS_TOKEN, Caller, Load, Site, until
from onething.cli.cluster.status import examine
from onething.db import Database

PASSWORD = "onething-demo-2026"
STARTS = "/api/v1/services/three-tasks/cases"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_nodes_that_start_at_once_prepare_an_empty_database_once(site: Site):
    with Database(site.cluster.database_url) as database, database.read() as conn:
        numbers = conn.exec_driver_sql("SELECT number FROM deployment").scalars().all()
        users = conn.exec_driver_sql('SELECT "user" FROM person').scalars().all()
        changes = conn.exec_driver_sql(
            "SELECT subject FROM identity_change WHERE kind = 'PersonAdded'"
        ).scalars()
        added = Counter(changes)

    assert set(numbers) == {1}
    assert len(users) == len(set(users)) > 10
    assert set(added.values()) <= {1}


def test_every_part_is_well_and_says_so(site: Site):
    found = {one.name: one for one in examine(site.cluster)}

    assert [name for name, one in found.items() if not one.is_well] == []
    assert {one.kind for one in found.values()} == {
        "balancer",
        "node",
        "worker",
        "database",
        "simulator",
    }
    assert [node.call("GET", "/readyz")[0] for node in site.nodes] == [200, 200]


def test_somebody_signed_in_on_one_node_is_known_on_the_other(site: Site):
    one, other = site.nodes
    cookie = signed_in(one, "operator")

    status, _headers, page = other.raw("GET", "/operations", None, {"Cookie": cookie})

    assert status == 200
    assert "operations" in page.decode() or "运行" in page.decode()


def signed_in(node, user: str) -> str:
    cookie, token = opened(node)
    body = urllib.parse.urlencode({"user": user, "password": PASSWORD, "csrf_token": token})
    status, headers, page = node.raw("POST", "/sign-in", body.encode(), {**FORM, "Cookie": cookie})
    assert status == 302, page.decode()
    return cookies_of(headers)


def opened(node) -> tuple[str, str]:
    _status, headers, page = node.raw("GET", "/sign-in", None, {})
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.decode())
    assert found is not None
    return cookies_of(headers), found[1]


def cookies_of(headers) -> str:
    jar = http.cookies.SimpleCookie()
    for line in headers.get_all("Set-Cookie") or []:
        jar.load(line)
    return "; ".join(f"{name}={one.value}" for name, one in jar.items())


def test_attempts_to_sign_in_are_counted_over_both_nodes(site: Site):
    statuses = []
    for attempt in range(12):
        node = site.nodes[attempt % 2]
        cookie, token = opened(node)
        body = urllib.parse.urlencode({"user": "nobody", "password": "x", "csrf_token": token})
        # The balancer is trusted: the address that it passes on is counted.
        headers = {**FORM, "Cookie": cookie, "X-Forwarded-For": "192.0.2.7"}
        statuses.append(node.raw("POST", "/sign-in", body.encode(), headers)[0])

    assert statuses.count(429) == 2, statuses
    assert set(statuses[:10]) & {429} == set()


def test_caller_cannot_say_through_the_balancer_where_a_request_comes_from(site: Site):
    cookie, token = opened(site.front)
    body = urllib.parse.urlencode({"user": "mallory", "password": "x", "csrf_token": token})
    headers = {**FORM, "Cookie": cookie, "X-Forwarded-For": "203.0.113.9"}

    site.front.raw("POST", "/sign-in", body.encode(), headers)

    with Database(site.cluster.database_url) as database, database.read() as conn:
        address = conn.exec_driver_sql(
            "SELECT address FROM sign_in_attempt WHERE \"user\" = 'mallory'"
        ).scalar_one()
    assert address == "127.0.0.1"


def test_part_that_dies_is_started_again_and_told(site: Site):
    child = site.cluster.children["worker-2"]
    child.process.kill()
    child.process.wait()

    until(lambda: site.cluster.look_after() or child.is_alive)

    assert any("worker-2 died" in line for line in site.told)
    assert child.restarts == 1


def test_node_killed_under_load_loses_no_answered_command(site: Site):
    site.token()
    child = site.cluster.children["node-1"]

    with Load(site.front, "killed") as load:
        load.wait_for(3)
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        until(lambda: site.cluster.look_after() or child.is_alive)
        load.wait_for(3)
        until(lambda: is_ready(site.nodes[0]))

    again = {key: repeated(site, key, case_no) for key, case_no in load.answered.items()}
    assert again == load.answered
    assert load.outcomes["500"] == 0, load.outcomes


def is_ready(node) -> bool:
    try:
        return node.call("GET", "/readyz")[0] == 200
    except OSError:
        return False


def repeated(site: Site, key: str, case_no: str) -> str:
    """Send a start again with its key and return the case; a completion answers its own."""
    if key.count("-") != 2:
        return case_no
    body = {"data": {"note": key}}
    return site.front.call("POST", STARTS, body, key)[1]["case_no"]


def test_counts_of_a_nodes_processes_add_up(site: Site):
    site.token()
    node = Caller(site.nodes[1].port, site.front.token)
    before = started(node)

    for number in range(6):
        body = {"data": {"note": "counted"}}
        assert node.call("POST", STARTS, body, f"counted-{number}")[0] == 201

    assert [started(node) - before for _ in range(6)] == [6] * 6


def started(node: Caller) -> int:
    """Return how many cases the processes of a node have started together."""
    _status, _headers, body = node.raw(
        "GET", "/metrics", None, {"Authorization": f"Bearer {METRICS_TOKEN}"}
    )
    found = re.search(
        r'^onething_commands_total\{result="done",verb="start_case"\} (\S+)$',
        body.decode(),
        re.MULTILINE,
    )
    return int(float(found[1])) if found else 0


@pytest.mark.long
def test_nodes_stopped_one_by_one_refuse_nobody(site: Site):
    site.token()

    with Load(site.front, "rolled") as load:
        for name, node in zip(site.cluster.node_ports, site.nodes, strict=True):
            load.wait_for(2)
            assert site.cluster.children[name].stop() == 0
            site.cluster.children[name].start()
            until(lambda node=node: is_ready(node))
        load.wait_for(2)
    proof = site.command("verify", "--json")
    replayed = site.command("replay", "--all", "--json")

    assert set(load.outcomes) <= {"200", "201"}, load.outcomes
    assert (proof.returncode, json.loads(proof.stdout)["faults"]) == (0, [])
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr


@pytest.mark.long
def test_ctrl_c_ends_every_process_and_data_stay(site: Site):
    site.cluster.stop()
    words = ["cluster", "--data", str(site.cluster.folder), "--nodes", "1", "--workers", "1"]
    log = site.cluster.folder / "command.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "onething", *words], stdout=out, stderr=out
        )
    until(lambda: process.poll() is not None or "health" in log.read_text())
    port = int(re.search(r"^site +http://127.0.0.1:(\d+)$", log.read_text(), re.MULTILINE)[1])
    site.front.port = port
    kept = site.front.call("GET", "/api/v1/cases?limit=5")
    children = children_of(process.pid)

    process.send_signal(signal.SIGINT)
    code = process.wait(120)

    assert code == 0, log.read_text()
    assert kept[1]["items"]
    assert len(children) >= 5
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def children_of(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in told.split()]
