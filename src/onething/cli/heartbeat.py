"""Say every few seconds that this process lives, under a name that it keeps."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import SQLAlchemyError

from onething import runtime
from onething.errors import SettingsError
from onething.nodes import BEATS_MISSED, NodeRow
from onething.runtime import Host, Node
from onething.settings import Settings

_log = structlog.get_logger()


def name_of(settings: Settings, kind: str) -> str:
    """Return the stable name of this process: the setting's, or the machine's with its port."""
    if settings.node_name:
        return settings.node_name
    machine = socket.gethostname()
    return f"{machine}:{settings.port}" if kind == "web" else f"{machine}/worker"


@contextmanager
def beating(
    host: Host, kind: str, name: str = "", *, on_lost: Callable[[], None] = lambda: None
) -> Iterator[Node]:
    """Keep the record of this process for as long as the body runs.

    Args:
        host: The node.
        kind: `web` or `worker`.
        name: Its stable name; worked out from the settings when empty.
        on_lost: Called once when another process has taken the name over.

    Raises:
        SettingsError: Another process lives under the name.
    """
    machine = socket.gethostname()
    address = f"{machine}:{host.settings.port}" if kind == "web" else machine
    node = Node(name or name_of(host.settings, kind), kind, address)
    _enter(host, node)
    ended = threading.Event()
    thread = threading.Thread(
        target=_beat, args=(host, node, ended, on_lost), name=f"beat-{kind}", daemon=True
    )
    thread.start()
    try:
        yield node
    finally:
        ended.set()
        thread.join(host.settings.beat_seconds)
        try:
            runtime.stop_node(host, node)
        except (SQLAlchemyError, TimeoutError):
            _log.warning("the end of a node was not noted", node=node.name)


def _enter(host: Host, node: Node) -> None:
    """Join under the name; wait for the end of a run that was killed a moment ago."""
    holder = runtime.find_node(host, node.name)
    if holder is not None and not _is_gone(holder):
        holder = _silent(host, holder)
    if not runtime.enter_node(host, node, holder.run if holder else None):
        raise SettingsError(_TAKEN.format(name=node.name))


_TAKEN = "Another process runs as {name}; give this one a node_name of its own"


def _is_gone(holder: NodeRow) -> bool:
    """Whether a run has surely ended: it said so, or its process on this machine is gone."""
    if holder.stopped_at is not None:
        return True
    is_here = holder.address.partition(":")[0] == socket.gethostname()
    return is_here and (holder.pid == os.getpid() or not _runs(holder.pid))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _silent(host: Host, holder: NodeRow) -> NodeRow:
    """Return the record of a run that does not beat any more.

    Raises:
        SettingsError: It still beats.
    """
    until = time.monotonic() + host.settings.beat_seconds * BEATS_MISSED
    while time.monotonic() < until:
        now = runtime.find_node(host, holder.name)
        if now is None or now.stopped_at is not None:
            return now or holder
        if (now.run, now.beats) != (holder.run, holder.beats):
            raise SettingsError(_TAKEN.format(name=holder.name))
        time.sleep(min(0.2, host.settings.beat_seconds))
    return holder


def _beat(host: Host, node: Node, ended: threading.Event, on_lost: Callable[[], None]) -> None:
    while not ended.wait(host.settings.beat_seconds):
        try:
            if not runtime.beat_node(host, node):
                _log.error("another process has taken this node's name", node=node.name)
                on_lost()
                return
        except (SQLAlchemyError, TimeoutError) as error:
            _log.warning("a beat was not noted", node=node.name, error=type(error).__name__)
