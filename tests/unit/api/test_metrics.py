import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from onething.errors import SettingsError
from onething.settings import load

TOKEN = "made-up-scrape-token"


@pytest.fixture
def watched(site_with):
    return site_with(metrics_token=TOKEN)


def scrape(site, token: str = TOKEN):
    return site.client.get("/metrics", headers={"Authorization": f"Bearer {token}"})


def value(site, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", scrape(site).text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_site_without_a_token_has_no_metrics(site):
    assert scrape(site).status_code == 404
    assert scrape(site, "").status_code == 404


def test_wrong_token_reads_nothing(watched):
    assert scrape(watched, "another-made-up-token").status_code == 404
    assert watched.client.get("/metrics").status_code == 404


def test_command_is_counted_by_verb_and_result(watched):
    done = 'onething_commands_total{result="done",verb="start_case"}'
    refused = 'onething_commands_total{result="case-already-open",verb="start_case"}'
    before = value(watched, done), value(watched, refused)

    watched.start()
    with pytest.raises(AssertionError, match="still open"):
        watched.start()

    assert (value(watched, done), value(watched, refused)) == (before[0] + 1, before[1] + 1)


def test_queue_of_jobs_is_measured_in_length_and_lag(watched):
    watched.start()

    watched.clock.advance(timedelta(seconds=30))

    assert value(watched, 'onething_queue_length{queue="jobs"}') == 1
    assert value(watched, 'onething_lag_seconds{queue="jobs"}') == 30


def test_processes_of_one_node_add_up(tmp_path):
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    count = "from onething import metrics; metrics.event_replayed()"
    read = (
        "from onething import metrics\n"
        "from prometheus_client import CollectorRegistry\n"
        "print(metrics.exposition(CollectorRegistry()).decode())"
    )

    for _ in range(2):
        subprocess.run([sys.executable, "-c", count], env=env, check=True)
    told = subprocess.run([sys.executable, "-c", read], env=env, check=True, capture_output=True)

    assert b"onething_replayed_events_total 2.0" in told.stdout


def test_token_that_is_short_is_refused():
    with pytest.raises(SettingsError, match="at least 16"):
        load({"ONETHING_METRICS_TOKEN": "short"})
