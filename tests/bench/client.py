"""Client processes: keep-alive connections that start cases and complete their tasks."""

import hashlib
import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pool
from typing import Any

NOTE = "n" * 200
TASKS = 3
FIRST_TOKEN = 3
Call = tuple[str, dict[str, str], bytes]


@dataclass(frozen=True)
class Target:
    """One served application."""

    name: str
    port: int
    token: str = ""


def product_start(target: Target, key: str) -> Call:
    return (
        "/api/v1/services/three-tasks/cases",
        _headers(target, key),
        json.dumps({"data": {"note": NOTE}}).encode(),
    )


def product_complete(target: Target, key: str, sequence: int) -> Call:
    instance = hashlib.sha256(f"bench\0{key}".encode()).hexdigest()[:24]
    token = FIRST_TOKEN + sequence - 1
    path = f"/api/v1/tasks/{instance}-{token}/complete"
    body = json.dumps({"data": {"note": NOTE}}).encode()
    return path, _headers(target, f"{key}-{sequence}"), body


def other_start(_target: Target, key: str) -> Call:
    return f"/start/{key}", {"Content-Type": "application/json"}, b"{}"


def other_complete(_target: Target, key: str, sequence: int) -> Call:
    body = json.dumps({"note": NOTE}).encode()
    return f"/complete/{key}/{sequence}", {"Content-Type": "application/json"}, body


@dataclass(frozen=True)
class Measured:
    """One round: so many starts, then the completions of all their tasks."""

    starts: int
    start_s: float
    complete_s: float
    latencies: list[float]
    """Seconds of each completion."""
    readings: tuple[Any, Any, Any]
    """What was read before the starts, between, and after the completions."""


def run(
    target: Target, clients: int, cases: int, batch: str, read: Callable[[], Any] = lambda: None
) -> Measured:
    """Start cases, then complete all their tasks."""
    share = max(1, cases // clients)
    work = [(target, f"{batch}-{client}", share) for client in range(clients)]
    with Pool(clients) as pool:
        first, began = read(), time.perf_counter()
        pool.map(_start_all, work)
        start_s = time.perf_counter() - began
        second, began = read(), time.perf_counter()
        latencies = pool.map(_complete_all, work)
        complete_s = time.perf_counter() - began
        readings = first, second, read()
    told = [one for part in latencies for one in part]
    return Measured(share * clients, start_s, complete_s, told, readings)


def _start_all(work: tuple[Target, str, int]) -> None:
    target, prefix, share = work
    make = product_start if target.name == "product" else other_start
    send = _sender(target)
    for number in range(share):
        send(make(target, f"{prefix}-{number}"))


def _complete_all(work: tuple[Target, str, int]) -> list[float]:
    target, prefix, share = work
    make = product_complete if target.name == "product" else other_complete
    send = _sender(target)
    latencies = []
    for number in range(share):
        for sequence in range(1, TASKS + 1):
            call = make(target, f"{prefix}-{number}", sequence)
            began = time.perf_counter()
            send(call)
            latencies.append(time.perf_counter() - began)
    return latencies


def _sender(target: Target) -> Callable[[Call], None]:
    connection = http.client.HTTPConnection("127.0.0.1", target.port)

    def send(call: Call) -> None:
        path, headers, body = call
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]!r}")

    return send


def _headers(target: Target, key: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {target.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }
