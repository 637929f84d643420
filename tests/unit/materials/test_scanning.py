"""The scanner is asked in its own protocol, and silence never passes for a clean file."""

import socket
import struct
import sys
import threading
from contextlib import contextmanager

import pytest

from onething.errors import MaterialInfected, ScannerAway, SettingsError
from onething.materials import Clamd, Command, NoScanner, scanner_of

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def verdict(content):
    return b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"


def serve(line, answer):
    """Speak clamd's side of one conversation."""
    stream = line.makefile("rb")
    command = b""
    while not command.endswith(b"\0"):
        command += stream.read(1)
    if command == b"zVERSION\0":
        line.sendall(b"ClamAV 1.4.3/27500\0")
        return
    assert command == b"zINSTREAM\0"
    content = b""
    while length := struct.unpack(">I", stream.read(4))[0]:
        content += stream.read(length)
    said = answer(content)
    if said is not None:
        line.sendall(said + b"\0")
    else:
        stream.read(1)  # say nothing until the other side leaves


@contextmanager
def clamd(family, address, answer=verdict):
    with socket.socket(family) as server:
        server.bind(address)
        server.listen()

        def run():
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    serve(line, answer)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield server.getsockname()
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.fixture(params=["unix", "tcp"])
def scanner(request, tmp_path):
    if request.param == "unix":
        path = str(tmp_path / "clamd.ctl")
        with clamd(socket.AF_UNIX, path):
            yield scanner_of(f"clamd:{path}", 5)
    else:
        with clamd(socket.AF_INET, ("127.0.0.1", 0)) as (host, port):
            yield scanner_of(f"clamd:{host}:{port}", 5)


def test_a_clean_file_of_many_chunks_passes(scanner):
    scanner.scan(b"harmless " * 100_000)


def test_the_test_virus_is_found_wherever_it_stands(scanner):
    with pytest.raises(MaterialInfected, match="Eicar-Test-Signature"):
        scanner.scan(b"%PDF-1.7\n" + b"x" * 200_000 + EICAR)


def test_the_scanner_says_who_it_is(scanner):
    assert scanner.version() == "ClamAV 1.4.3/27500"


@pytest.mark.parametrize("said", [b"INSTREAM size limit exceeded. ERROR", b"", b"stream: MAYBE"])
def test_an_answer_that_is_no_verdict_passes_nothing(tmp_path, said):
    path = str(tmp_path / "clamd.ctl")

    with clamd(socket.AF_UNIX, path, lambda _content: said), pytest.raises(ScannerAway):
        Clamd(path, 5).scan(b"harmless")


def test_a_scanner_that_never_answers_is_not_waited_for(tmp_path):
    path = str(tmp_path / "clamd.ctl")

    with clamd(socket.AF_UNIX, path, lambda _content: None), pytest.raises(ScannerAway):
        Clamd(path, 0.2).scan(b"harmless")


def test_a_scanner_that_is_not_there_passes_nothing(tmp_path):
    with pytest.raises(ScannerAway, match="再试"):
        Clamd(str(tmp_path / "nothing.ctl"), 1).scan(b"harmless")


PROGRAM = "import sys; sys.exit(int(b'EICAR' in sys.stdin.buffer.read()))"


def test_a_program_answers_by_its_exit_code():
    program = Command([sys.executable, "-c", PROGRAM], 20)

    program.scan(b"harmless")
    with pytest.raises(MaterialInfected):
        program.scan(EICAR)


@pytest.mark.parametrize("command", [["/nowhere/clamscan"], [sys.executable, "-c", "raise 1"]])
def test_a_program_that_fails_passes_nothing(command):
    command = command if command[0] != sys.executable else [*command[:2], "import os; os._exit(2)"]

    with pytest.raises(ScannerAway):
        Command(command, 20).scan(b"harmless")


def test_without_a_setting_every_file_passes():
    scanner = scanner_of("", 5)

    scanner.scan(EICAR)
    assert isinstance(scanner, NoScanner)


@pytest.mark.parametrize("where", ["clamd:", "clamd:host", "clamd:host:99999", "command:", "x:y"])
def test_a_setting_of_another_form_is_refused(where):
    with pytest.raises(SettingsError):
        scanner_of(where, 5)
