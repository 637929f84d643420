"""Commands that keep running: serve, worker, simulator."""

import atexit
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click
import structlog
import waitress
from sqlalchemy.exc import SQLAlchemyError

from onething import db, identity, metrics, runtime
from onething.catalog import Catalog
from onething.cli.demo import WAITS, seed
from onething.cli.draining import Draining
from onething.cli.heartbeat import beating, name_of
from onething.cli.node import clock_of, node, sole_node
from onething.cli.starting import require_address
from onething.cli.wiring import Wiring, pass_wiring
from onething.errors import StartDelayed
from onething.history import Ed25519Signer
from onething.runtime import Host
from onething.settings import PREFIX, Settings, load, secret

SIMULATOR_PORT_ABOVE = 100
"""The demonstration's simulator listens so many ports above the server."""
COUNTS = "onething-counts-"
"""Begin of the name of a folder for counts that a node made itself, and takes away."""
PROCESS_NUMBER = "GUNICORN_PROCESS_NUMBER"
"""Environment variable by which a gunicorn process knows which of its node's it is."""
_OUTAGE_PATIENCE_S = 90.0
"""So long a process of a node waits for the database to begin; gunicorn waits 120 s for it."""
_OUTAGE_LOOK_S = 1.0
_ROOM = 2
"""Bodies up to so many times the limit are read, so that a page refuses them and not the server."""
_log = structlog.get_logger()
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.option("--demo", is_flag=True, help="Demo data and accounts; on this machine alone.")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@click.option("--server", type=click.Choice(["waitress", "gunicorn"]), help="What serves.")
@pass_wiring
def serve(
    wiring: Wiring, host: str | None, port: int | None, server: str | None, *, demo: bool
) -> None:
    """Serve pages and API, with the worker inside.

    With `gunicorn` (setting `server`) several processes serve one PostgreSQL, and workers run
    apart; the simulator of a demonstration does, too.
    """
    said = {"DEMO": "true" if demo else None, "HOST": host, "PORT": port, "SERVER": server}
    _say(said)
    if load().server == "gunicorn":
        _become_gunicorn(load())
    settings = _settings()
    with ExitStack() as stack:
        stack.enter_context(sole_node(settings))
        require_address(settings.host, settings.port)
        if settings.demo:
            stack.enter_context(_simulator(settings))
        running = stack.enter_context(node(settings))
        with db.meaningful(running.database.url):
            _prepare(running)
            stack.enter_context(beating(running, "web"))
            inside = stack.enter_context(beating(running, "worker", _inside(settings)))
            worker = wiring.worker(running, _signer(settings), inside.name)
            worker.start()
            stack.callback(worker.stop)
        app = Draining(wiring.create_app(running), settings.leave_seconds)
        _drain_on_signal(app)
        click.echo(f"http://{settings.host}:{settings.port}")
        _listen(app, running)


@click.command()
@pass_wiring
def worker(wiring: Wiring) -> None:
    """Perform jobs, fire timers and sign checkpoints, without pages.

    An embedded database has its worker inside `serve`; others may have any number of workers.
    """
    settings = load()
    with sole_node(settings), node(settings) as host, ExitStack() as stack:
        with db.meaningful(host.database.url):
            known = stack.enter_context(beating(host, "worker"))
            running = wiring.worker(host, _signer(settings), known.name)
            running.start()
        _stop_on_signal()
        try:
            running.wait()
        except (KeyboardInterrupt, SystemExit):
            running.stop()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8100, show_default=True)
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("data/simulator.db"), show_default=True
)
@click.option("--until-closed", is_flag=True, help="Stop when standard input is closed.")
@click.option("--certificate", type=_FILE, help="Certificate of the server: speak TLS.")
@click.option("--key", type=_FILE, help="Key of the certificate.")
@click.option("--client-ca", type=_FILE, help="Authority whose certificates callers must show.")
@click.option(
    "--folder", "folders", type=_FOLDER, multiple=True, help="Exchange folder to answer files in."
)
@pass_wiring
def simulator(  # noqa: PLR0913 - the options of one command
    wiring: Wiring,
    host: str,
    port: int,
    data: Path,
    certificate: Path | None,
    key: Path | None,
    client_ca: Path | None,
    folders: tuple[Path, ...],
    *,
    until_closed: bool,
) -> None:
    """Play every department over HTTP, from made-up records of its own."""
    if until_closed:
        threading.Thread(target=_exit_when_closed, daemon=True).start()
    data.parent.mkdir(parents=True, exist_ok=True)
    _stop_on_signal()
    if (certificate is None) != (key is None):
        raise click.UsageError("--certificate and --key belong together")
    tls = wiring.simulator_tls(certificate, key, client_ca) if certificate else None
    click.echo(f"departments at http{'s' if tls else ''}://{host}:{port}")
    wiring.simulator_serve(host, port, data, clock_of(load()), tls=tls, folders=folders)


def web_node(wiring: Wiring) -> Draining:
    """Return the application of one process of a node that `serve` has prepared.

    An outage of the database is waited out: gunicorn ends the whole node, with the processes
    that serve, for one that cannot begin.
    """
    until = time.monotonic() + _OUTAGE_PATIENCE_S
    while True:
        try:
            return _open_web_node(wiring)
        except (SQLAlchemyError, OSError, StartDelayed) as error:
            is_passing = isinstance(error, StartDelayed) or db.is_outage(error)
            if not is_passing or time.monotonic() > until:
                raise
            _log.warning("the database does not answer yet", error=type(error).__name__)
            time.sleep(_OUTAGE_LOOK_S)


def _open_web_node(wiring: Wiring) -> Draining:
    settings = load()
    with ExitStack() as stack:
        host = stack.enter_context(node(settings, is_prepared=True))
        name = f"{name_of(settings, 'web')}/{os.environ.get(PROCESS_NUMBER, '1')}"
        stack.enter_context(beating(host, "web", name))
        app = Draining(wiring.create_app(host), settings.leave_seconds)
        atexit.register(stack.pop_all().close)
        return app


def _become_gunicorn(settings: Settings) -> NoReturn:
    """Prepare the database, then go on as gunicorn: same process, nothing open."""
    require_address(settings.host, settings.port)
    with node(settings) as host, db.meaningful(host.database.url):
        _prepare(host)
    counts = os.environ.get(metrics.SHARED_FOLDER) or tempfile.mkdtemp(prefix=COUNTS)
    env = {**os.environ, metrics.SHARED_FOLDER: counts}
    click.echo(f"http://{settings.host}:{settings.port}")
    sys.stdout.flush()
    config = "python:onething.cli.gunicorn_node"
    words = ["-m", "gunicorn", "--config", config, "onething.main:web_node()"]
    os.execve(sys.executable, [sys.executable, *words], env)  # noqa: S606 - our own command


def _prepare(host: Host) -> None:
    """Deploy what is shipped and seed a demonstration; of several nodes one at a time."""
    with host.database.alone():
        _deploy_shipped(host)
        if host.settings.demo:
            seed(host)


def _say(said: Mapping[str, object]) -> None:
    """Say options through the environment, so that processes this one becomes read them."""
    for name, value in said.items():
        if value is not None:
            os.environ[PREFIX + name] = str(value)


def _settings() -> Settings:
    """Return the settings; the departments of a demonstration are its own simulator.

    Raises:
        SettingsError: Demo data are asked for on an address that others reach.
    """
    settings = load()
    if not settings.demo:
        return settings
    there = f"http://127.0.0.1:{settings.port + SIMULATOR_PORT_ABOVE}"
    waits: dict[str, Any] = dict(WAITS)
    return replace(settings, departments_url=there, **waits)


def _inside(settings: Settings) -> str:
    """Return the name of the worker inside a server."""
    return f"{name_of(settings, 'web')}/worker"


@contextmanager
def _simulator(settings: Settings) -> Iterator[None]:
    """Run the simulator as a process of its own for as long as the server runs."""
    port = settings.port + SIMULATOR_PORT_ABOVE
    data = settings.data_dir / "simulator.db"
    words = ["simulator", "--port", str(port), "--data", str(data), "--until-closed"]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "onething", *words], stdin=subprocess.PIPE
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def _exit_when_closed() -> None:
    """End this process with its parent: a killed server can end nobody else itself."""
    # Not by the buffered reader: Python cannot end while a thread holds its lock.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(0)


def _deploy_shipped(host: Host) -> None:
    shelf = Catalog(host.settings.services)
    for code in shelf.codes():
        row = runtime.deploy(host, identity.SYSTEM, shelf.package(code))
        click.echo(f"deployed {row.service}@{row.number}")


def _signer(settings: Settings) -> Ed25519Signer:
    signer = Ed25519Signer(secret(settings, "checkpoint"))
    signer.publish(settings.data_dir / "checkpoint.pub")
    return signer


def _listen(app: Draining, host: Host) -> None:
    """Answer requests until a signal ends the process."""
    settings = host.settings
    server = waitress.create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        max_request_body_size=_ROOM * settings.body_limit_bytes,
        ident=None,
    )
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        server.close()


def _drain_on_signal(app: Draining) -> None:
    """Let the first SIGTERM close the door; the process ends behind the last request."""
    if threading.current_thread() is not threading.main_thread():
        return

    def drain(_number: int, _frame: FrameType | None) -> None:
        _stop_on_signal()  # a second one does not wait
        app.drain(lambda: os.kill(os.getpid(), signal.SIGTERM))

    signal.signal(signal.SIGTERM, drain)


def _stop_on_signal() -> None:
    if threading.current_thread() is not threading.main_thread():
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)


COMMANDS = (serve, worker, simulator)
