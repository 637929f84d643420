"""Processes of two parties that are killed while they agree to one application.

Run as `python -m unit.web.agreeing_process invite FOLDER` the first one agrees and invites, says
the invitation, and waits to be killed. With `agree FOLDER INVITATION SEEN` processes of the second
one agree to what was seen, and die at some places.
"""

import sys
from pathlib import Path

from onething import runtime
from onething.forms import Posted
from onething.identity import Actor
from onething.now import FakeClock
from onething.runtime import Application, Host
from onething.settings import Settings
from unit.dying import die_at_places
from unit.web.conftest import MONDAY

FIRST, SECOND = "37050219960518993X", "370521199711029904"
ANSWERS = {
    "kind": "two",
    "a.name": "陈志远",
    "a.idNo": FIRST,
    "b.name": "林晓彤",
    "b.idNo": SECOND,
}
ME = Actor("citizen", "citizen", frozenset({"applicant"}))
OTHER = Actor("other", "other", frozenset({"applicant"}))
PLACES = 5
INVITED = "invited "


def opened(folder: Path) -> Host:
    """Return a host on a data folder."""
    return runtime.open_host(Settings(data_dir=folder), clock=FakeClock(MONDAY))


def invite(folder: str) -> None:
    """Agree as the first party, and wait for the end."""
    given = Application("pair", Posted({name: [value] for name, value in ANSWERS.items()}))
    row = runtime.invite(opened(Path(folder)), ME, given, key="invited-once")
    sys.stdout.write(f"{INVITED}{row.invitation_id}\n")
    sys.stdout.flush()
    sys.stdin.read()


def agree(folder: str, invitation_id: str, seen: str) -> None:
    """Agree as the second party, and die of it."""
    die_at_places(
        Path(folder),
        opened,
        lambda host: runtime.agree_to_application(host, OTHER, invitation_id, seen),
        PLACES,
    )


if __name__ == "__main__":
    {"invite": invite, "agree": agree}[sys.argv[1]](*sys.argv[2:])
