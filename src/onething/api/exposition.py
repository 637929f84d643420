"""`/metrics`: what Prometheus reads, for the holder of the site's token alone."""

import hmac
from collections.abc import Iterator

from flask import Response, request
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from onething import metrics, runtime
from onething.runtime import Host

_GATE_STATES = ("closed", "half-open", "open")


class Waiting(Collector):
    """What waits in the database at the moment of reading, the same from every node."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def collect(self) -> Iterator[Metric]:
        """Measure the queues and their lags."""
        health = runtime.health(self._host)
        queue = GaugeMetricFamily("onething_queue_length", "What waits.", labels=["queue"])
        queue.add_metric(["jobs"], health.backlog.queued)
        queue.add_metric(["relayed_jobs"], health.backlog.relayed)
        queue.add_metric(["awaiting_jobs"], health.backlog.awaiting)
        queue.add_metric(["failed_jobs"], health.backlog.failed)
        queue.add_metric(["due_timers"], health.backlog.timers_due)
        queue.add_metric(["incidents"], health.incidents)
        yield queue
        lag = GaugeMetricFamily(
            "onething_lag_seconds", "How long the longest overdue is overdue.", labels=["queue"]
        )
        lag.add_metric(["jobs"], health.backlog.jobs_lag.total_seconds())
        lag.add_metric(["timers"], health.backlog.timers_lag.total_seconds())
        yield lag
        gate = GaugeMetricFamily(
            "onething_gate_state", "0 closed, 1 half-open, 2 open.", labels=["department"]
        )
        for row in health.gates:
            gate.add_metric([row.department or "none"], _GATE_STATES.index(row.state))
        yield gate
        behind = GaugeMetricFamily(
            "onething_webhook_lag_seconds",
            "Age of the oldest event that a subscription was not told yet.",
            labels=["subscription"],
        )
        states = GaugeMetricFamily(
            "onething_subscriptions", "Subscriptions by state.", labels=["state"]
        )
        found = runtime.subscriptions_now(self._host)
        for one in found:
            behind.add_metric([one.id], one.lag_s)
        for state in ("active", "paused"):
            states.add_metric([state], sum(one.state == state for one in found))
        yield behind
        yield states


def exposition(host: Host) -> Response:
    """Answer a scrape; without the site's token there is no such page."""
    token = host.settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        return Response("There is no such page\n", 404, mimetype="text/plain")
    return Response(metrics.exposition(Waiting(host)), content_type=CONTENT_TYPE_PLAIN_0_0_4)
