"""Traces: what a collector is told, that it is never waited for, that nothing costs without one."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

SCRIPT = Path(__file__).with_name("traced_site.py")
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Collector:
    """An OTLP/HTTP collector that keeps every span it is sent."""

    def __init__(self) -> None:
        self.spans: list = []
        self.url = ""

    def named(self, name: str) -> list:
        return [one for one in self.spans if one.name == name]

    def children(self, span) -> list[str]:
        return [one.name for one in self.spans if one.parent_span_id == span.span_id]


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run a collector on a free port of this machine."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = ExportTraceServiceRequest()
            sent.ParseFromString(self.rfile.read(int(self.headers["Content-Length"])))
            for resource in sent.resource_spans:
                for scope in resource.scope_spans:
                    collector.spans += scope.spans
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    collector.url = f"http://127.0.0.1:{server.server_port}/v1/traces"
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()


def told(span) -> dict:
    return {
        one.key: one.value.string_value or one.value.int_value or one.value.bool_value
        for one in span.attributes
    }


def run(url: str) -> dict[str, Any]:
    """Start a case and perform its job in a process of its own, traced to a URL."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), url, CALLER],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def traced() -> Iterator[tuple[Collector, dict[str, Any]]]:
    """What a collector was told of one case, and what the site and its departments say."""
    with collecting() as collector:
        yield collector, run(collector.url)


def test_request_holds_command_transaction_and_step(traced):
    collector, site = traced
    (request,) = collector.named("POST /api/v1/services/<service>/cases")
    (command,) = collector.named("start_case")
    (transaction,) = (
        one
        for one in collector.named("database transaction")
        if one.parent_span_id == command.span_id
    )

    assert told(request)["http.response.status_code"] == 201
    assert told(request)["http.route"] == "/api/v1/services/<service>/cases"
    assert "start_case" in collector.children(request)
    assert told(command)["onething.case_no"] == site["case_no"]
    assert collector.children(transaction) == ["engine step"]


def test_job_is_a_trace_of_its_own_linked_to_the_command_that_queued_it(traced):
    collector, site = traced
    (job,) = collector.named("perform job")
    (command,) = collector.named("start_case")

    assert job.trace_id != command.trace_id
    assert [one.trace_id for one in job.links] == [command.trace_id]
    assert told(job)["onething.case_no"] == site["case_no"]


def test_department_is_handed_the_trace(traced):
    collector, site = traced
    (call,) = collector.named("call police")

    (received,) = site["received"]
    assert received.startswith(f"00-{call.trace_id.hex()}-{call.span_id.hex()}-")
    assert call.kind == call.SPAN_KIND_CLIENT


def test_trace_of_a_caller_is_gone_on_with_only_where_the_site_says_so(traced):
    collector, _site = traced
    _version, trace, span, _flags = CALLER.split("-")
    refused, accepted = collector.named("GET /api/v1/cases/<case_no>")

    assert refused.trace_id.hex() != trace
    assert not refused.parent_span_id
    assert (accepted.trace_id.hex(), accepted.parent_span_id.hex()) == (trace, span)


def test_only_requests_of_people_and_programs_are_told(traced):
    collector, _site = traced

    assert {told(one)["http.response.status_code"] for one in collector.spans if one.kind == 2} == {
        201,
        404,
    }
    assert not any("healthz" in one.name for one in collector.spans)


def test_spans_name_no_person(traced):
    collector, _site = traced
    text = "".join(str(one) for one in collector.spans)

    for personal in ("张三", "3705021985", "zhang", "query"):
        assert personal not in text
    assert not any(one.events for one in collector.spans)


def test_collector_that_never_answers_keeps_nobody_waiting():
    with socket.create_server(("127.0.0.1", 0), backlog=64) as hole:
        began = time.monotonic()
        site = run(f"http://127.0.0.1:{hole.getsockname()[1]}/v1/traces")
        whole = time.monotonic() - began

    assert site["seconds"] < 5
    assert whole < 60


def test_nothing_of_opentelemetry_is_imported_where_no_collector_is_named():
    assert run("")["modules"] == []
