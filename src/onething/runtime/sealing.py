"""What lies beside the history under a case's key: outbox rows, snapshots, texts."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from onething.feel.json import canonical, parse
from onething.history import CaseKey, Keys
from onething.jobs import JobRow

NEWS = "news"
"""Kind of a job that tells a person of news: it belongs to no step of its case, if it has one."""


class CaseSeal:
    """Seals and opens under the key of one case."""

    def __init__(self, key: CaseKey) -> None:
        self._key = key

    def close(self, value: Mapping[str, Any]) -> bytes:
        """Seal the JSON object of an outbox row."""
        return self._key.seal(canonical(value), "outbox")

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Open what `close` made."""
        value: dict[str, Any] = parse(self._key.open(sealed, "outbox"))
        return value

    def close_text(self, text: str) -> bytes:
        """Seal a short text of a projection: a reason, a file's name."""
        return self._key.seal(text.encode(), "text")

    def open_text(self, sealed: bytes) -> str:
        """Open what `close_text` made."""
        return self._key.open(sealed, "text").decode()

    def close_state(self, snapshot: bytes) -> bytes:
        """Seal a snapshot."""
        return self._key.seal(snapshot, "snapshot")

    def open_state(self, sealed: bytes) -> bytes:
        """Open a snapshot."""
        return self._key.open(sealed, "snapshot")


def text_opener(keys: Keys, conn: Connection, instance_id: str) -> Callable[[bytes], str]:
    """Return what opens the sealed texts of a case; once its key is erased, all are empty."""
    key = keys.find(conn, instance_id)
    return CaseSeal(key).open_text if key is not None else lambda _sealed: ""


def job_payload(keys: Keys, conn: Connection, job: JobRow) -> dict[str, Any]:
    """Open what an outbox row says; that of news is sealed under the master key."""
    if job.kind == NEWS:
        payload: dict[str, Any] = parse(keys.open(job.payload))
        return payload
    return CaseSeal(keys.of_case(conn, job.instance_id)).open(job.payload)
