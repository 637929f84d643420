"""Found by every process whose clock is stepped: a sleep that libfaketime does not break.

It intercepts `clock_nanosleep`, which Python 3.11 sleeps by, and counts monotonic instants as if
they were those of the wall: a sleep raises EINVAL or does not end. Waiting for an event does not
pass through it.
"""

import threading
import time


def sleep(seconds: float) -> None:
    """Wait so long on the monotonic clock."""
    threading.Event().wait(seconds)


time.sleep = sleep
