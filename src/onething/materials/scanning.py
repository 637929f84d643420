r"""The virus scanner: a file is asked about before it is kept, and waits for no answer for ever.

A file of which nobody knows whether it is clean is not taken in: there is no quarantine that
somebody might open by mistake.

Source: clamd(8), INSTREAM: `zINSTREAM\0`, then chunks of a length in four bytes and so many
bytes, ended by a length of 0; the answer is `stream: OK` or `stream: NAME FOUND`.
"""

import shlex
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from onething.errors import MaterialInfected, ScannerAway, SettingsError

_CHUNK_BYTES = 128 * 1024
_LONGEST_ANSWER = 4_096
_NAME_CHARS = 80
_AWAY = (
    "病毒扫描暂时不可用，文件没有收下，请几分钟后再试 (the virus scan does not answer: try later)"
)


class Scanner(Protocol):
    """One way to ask whether a file is clean."""

    def scan(self, content: bytes) -> None:
        """Return for a clean file.

        Raises:
            MaterialInfected: Something was found in it.
            ScannerAway: There is no answer in time, or none that makes sense.
        """

    def version(self) -> str:
        """Return what the scanner says of itself; raises ScannerAway."""


class NoScanner:
    """The site has no scanner: every file passes."""

    def scan(self, content: bytes) -> None:
        """Return."""

    def version(self) -> str:
        """Say that there is none."""
        return "none"


class Clamd:
    """A clamd behind a socket of this machine or of another one.

    Args:
        address: Path of a unix socket, or (host, port).
        seconds: For the whole conversation.
    """

    def __init__(self, address: str | tuple[str, int], seconds: float) -> None:
        self._address = address
        self._seconds = seconds

    def scan(self, content: bytes) -> None:
        """Send a file and read the verdict."""
        with self._talk() as (line, until):
            line.sendall(b"zINSTREAM\0")
            for place in range(0, len(content), _CHUNK_BYTES):
                chunk = content[place : place + _CHUNK_BYTES]
                line.settimeout(_left(until))
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            answer = _answer(line, until)
        if answer.endswith(" FOUND"):
            raise _infected(answer.removesuffix(" FOUND").removeprefix("stream: "))
        if answer != "stream: OK":
            raise ScannerAway(_AWAY)

    def version(self) -> str:
        """Ask for version and signatures."""
        with self._talk() as (line, until):
            line.sendall(b"zVERSION\0")
            return _answer(line, until)

    @contextmanager
    def _talk(self) -> Iterator[tuple[socket.socket, float]]:
        until = time.monotonic() + self._seconds
        is_path = isinstance(self._address, str)
        try:
            with socket.socket(socket.AF_UNIX if is_path else socket.AF_INET) as line:
                line.settimeout(self._seconds)
                line.connect(self._address)
                yield line, until
        except OSError as error:
            raise ScannerAway(_AWAY) from error


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _answer(line: socket.socket, until: float) -> str:
    """Read up to the NUL that ends an answer, or to the end of the line."""
    found = b""
    while b"\0" not in found and len(found) < _LONGEST_ANSWER:
        line.settimeout(_left(until))
        part = line.recv(_LONGEST_ANSWER)
        if not part:
            break
        found += part
    return found.partition(b"\0")[0].decode("utf-8", "replace").strip()


class Command:
    """A program that reads a file from its input: 0 is clean, 1 is not, as clamscan has it."""

    def __init__(self, command: list[str], seconds: float) -> None:
        self._command = command
        self._seconds = seconds

    def scan(self, content: bytes) -> None:
        """Give a file to the program and look at what it answers to the shell."""
        try:
            done = subprocess.run(  # noqa: S603 - the site's own setting names the program
                self._command,
                input=content,
                capture_output=True,
                timeout=self._seconds,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ScannerAway(_AWAY) from error
        if done.returncode == 1:
            raise _infected(done.stdout.decode("utf-8", "replace").strip().partition("\n")[0])
        if done.returncode != 0:
            raise ScannerAway(_AWAY)

    def version(self) -> str:
        """Let the program look at nothing, and name it."""
        self.scan(b"")
        return self._command[0]


def _infected(name: str) -> MaterialInfected:
    told = "".join(char for char in name if char.isprintable())[:_NAME_CHARS]
    return MaterialInfected(f"病毒扫描发现问题，文件没有收下：{told} (the virus scan found this)")


def scanner_of(where: str, seconds: float) -> Scanner:
    """Return the scanner that a setting names.

    Args:
        where: Empty for none; `clamd:/run/clamav/clamd.ctl`, `clamd:host:3310`, or
            `command:clamscan --no-summary -`.
        seconds: For one file.

    Raises:
        SettingsError: It is of no such form.
    """
    kind, _colon, rest = where.partition(":")
    if not where:
        return NoScanner()
    if kind == "command" and rest.strip():
        return Command(shlex.split(rest), seconds)
    if kind == "clamd" and rest.startswith("/"):
        return Clamd(rest, seconds)
    host, _colon, port = rest.rpartition(":")
    if kind == "clamd" and host and port.isdecimal() and int(port) < 1 << 16:
        return Clamd((host, int(port)), seconds)
    told = "clamd:/path, clamd:host:port or command:PROGRAM"
    raise SettingsError(f"scanner is {told}, not {where!r}")
