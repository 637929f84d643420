"""What the commands need from other edges, handed in by `main`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from flask import Flask

from onething.now import Clock
from onething.runtime import Host


@dataclass(frozen=True, slots=True)
class Wiring:
    """Factories of the other edges; the command line imports none of them itself."""

    create_app: Callable[[Host], Flask]
    simulator_app: Callable[..., Flask]
    """Makes the simulator's WSGI application from its records and a clock."""
    simulator_records: Callable[..., Any]
    """Opens the records in memory that a scenario starts from."""
    simulator_serve: Callable[[str, int, Path, Clock], None]
    """Serves the simulator: address, port, its records' file, its clock."""


pass_wiring = click.make_pass_decorator(Wiring)
