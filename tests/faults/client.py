"""A client as integrators write it: one key a command, asked again until it is answered."""

import http.client
import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from faults.journal import Journal

TIMEOUT_S = 15
ATTEMPTS = 12
LONGEST_WAIT_S = 3.0
_AGAIN = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Told:
    """The last answer to a command; status 0 where none ever came."""

    status: int
    answer: Any

    @property
    def is_ok(self) -> bool:
        """Whether the server said that it was done."""
        return 200 <= self.status < 300


class Client:
    """One thread's client: talks to one node, goes to the next when that does not answer."""

    def __init__(self, name: str, ports: list[int], token: str, journal: Journal) -> None:
        self.name = name
        self.token = token
        self.journal = journal
        self.chance = random.Random(name)  # noqa: S311 - no secret
        self.ports = ports
        self.at = self.chance.randrange(len(ports))
        self.connection: http.client.HTTPConnection | None = None
        self.seen: Counter[str] = Counter()

    def command(self, path: str, body: dict, key: str, *, attempts: int = ATTEMPTS) -> Told:
        """Send a command until it is answered for good, always under the same key.

        With one attempt nothing is asked again, and no key is sent: as careless clients do.
        """
        began = time.monotonic()
        told = Told(0, None)
        for attempt in range(attempts):
            if attempt:
                self.seen["asked again"] += 1
                time.sleep(min(LONGEST_WAIT_S, 0.1 * 2 ** min(attempt, 6)) * self.chance.random())
            self.journal.asked(key, path, client=self.name, attempt=attempt)
            try:
                told = self.send("POST", path, body, key if attempts > 1 else None)
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.seen[f"no answer: {type(error).__name__}"] += 1
                self.leave()
                continue
            self.journal.told(key, path, told.status, told.answer, time.monotonic() - began)
            self.seen[f"answer {told.status}"] += 1
            if told.status == 503 and path.endswith("/materials"):
                self.seen["material not taken now"] += 1
            if told.status not in _AGAIN:
                return told
        self.seen["never answered"] += 1
        return told

    def look(self, path: str) -> Any:
        """Read something; None where it cannot be read now."""
        try:
            told = self.send("GET", path, None, None)
        except (OSError, http.client.HTTPException, ValueError):
            self.leave()
            return None
        return told.answer if told.is_ok else None

    def send(self, method: str, path: str, body: dict | None, key: str | None) -> Told:
        """Send one request on the open connection; raise where no whole answer comes."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        if self.connection is None:
            port = self.ports[self.at]
            self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        data = json.dumps(body).encode() if body is not None else None
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status == 503 and answer.getheader("Retry-After"):
            return Told(503, content.decode()[:200])  # a node that stops answers in plain words
        # Headers that were cut short look whole to the library: only JSON is an answer.
        return Told(answer.status, json.loads(content))

    def leave(self) -> None:
        """Let the connection go, and turn to the next node."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None
        self.at = (self.at + 1) % len(self.ports)
