"""A TCP proxy as a process of its own: forwards bytes, and hurts connections on demand.

Usage: proxy.py '{"<link>": [<listening port>, <target port>], ...}'. Each line on standard
input is a JSON object: ``{"link", "fault", "share", "seconds"}`` hurts a link for so long,
``{"link": null}`` ends every fault, ``{"counts": true}`` asks for one line of counts.

- ``cut``: within a chunk, at a random byte, both ends are reset.
- ``stall``: nothing passes until the fault is over.
- ``hold``: chunks of some connections wait while those of others overtake them.
- ``swallow``: the request reaches the other side, its answer is dropped, both ends are reset.
  On the link to the database that request is a commit.
- ``twice``: an answer passes twice on the same connection.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

HELD_S = 1.5
DATABASE = "database"


@dataclass
class Fault:
    """One way in which a link hurts, with the share of chunks that it hurts."""

    kind: str
    share: float
    until: float


@dataclass
class Link:
    """One listening port, where it leads, and how it hurts now."""

    name: str
    target: int
    faults: list[Fault] = field(default_factory=list)

    def fault(self, *kinds: str) -> Fault | None:
        """Return the fault of one of these kinds that hurts this chunk, or None."""
        if not self.faults:
            return None
        now = time.monotonic()
        self.faults = [one for one in self.faults if one.until > now]
        for one in self.faults:
            if one.kind in kinds and random.random() < one.share:  # noqa: S311 - no secret
                return one
        return None


class Pair:
    """The two ends of one connection; a chunk that waits holds back those behind it."""

    def __init__(self, link: Link, counts: Counter[str]) -> None:
        self.link = link
        self.counts = counts
        self.ends: list[asyncio.Transport | None] = [None, None]
        self.waiting: list[list[bytes]] = [[], []]
        self.held_until = [0.0, 0.0]
        self.swallows = False

    def opened(self, end: int, transport: asyncio.Transport) -> None:
        self.ends[end] = transport
        self.flush(end)

    def closed(self, end: int) -> None:
        other = self.ends[1 - end]
        if other is not None:
            other.abort() if self.swallows else other.close()

    def passes(self, end: int, data: bytes) -> None:
        """Take bytes that came at one end and are meant for the other."""
        if self.link.faults and not self.hurt(end, data):
            return
        self.send(1 - end, data)

    def hurt(self, end: int, data: bytes) -> bool:
        """Hurt the connection where a fault says so; return whether the bytes still pass."""
        if end == 1 and self.swallows:
            self.count("swallow")
            self.reset()
            return False
        if self.link.fault("cut"):
            self.count("cut")
            self.send(1 - end, data[: random.randrange(len(data) + 1)])  # noqa: S311
            self.reset()
            return False
        if end == 0 and self.ends_in_an_answer(data) and self.link.fault("swallow"):
            self.swallows = True
        elif end == 1 and self.link.fault("twice"):
            self.count("twice")
            self.send(0, data)
        self.hold(1 - end)
        return True

    def ends_in_an_answer(self, data: bytes) -> bool:
        """Whether what answers these bytes is worth losing: a commit, or any request."""
        return self.link.name != DATABASE or b"COMMIT" in data

    def hold(self, end: int) -> None:
        stall = next((one for one in self.link.faults if one.kind == "stall"), None)
        now = time.monotonic()
        if stall is not None and stall.until > now:
            self.held_until[end] = max(self.held_until[end], stall.until)
            self.count("stall")
        elif self.link.fault("hold"):
            self.held_until[end] = max(self.held_until[end], now + random.random() * HELD_S)  # noqa: S311
            self.count("hold")

    def send(self, end: int, data: bytes) -> None:
        transport, wait = self.ends[end], self.held_until[end] - time.monotonic()
        if transport is not None and wait <= 0 and not self.waiting[end]:
            transport.write(data)
            return
        self.waiting[end].append(data)
        if wait > 0:
            asyncio.get_running_loop().call_later(wait, self.flush, end)

    def flush(self, end: int) -> None:
        transport = self.ends[end]
        if transport is None or self.held_until[end] > time.monotonic() + 0.001:
            return
        chunks, self.waiting[end] = self.waiting[end], []
        if chunks and not transport.is_closing():
            transport.write(b"".join(chunks))

    def reset(self) -> None:
        for transport in self.ends:
            if transport is not None:
                transport.abort()

    def count(self, kind: str) -> None:
        self.counts[f"{self.link.name} {kind}"] += 1


class End(asyncio.Protocol):
    """One end of a pair."""

    def __init__(self, pair: Pair, end: int) -> None:
        self.pair = pair
        self.end = end

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.pair.opened(self.end, transport)  # type: ignore[arg-type]
        if self.end == 0:
            self.reaching = asyncio.ensure_future(self.reach())

    async def reach(self) -> None:
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: End(self.pair, 1), "127.0.0.1", self.pair.link.target
            )
        except OSError:
            self.pair.reset()
        if self.pair.ends[0] is None or self.pair.ends[0].is_closing():
            self.pair.reset()

    def data_received(self, data: bytes) -> None:
        self.pair.passes(self.end, data)

    def connection_lost(self, _error: Exception | None) -> None:
        self.pair.closed(self.end)


class Proxy:
    """All links, and what they suffered."""

    def __init__(self, ports: dict[str, list[int]]) -> None:
        self.ports = ports
        self.links = {name: Link(name, target) for name, (_, target) in ports.items()}
        self.counts: Counter[str] = Counter()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for name, (port, _) in self.ports.items():
            link = self.links[name]
            await loop.create_server(
                lambda link=link: End(Pair(link, self.counts), 0), "127.0.0.1", port, backlog=500
            )
        say({"ready": True})
        lines = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            self.obey(json.loads(line))

    def obey(self, order: dict) -> None:
        if order.get("counts"):
            say(self.counts)
        elif order["link"] is None:
            for link in self.links.values():
                link.faults = []
        else:
            until = time.monotonic() + order["seconds"]
            fault = Fault(order["fault"], order["share"], until)
            self.links[order["link"]].faults.append(fault)


def say(value: dict) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(Proxy(json.loads(sys.argv[1])).run())
