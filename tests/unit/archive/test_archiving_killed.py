"""An archiving that is killed at any stage is finished by the next run."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from onething import runtime

TESTS = Path(__file__).parents[2]
STAGES = [
    pytest.param("begun", 1, marks=pytest.mark.long),
    ("written", 1),
    ("recorded", 1),
    ("removed", 1),
    pytest.param("written", 2, marks=pytest.mark.long),
]


def killed(site, stage: str, count: int) -> None:
    url = site.host.database.url.render_as_string(hide_password=False)
    words = [site.host.settings.data_dir, url, site.host.clock().isoformat(), stage, count]
    command = [sys.executable, "-m", "unit.archive.archiving_process", *map(str, words)]
    done = subprocess.run(command, cwd=TESTS, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2_000:]


@pytest.mark.parametrize(("stage", "count"), STAGES)
def test_the_next_run_finishes_what_a_killed_one_began(site, old, stage, count):
    killed(site, stage, count)
    between = site.verify()

    site.archive()
    after = site.verify()

    assert (between.faults, after.faults) == ([], [])
    assert (after.archived, after.values, after.unproven) == (3, after.events, 0)
    assert [site.case(one).state for one in old] == ["ARCHIVED"] * 3
    for case_no in old:
        runtime.restore_archived(site.host, site.verifier, site.folder, case_no)
        assert runtime.replay(site.host, case_no).is_clean
