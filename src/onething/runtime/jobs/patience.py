"""How long a job that failed waits before it is tried again."""

from datetime import timedelta
from zlib import crc32

from onething.jobs import JobRow
from onething.runtime.host import Host

_CRC_VALUES = 2**32
_MOST_DOUBLINGS = 20
"""Past the cap the power would only grow beyond what a timedelta holds."""


def wait_of(host: Host, job: JobRow) -> timedelta:
    """Return the wait before the next attempt: doubled each time, capped, and spread.

    Jobs that failed together do not come back together: each waits between half and all of its
    time, by its own id, so that a replay of a test waits as long again.
    """
    settings = host.settings
    doubled = settings.retry_wait_s * 2 ** min(job.attempts, _MOST_DOUBLINGS)
    longest = min(doubled, settings.retry_cap_s)
    spread = crc32(f"{job.id} {job.attempts}".encode()) / _CRC_VALUES
    return timedelta(seconds=longest * (1 + spread) / 2)
