"""The whole product put together: the WSGI application and the `onething` command."""

import sys
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response
from sqlalchemy.exc import SQLAlchemyError

from onething import api, cli, definitions, simulator, web
from onething.cli import Wiring
from onething.runtime import Host
from onething.worker import Worker


def create_app(host: Host) -> Flask:
    """Return the WSGI application of one node: pages and API on the same host."""
    app, programs = web.create_app(host), api.create_app(host)
    app.add_url_rule("/healthz", "healthz", lambda: _plain("alive", 200))
    app.add_url_rule("/readyz", "readyz", lambda: _readiness(host))
    app.add_url_rule("/metrics", "metrics", lambda: api.exposition(host))
    if host.settings.traces_url:
        for one in (app, programs):
            web.trace_requests(one, accepts=host.settings.traces_accept)
    both = _side_by_side(app.wsgi_app, programs.wsgi_app)
    trusted = web.TrustedProxies(both, host.settings.proxies)
    app.wsgi_app = trusted  # type: ignore[method-assign, assignment]
    return app


def _side_by_side(pages: WSGIApplication, programs: WSGIApplication) -> WSGIApplication:
    """Return the application that lets programs pass by all that only browsers need."""

    def serve(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        is_program = environ.get("PATH_INFO", "").startswith(f"{api.PREFIX}/")
        return (programs if is_program else pages)(environ, start)

    return serve


def _readiness(host: Host) -> Response:
    """Say whether this node can serve: its database answers and services are deployed.

    A holiday notice that should be here by now is told, and keeps no node from serving.
    """
    try:
        with host.database.read() as conn:
            host.take_notices(conn)
            is_ready = bool(definitions.newest_of_all(conn))
    except SQLAlchemyError:
        return _plain("the database does not answer", 503)
    if not is_ready:
        return _plain("no service is deployed", 503)
    year = host.missing_year
    return _plain(f"ready; the holiday notice of {year} is missing" if year else "ready", 200)


def _plain(word: str, status: int) -> Response:
    return Response(f"{word}\n", status, mimetype="text/plain")


def web_node() -> WSGIApplication:
    """Return the application of one gunicorn process."""
    return cli.web_node(wiring())


def main() -> None:
    """Run the `onething` command."""
    sys.exit(cli.run(wiring(), sys.argv[1:]))


def wiring() -> Wiring:
    """Return what the command line needs from the other edges."""
    return Wiring(
        create_app=create_app,
        worker=Worker,
        simulator_app=simulator.create_app,
        simulator_records=simulator.Records,
        simulator_serve=simulator.serve,
        simulator_tls=simulator.Tls,
    )


if __name__ == "__main__":
    main()
