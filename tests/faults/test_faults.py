"""A short run: every kind of fault once; what was promised is kept."""

import os
import random

import pytest

from faults.places import FAKETIME
from faults.run import Plan, Run
from onething.testing import postgres

SEED = int(os.environ.get("ONETHING_FAULTS_SEED") or random.randrange(1 << 30))  # noqa: S311


@pytest.mark.skipif(
    postgres.programs() is None and os.environ.get("CI") != "true",
    reason="no PostgreSQL; as root: apt-get install postgresql",
)
def test_nothing_is_lost_doubled_divergent_or_stuck_whatever_fails():
    faults = {"pause_s": 0.2, "length_s": 0.6, "rounds": 1}
    load = {"cases": 400, "least": 40, "server": "waitress", "window_pause_s": 1.0}
    run = Run(Plan(seconds=120, settling_s=300, seed=SEED, standing_s=2, **faults, **load))

    report = run.go()

    told = f"seed {SEED}, everything is in {run.folder}: {report}"
    assert {kind: found for kind, found in report["first"].items() if found} == {}, told
    assert report["unexpected answers"] == [], told
    assert report["ended wrongly"] == [], told
    assert report["figures"]["cases ended"] > 30, told
    assert report["figures"]["materials"] > 5, told
    assert len(report["faults"]) == len(run.schedule.kinds()) >= (24 if FAKETIME else 22), told
    run.remove()
