"""An application behind a real socket, for as long as a test needs it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.types import WSGIApplication

import waitress.server

ENDS_WITHIN_S = 10


@contextmanager
def served(app: WSGIApplication, threads: int = 4) -> Iterator[str]:
    """Serve an application on a free port of this machine; give its address.

    At the end the threads that answer go first: one that is late would wake the server through
    a pipe that is closed, and whose number may be another file's by then.
    """
    server = waitress.server.create_server(app, host="127.0.0.1", port=0, threads=threads)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown(timeout=ENDS_WITHIN_S)
        server.trigger.pull_trigger(server.close)
        loop.join(ENDS_WITHIN_S)
