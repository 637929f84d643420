"""What the commands need from other edges, handed in by `main`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import click
from flask import Flask

from onething.history import Signer
from onething.runtime import Host


class Running(Protocol):
    """A worker: threads that perform jobs, fire timers and sign checkpoints."""

    def start(self) -> None:
        """Start the threads."""

    def stop(self) -> None:
        """Let every thread finish its round."""

    def wait(self) -> None:
        """Return when the worker is told to stop."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """Factories of the other edges; the command line imports none of them itself."""

    create_app: Callable[[Host], Flask]
    worker: Callable[[Host, Signer, str], Running]
    """Makes the worker of a node: host, signer of checkpoints, stable name."""
    simulator_app: Callable[..., Flask]
    """Makes the simulator's WSGI application from its records and a clock."""
    simulator_records: Callable[..., Any]
    """Opens the records in memory that a scenario starts from."""
    simulator_serve: Callable[..., None]
    """Serves the simulator: address, port, its records' file, its clock, its TLS and folders."""
    simulator_tls: Callable[..., Any]
    """Says how the simulator speaks TLS: its certificate, key, and authority of callers."""


pass_wiring = click.make_pass_decorator(Wiring)
