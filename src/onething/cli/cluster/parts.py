"""What a cluster consists of, and how its parts are started and stopped."""

import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from onething.cli.cluster import postgresql
from onething.cli.cluster.balancer import balancer_config
from onething.cli.cluster.child import Child
from onething.cli.demo import WAITS
from onething.errors import SettingsError
from onething.settings import PREFIX

_READY_WITHIN_S = 180.0
_LOOK_EVERY_S = 0.2
_HAPROXY = "/usr/sbin/haproxy"
LEAVE_S = 3
"""So long a node that stops still serves; the balancer looks every half second."""


class Cluster:
    """PostgreSQL, the simulator, web nodes, workers and a balancer on this machine.

    Args:
        folder: Everything that is kept lies in it.
        port: Of the balancer, or the next one that is free.
        nodes: How many web nodes.
        workers: How many workers.
        say: Takes each line for the person who looks on.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        nodes: int = 2,
        workers: int = 2,
        say: Callable[[str], None] = print,
    ) -> None:
        self.folder = folder.resolve()
        self.port = free_port(port)
        self.say = say
        self.database_url = ""
        self.node_ports = {f"node-{n}": free_port() for n in range(1, nodes + 1)}
        self.worker_names = [f"worker-{n}" for n in range(1, workers + 1)]
        self.simulator_port = free_port()
        self.children: dict[str, Child] = {}

    @property
    def address(self) -> str:
        """Where the site is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start every part; return when the site answers.

        Raises:
            SettingsError: A part is not installed, or does not come up.
        """
        haproxy = shutil.which("haproxy") or _HAPROXY
        if not Path(haproxy).exists():
            raise SettingsError("There is no haproxy; as root: apt-get install haproxy")
        self.folder.mkdir(parents=True, exist_ok=True)
        database = postgresql.server(self.folder / "postgresql", self._log("database"))
        self._begin(database)
        self.database_url = postgresql.url_of(database)
        for child in (self._simulator(), *self._nodes(), *self._workers()):
            self._begin(child)
        self._begin(self._balancer(haproxy))
        self._wait()

    def look_after(self) -> None:
        """Start again what died, and say so."""
        for child in self.children.values():
            if not child.is_alive and child.revive():
                self.say(f"{child.name} died and was started again; see {child.log}")

    def stop(self) -> None:
        """Stop every part: whoever takes requests first, the database last."""
        order = [self.children.get("balancer"), *self._named("node-"), *self._named("worker-")]
        order.append(self.children.get("simulator"))
        ending = [one for one in order if one is not None]
        for child in ending:
            child.ask_to_stop()
        for child in [*ending, *self._named("database")]:
            code = child.stop()
            if code not in (0, None) and child.name.startswith(("node-", "worker-")):
                self.say(f"{child.name} ended with {code}; see {child.log}")

    def _begin(self, child: Child) -> None:
        self.children[child.name] = child
        child.start()
        self.say(f"{child.name} started")

    def _named(self, prefix: str) -> list[Child]:
        return [one for name, one in self.children.items() if name.startswith(prefix)]

    def _log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    def _ours(self, name: str, *words: str, **settings: object) -> Child:
        """Return a process of the product with the settings of the cluster."""
        told = {
            "DATA_DIR": self.folder / "site",
            "DATABASE_URL": self.database_url,
            "DEPARTMENTS_URL": f"http://127.0.0.1:{self.simulator_port}",
            "DEMO": "true",
            **{name.upper(): seconds for name, seconds in WAITS.items()},
            "NODE_NAME": name,
            "TRUSTED_PROXIES": "127.0.0.1",
            "PUBLIC_URL": self.address,
            **settings,
        }
        env = {**os.environ, **{PREFIX + key: str(value) for key, value in told.items()}}
        command = [sys.executable, "-m", "onething", *words]
        return Child(name, command, self._log(name), env)

    def _nodes(self) -> Iterator[Child]:
        for name, port in self.node_ports.items():
            yield self._ours(name, "serve", SERVER="gunicorn", PORT=port, LEAVE_SECONDS=LEAVE_S)

    def _workers(self) -> Iterator[Child]:
        for name in self.worker_names:
            yield self._ours(name, "worker")

    def _simulator(self) -> Child:
        data = self.folder / "simulator.db"
        port = str(self.simulator_port)
        return self._ours("simulator", "simulator", "--port", port, "--data", str(data))

    def _balancer(self, haproxy: str) -> Child:
        file = self.folder / "haproxy.cfg"
        file.write_text(balancer_config(self.port, self.node_ports.items()))
        return Child("balancer", [haproxy, "-db", "-f", str(file)], self._log("balancer"))

    def _wait(self) -> None:
        until = time.monotonic() + _READY_WITHIN_S
        while not is_ready(f"{self.address}/readyz"):
            self.look_after()
            if time.monotonic() > until:
                raise SettingsError(f"The cluster does not come up; see {self.folder / 'logs'}")
            time.sleep(_LOOK_EVERY_S)


def is_ready(address: str) -> bool:
    """Whether an address answers that all is well."""
    try:
        return httpx.get(address, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def free_port(first: int = 0) -> int:
    """Return a port of this machine that is free: the first one from a number on, or any."""
    for port in range(first, first + 100) if first else [0]:
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = one.getsockname()[1]
            return found
    raise SettingsError(f"No port from {first} on is free")
