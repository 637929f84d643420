"""Both parties' agreements outlive their node: one case or an open invitation, never less."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onething import cases, runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM
from onething.runtime import Host
from unit.web.agreeing_process import INVITED, ME, OTHER, SECOND, opened

PAIRING = Path(__file__).parent / "pairing"
TESTS = Path(__file__).parents[2]
PATIENCE_S = 60


@contextmanager
def node(folder: Path) -> Iterator[Host]:
    """Be a node on a data folder."""
    host = opened(folder)
    yield host
    host.access_log.flush()
    host.database.close()


def process(*words: str | Path, **more) -> subprocess.Popen:
    command = [sys.executable, "-m", "unit.web.agreeing_process", *map(str, words)]
    return subprocess.Popen(command, cwd=TESTS, text=True, **more)


@pytest.fixture(scope="module")
def dead(tmp_path_factory) -> tuple[Path, str]:
    """Return the folder of a node that was killed when the first one had agreed; the invitation."""
    folder = tmp_path_factory.mktemp("dead") / "node"
    with node(folder) as host:
        host.database.create()
        runtime.deploy(host, SYSTEM, Catalog([PAIRING]).package("pair"))
    with process("invite", folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        assert one.stdout is not None
        told = next(line for line in one.stdout if line.startswith(INVITED))
        one.send_signal(signal.SIGKILL)
    return folder, told.removeprefix(INVITED).strip()


@pytest.fixture
def invited(dead, tmp_path) -> tuple[Path, str]:
    """Return a copy of what the dead node left, and the invitation."""
    return Path(shutil.copytree(dead[0], tmp_path / "origin")), dead[1]


def join(host: Host, invitation_id: str) -> None:
    code = runtime.view_invitation(host, ME, invitation_id).code
    runtime.join_invitation(host, OTHER, code, SECOND)


def seen_by_second(host: Host, invitation_id: str) -> str:
    return runtime.view_invitation(host, OTHER, invitation_id).digest


def agree(host: Host, invitation_id: str) -> str | None:
    seen = seen_by_second(host, invitation_id)
    return runtime.agree_to_application(host, OTHER, invitation_id, seen)


def every_case(host: Host) -> list[cases.CaseRow]:
    with host.database.read() as conn:
        return cases.listing(conn)


def found(host: Host, invitation_id: str) -> tuple[str, int]:
    """Return what has become of the invitation, and how many cases there are."""
    return runtime.view_invitation(host, ME, invitation_id).state, len(every_case(host))


def test_the_first_ones_agreement_outlives_the_node(invited):
    folder, invitation_id = invited
    with node(folder) as host:
        view = runtime.view_invitation(host, ME, invitation_id)
        join(host, invitation_id)

        case_no = agree(host, invitation_id)

        assert (view.state, view.has_agreed, view.other_has_agreed) == ("awaiting", True, False)
        assert found(host, invitation_id) == ("opened", 1)
        assert [one.case_no for one in every_case(host)] == [case_no]


def test_a_node_that_dies_at_the_second_agreement_leaves_one_case_or_the_invitation(invited):
    # Given processes that agree for the second party, each killed at another place
    folder, invitation_id = invited
    with node(folder) as host:
        join(host, invitation_id)
        seen = seen_by_second(host, invitation_id)
    done = process("agree", folder, invitation_id, seen, stderr=subprocess.PIPE)
    told = done.communicate(timeout=PATIENCE_S)[1]
    assert done.returncode == 0, told

    # When each node is started again and the second party presses once more
    left, afterwards = [], []
    for copy in sorted(one for one in folder.parent.iterdir() if one.name.isdigit()):
        with node(copy) as host:
            left.append(found(host, invitation_id))
            case_no = agree(host, invitation_id)
            afterwards.append(found(host, invitation_id))
            assert [one.case_no for one in every_case(host)] == [case_no]

    # Then nothing was half done, and there is one case everywhere
    assert set(left) == {("awaiting", 0), ("opened", 1)}
    assert left[-1] == ("opened", 1), "it was written, and nobody was told"
    assert set(afterwards) == {("opened", 1)}
    with node(copy) as host:
        assert runtime.replay(host, case_no).is_clean
