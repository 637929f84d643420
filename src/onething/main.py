"""The whole product put together: the WSGI application and the `onething` command."""

import sys
from pathlib import Path

from flask import Flask

from onething import api, cli, simulator, web
from onething.cli import Wiring
from onething.runtime import Host


def create_app(host: Host) -> Flask:
    """Return the WSGI application of one node: pages and API on the same host."""
    app = web.create_app(host)
    programs = api.blueprint(host)
    web.csrf.exempt(programs)  # programs carry a bearer token, never a cookie
    app.register_blueprint(programs)
    return app


def main() -> None:
    """Run the `onething` command."""
    wiring = Wiring(
        create_app=create_app,
        simulator_app=simulator.create_app,
        simulator_records=simulator.Records,
        simulator_serve=_serve_simulator,
    )
    sys.exit(cli.run(wiring, sys.argv[1:]))


def _serve_simulator(host: str, port: int, file: Path) -> None:
    simulator.serve(host, port, file)


if __name__ == "__main__":
    main()
