"""What a client asked and what it was told: one line each, written before it goes on."""

import json
import threading
import time
from pathlib import Path


class Journal:
    """One file for all clients of a run."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._lock = threading.Lock()

    def asked(self, key: str, path: str, *, client: str, attempt: int) -> None:
        """Note a request before it is sent; losing this line loses no promise."""
        self._write({"asked": key, "path": path, "client": client, "attempt": attempt})

    def told(self, key: str, path: str, status: int, answer: object, seconds: float) -> None:
        """Note an answer before anything is done with it."""
        line = {"told": key, "path": path, "status": status, "answer": answer}
        self._write(line | {"seconds": round(seconds, 4)})

    def _write(self, line: dict) -> None:
        # Handed to the system, not waited for on the disk: nobody kills the clients, and their
        # waiting would keep the database's disk busy.
        text = json.dumps({"at": round(time.time(), 3), **line}, ensure_ascii=False)
        with self._lock:
            self._file.write(text.encode() + b"\n")

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
