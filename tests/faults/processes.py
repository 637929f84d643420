"""The site as an operator starts it: every process from the command line, with its own log."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from faults.database import Server
from faults.disks import UNBOUND, Disk, bound_files
from faults.places import NODES, SIMULATOR, WORKERS, Places

READY_S = 300
HOUR_S = 3600
ROOM_BYTES_A_CASE = 60_000
ROOM_MB = 700
DATA_BYTES_A_CASE = 8_000
DATA_MB = 64
"""Room on the nodes' disk beside what the materials need."""
BOUND_BYTES = 2048
"""No file of a node grows beyond this while its disk is full but not a disk of its own."""
AT_START = {69: "the database is not reached", 75: "it cannot start at this moment"}
"""Exit codes by which a process refuses to start for now: its supervisor starts it again."""


@dataclass(frozen=True)
class End:
    """How a process that nobody killed came to its end."""

    process: str
    exit_code: int
    at: float
    """The wall clock's instant, to be found in faults.log."""
    seconds: float
    """It had run for so long."""
    last_line: str

    @property
    def is_right(self) -> bool:
        """Whether it refused to start for now, as a supervisor expects."""
        return self.exit_code in AT_START

    def __str__(self) -> str:
        """Tell it in a line."""
        why = AT_START.get(self.exit_code, "WRONG")
        return (
            f"{self.process} after {self.seconds:.1f} s with {self.exit_code} ({why}): "
            f"{self.last_line}"
        )


class Process:
    """One process that is started, killed and started again."""

    def __init__(self, name: str, words: list[str], env: dict[str, str], log: Path) -> None:
        self.name = name
        self.words = words
        self.env = env
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.ends: list[End] = []
        self.began = 0.0

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it; return at once."""
        self.began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def keep_alive(self) -> None:
        """Start it again where it ended, as systemd would; note how it ended by itself."""
        if self.is_alive:
            return
        if self.process is not None:
            self.ends.append(self._end(self.process.returncode))
        self.start()

    def _end(self, exit_code: int) -> End:
        told = self.log.read_text("utf-8", "replace").splitlines()[-20:]
        # A refusal is one line of its own; what libpq adds to it is indented.
        last = next((one for one in reversed(told) if one.strip() and one[0] != "\t"), "")
        ran_s = time.monotonic() - self.began
        return End(self.name, exit_code, time.time(), ran_s, last[:600])

    def kill(self) -> None:
        """Kill it with all its children as a power cut would: no handler runs."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
            self.process = None

    def kill_child(self, chance: random.Random) -> None:
        """Kill one of its children, which it has to replace; itself where it has none."""
        children: list[str] = []
        if self.process is not None:
            pid = self.process.pid
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if not children:
            self.kill()
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(chance.choice(children)), signal.SIGKILL)

    def stop(self) -> int | None:
        """Ask it to stop; return its exit code, None where it never ran."""
        if self.process is None:
            return None
        self.process.terminate()
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # its log tells where each thread stands
            exit_code = self.process.wait(30)
            self.kill()
            return exit_code


class Cluster:
    """PostgreSQL, two nodes, two workers, the departments, and the proxy between them all."""

    def __init__(self, places: Places, cases: int, server: str) -> None:
        self.places = places
        self.has_children = server == "gunicorn"
        """Whether a node is several processes."""
        logs = places.folder / "logs"
        logs.mkdir()
        room = ROOM_MB + cases * ROOM_BYTES_A_CASE // (1 << 20)
        self.database = Server(places.folder, places.near["database"], room)
        self.data = Disk(places.data, DATA_MB + cases * DATA_BYTES_A_CASE // (1 << 20))
        self.nodes = [self._product(name, logs, "serve", "--server", server) for name in NODES]
        self.workers = [self._product(name, logs, "worker") for name in WORKERS]
        words = ["simulator", "--port", str(places.near[SIMULATOR])]
        words += ["--data", str(self.departments_file)]
        self.departments = self._product(SIMULATOR, logs, *words, has_clock=False)
        self.proxy = ProxyProcess(places)

    def _product(self, name: str, logs: Path, *words: str, has_clock: bool = True) -> Process:
        env = self.places.environment(name if has_clock else "")
        # Two workers of one machine need a name each; they keep it over restarts.
        env["ONETHING_NODE_NAME"] = name
        command = [sys.executable, "-m", "onething", *words]
        env["PYTHONFAULTHANDLER"] = "1"
        self.set_clock(name, 0)
        return Process(name, command, env, logs / f"{name}.log")

    @property
    def departments_file(self) -> Path:
        """The departments' own records."""
        return self.places.folder / "departments.db"

    @property
    def product(self) -> list[Process]:
        """Nodes and workers."""
        return [*self.nodes, *self.workers]

    @property
    def processes(self) -> list[Process]:
        """Everything that may be killed, but the database."""
        return [*self.product, self.departments]

    def start(self) -> None:
        """Start what is not running, and wait until the nodes are ready."""
        for one in self.processes:
            if not one.is_alive:
                one.start()
        if not self.wait_until_ready():
            raise TimeoutError(f"no node is ready; see {self.places.folder}")

    def wait_until_ready(self) -> bool:
        """Wait until every node answers; processes that end meanwhile are started again."""
        until = time.monotonic() + READY_S
        while not all(self._is_ready(name) for name in NODES):
            if time.monotonic() > until:
                return False
            for one in self.processes:
                one.keep_alive()
            time.sleep(0.3)
        return True

    def _is_ready(self, name: str) -> bool:
        url = f"http://127.0.0.1:{self.places.near[name]}/readyz"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
        return False

    def set_clock(self, name: str, ahead_s: int) -> None:
        """Step a process's clock."""
        file = self.places.clock_file(name)
        draft = file.with_suffix(".new")
        draft.write_text(f"{ahead_s:+d}\n")
        draft.replace(file)

    def fill_data(self) -> None:
        """Leave no room for materials, or let no file of a node grow."""
        if self.data.is_own:
            self.data.fill()
        else:
            self._bound(BOUND_BYTES)

    def free_data(self) -> None:
        """Give the room for materials back."""
        self._bound(UNBOUND)
        self.data.free()

    def _bound(self, size_bytes: int) -> None:
        bound_files([one.process.pid for one in self.nodes if one.process], size_bytes)

    def fail_department(self, mode: str, times: int) -> None:
        """Let the police answer so many requests badly."""
        told = json.dumps({"mode": mode, "times": times}).encode()
        self._departments("PUT", "/_faults/police", told)

    def mend_departments(self) -> None:
        """Let every department answer well."""
        self._departments("DELETE", "/_faults/police")

    def _departments(self, method: str, path: str, body: bytes | None = None) -> None:
        url = f"http://127.0.0.1:{self.places.near[SIMULATOR]}{path}"
        asked = urllib.request.Request(
            url, body, {"Content-Type": "application/json"}, method=method
        )
        with contextlib.suppress(OSError), urllib.request.urlopen(asked, timeout=10):  # noqa: S310
            pass

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product past the proxy, at the hour that the nodes have."""
        return subprocess.run(
            [sys.executable, "-m", "onething", *words],
            env=self.places.environment(NODES[0], is_direct=True),
            capture_output=True,
            text=True,
            check=False,
        )

    def stop(self) -> dict[str, int | None]:
        """Ask every process to stop; return their exit codes."""
        for one in self.product:
            if one.is_alive and one.process is not None:
                one.process.terminate()
        return {one.name: one.stop() for one in self.processes}

    def remove(self) -> None:
        """Leave nothing running."""
        for one in self.processes:
            if one.is_alive:
                one.kill()
        self.proxy.stop()
        self.data.remove()
        self.database.remove()


class ProxyProcess:
    """The proxy and its orders."""

    def __init__(self, places: Places) -> None:
        words = [sys.executable, str(Path(__file__).parent / "proxy.py"), json.dumps(places.links)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._answer()

    def hurt(self, link: str, fault: str, share: float, seconds: float) -> None:
        """Let a link hurt for some seconds."""
        self._say({"link": link, "fault": fault, "share": share, "seconds": seconds})

    def mend(self) -> None:
        """End every fault."""
        self._say({"link": None})

    def counts(self) -> dict[str, int]:
        """Return how many connections or chunks were hurt, by link and fault."""
        self._say({"counts": True})
        return self._answer()

    def stop(self) -> None:
        """End the proxy."""
        self.process.kill()
        self.process.wait(10)

    def _say(self, order: dict) -> None:
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()

    def _answer(self) -> dict:
        return json.loads(self.process.stdout.readline())
