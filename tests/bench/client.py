"""Client processes: keep-alive connections that start cases and complete their tasks."""

import hashlib
import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pool

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


def run(target: Target, clients: int, cases: int, batch: str) -> tuple[float, float, list[float]]:
    """Start cases, then complete all their tasks.

    Returns:
        Seconds of the starts, seconds of the completions, latency of each completion in seconds.
    """
    share = cases // clients
    work = [(target, f"{batch}-{client}", share) for client in range(clients)]
    with Pool(clients) as pool:
        began = time.perf_counter()
        pool.map(_start_all, work)
        started = time.perf_counter()
        latencies = pool.map(_complete_all, work)
        done = time.perf_counter()
    return started - began, done - started, [one for part in latencies for one in part]


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
