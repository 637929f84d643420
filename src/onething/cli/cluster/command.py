"""The command that runs a cluster on this machine."""

import signal
import threading
from pathlib import Path

import click

from onething.cli.cluster.parts import Cluster, free_port
from onething.cli.cluster.status import serve_status

_LOOK_EVERY_S = 1.0


@click.command()
@click.option("--port", default=8080, show_default=True, help="Address of all; or the next free.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data-cluster"),
    show_default=True,
    help="Folder that keeps everything between two runs.",
)
@click.option("--nodes", default=2, show_default=True, type=click.IntRange(1, 8))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 8))
def cluster(port: int, data: Path, nodes: int, workers: int) -> None:
    """Run PostgreSQL, nodes behind a balancer, workers and the simulator, with demo data.

    All on this machine and for it alone; a page shows the health of every part. What dies is
    started again. Ctrl-C ends all.
    """
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopped.set())
    whole = Cluster(data, port, nodes=nodes, workers=workers, say=click.echo)
    try:
        whole.start()
        status = free_port(whole.port + 1)
        serve_status(whole, status)
        click.echo(f"site   {whole.address}\nhealth http://127.0.0.1:{status}")
        while not stopped.wait(_LOOK_EVERY_S):
            whole.look_after()
    finally:
        click.echo("stopping")
        whole.stop()
    click.echo("stopped")


COMMANDS = (cluster,)
