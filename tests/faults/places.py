"""Where a run lies: its folder, its ports, what its processes are told."""

import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).parent / "package"
NODES = ("node-1", "node-2")
WORKERS = ("worker-1", "worker-2")
SIMULATOR = "departments"
DATABASE = "database"
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
"""Debian's library that steps a process's clock; without it no clock is stepped."""


@dataclass
class Places:
    """The folder and the ports of one run; `near` is a process's own port, `far` the proxy's."""

    folder: Path
    near: dict[str, int] = field(default_factory=dict)
    far: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = (*NODES, SIMULATOR, DATABASE)
        ports = iter(_free_ports(2 * len(names)))
        self.near = {name: next(ports) for name in names}
        self.far = {name: next(ports) for name in names}

    @property
    def data(self) -> Path:
        """The data folder of the nodes: keys, materials, checkpoints."""
        return self.folder / "data"

    @property
    def links(self) -> dict[str, list[int]]:
        """What the proxy is told: where each link listens and leads."""
        return {name: [self.far[name], self.near[name]] for name in self.near}

    def database_url(self, *, is_direct: bool = False) -> str:
        """Return the database's URL: through the proxy, or past it."""
        port = (self.near if is_direct else self.far)[DATABASE]
        return f"postgresql+psycopg://postgres@127.0.0.1:{port}/onething"

    def environment(self, name: str = "", *, is_direct: bool = False) -> dict[str, str]:
        """Return what a process of the product is told; a name gives it a clock of its own."""
        inherited = {key: value for key, value in os.environ.items() if "ONETHING" not in key}
        told = inherited | {
            "ONETHING_DATA_DIR": str(self.data),
            "ONETHING_DATABASE_URL": self.database_url(is_direct=is_direct),
            "ONETHING_SERVICES": str(PACKAGE),
            "ONETHING_DEPARTMENTS_URL": f"http://127.0.0.1:{self.far[SIMULATOR]}",
            "ONETHING_RETRY_WAIT_S": "1",
            "ONETHING_CHECKPOINT_SECONDS": "5",
            **({"ONETHING_PORT": str(self.near[name])} if name in NODES else {}),
            "ONETHING_LOG_LEVEL": "WARNING",
        }
        return told | (self.clock(name) if name else {})

    def clock(self, name: str) -> dict[str, str]:
        """Return what lets a process read its clock from a file, where that is possible."""
        if FAKETIME is None:
            return {}
        return {
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self.clock_file(name)),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Its own mending of timed waits wakes who waits for Python's lock at once, again and
            # again: with eight threads a process came a tenth as far.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            "PYTHONPATH": str(Path(__file__).parent / "steady"),
        }

    def clock_file(self, name: str) -> Path:
        """Return the file with the offset of a process's clock."""
        return self.folder / f"{name}.clock"


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
