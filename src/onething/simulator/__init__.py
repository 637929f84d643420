"""A real HTTP server that plays every department, from records of its own.

Its answers follow from its records, never from the request alone: it refuses what a
department would refuse, remembers idempotency keys, and fails on demand. For development,
demonstration and tests; never for the outside.
"""

from onething.simulator.app import Tls, create_app, serve
from onething.simulator.records import Records
from onething.simulator.seed import load_seed

__all__ = ["Records", "Tls", "create_app", "load_seed", "serve"]
