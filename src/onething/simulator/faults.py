"""Departments that fail on demand."""

import threading
from dataclasses import dataclass
from typing import Literal, cast, get_args

from onething.errors import InvalidInput

Mode = Literal[
    "timeout", "no_record", "conflict", "revoked", "slow", "down", "rubbish", "later", "huge"
]
"""How a department fails.

``timeout``: the work is done, the answer comes too late. ``slow``: the answer comes late,
yet in time. ``down``: nothing is done. ``rubbish``: nothing is done, and the answer is none.
``later``: the work is done, and the call is answered 202; what came of it is reported
by a webhook, where the department has a callback. ``huge``: nothing is done, and the answer
is two gigabytes long.
The others refuse for that reason, whatever the records say.
"""


@dataclass(slots=True)
class Fault:
    """One way a department fails, for all its operations or for one."""

    department: str
    mode: Mode
    operation: str | None = None
    times: int | None = None
    """How many more requests fail; None for every one until the fault is taken away."""


class Faults:
    """The faults that are set; safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def set(
        self, department: str, mode: str, operation: str | None = None, times: int | None = None
    ) -> None:
        """Let a department fail; replaces its fault for the same operation.

        Raises:
            InvalidInput: the mode, the operation or the number of times is none.
        """
        if mode not in get_args(Mode):
            raise InvalidInput(f"mode is one of {', '.join(get_args(Mode))}", {"mode": mode})
        if operation is not None and not operation.startswith(department + "."):
            raise InvalidInput(f"{operation} is no operation of {department}")
        if times is not None and (type(times) is not int or times < 1):
            raise InvalidInput("times is a whole number from 1 on")
        with self._lock:
            self._faults = [
                fault
                for fault in self._faults
                if (fault.department, fault.operation) != (department, operation)
            ]
            self._faults.append(Fault(department, cast("Mode", mode), operation, times))

    def clear(self, department: str | None = None) -> None:
        """Take away the faults of one department, or all."""
        with self._lock:
            self._faults = [
                fault for fault in self._faults if department not in {None, fault.department}
            ]

    def take(self, department: str, operation: str) -> Mode | None:
        """Return how this request fails, counting it; a fault of the operation goes first."""
        with self._lock:
            meant = [
                fault
                for fault in self._faults
                if fault.department == department and fault.operation in {None, operation}
            ]
            if not meant:
                return None
            fault = max(meant, key=lambda one: one.operation is not None)
            if fault.times is not None:
                fault.times -= 1
                if not fault.times:
                    self._faults.remove(fault)
            return fault.mode

    def list(self) -> list[dict[str, object]]:
        """Return the faults that are set, as JSON objects."""
        with self._lock:
            return [
                {
                    "department": fault.department,
                    "mode": fault.mode,
                    "operation": fault.operation,
                    "times": fault.times,
                }
                for fault in self._faults
            ]
