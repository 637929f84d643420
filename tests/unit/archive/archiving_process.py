"""A process that archives, a case a file, and kills itself at a stage.

Run as `python -m unit.archive.archiving_process DATA_DIR URL NOW STAGE COUNT`: COUNT stages of
that name are passed, the last one kills.
"""

import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

from onething import runtime
from onething.db import Database
from onething.history import Ed25519Signer, Ed25519Verifier
from onething.now import FakeClock
from onething.runtime import Stage
from onething.settings import Settings, secret


def main(folder: str, url: str, now: str, stage: str, count: str) -> None:
    """Archive until killed."""
    settings = Settings(data_dir=Path(folder))
    host = runtime.open_host(
        settings, clock=FakeClock(datetime.fromisoformat(now)), database=Database(url)
    )
    signer = Ed25519Signer(secret(settings, "checkpoint"))
    left = int(count)

    def told(one: Stage) -> None:
        nonlocal left
        left -= one.name == stage
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    runtime.archive_cases(
        host,
        signer,
        Ed25519Verifier(signer.public_key),
        settings.archives,
        host.clock() - timedelta(days=730),
        told,
        per_file=1,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
