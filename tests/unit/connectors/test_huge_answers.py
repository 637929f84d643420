"""A department that answers two gigabytes: the call ends, and memory stays small."""

import gzip
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import httpx
import pytest

from onething.connectors import HttpConnector
from onething.errors import AnswerInvalid
from unit.connectors.conftest import GET, LIN

TWO_GIGABYTES = 2 * 1024**3
CHUNK = b" " * 65_536
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
PACKED = gzip.compress(b" " * (16 * 1024 * 1024))
GROWTH_BYTES = 30 * 1024 * 1024


def with_length(connection):
    connection.sendall(OK + b"Content-Length: %d\r\n\r\n" % TWO_GIGABYTES)
    pour(connection, CHUNK)


def without_length(connection):
    connection.sendall(OK + b"Connection: close\r\n\r\n")
    pour(connection, CHUNK)


def in_chunks(connection):
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    pour(connection, b"%x\r\n%b\r\n" % (len(CHUNK), CHUNK))


def packed(connection):
    connection.sendall(OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
    pour(connection, b"%x\r\n%b\r\n" % (len(PACKED), PACKED))


def pour(connection, piece):
    for _at in range(TWO_GIGABYTES // len(piece)):
        connection.sendall(piece)


@contextmanager
def department(answer):
    """A real socket that answers each connection; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    connection.recv(65536)
                    answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("answer", [with_length, without_length, in_chunks, packed])
def test_an_answer_of_two_gigabytes_ends_quickly(answer):
    began = time.monotonic()

    with department(answer) as url, httpx.Client() as client:
        connector = HttpConnector({"*": url}, client)
        with pytest.raises(AnswerInvalid, match=r"longer|packed"):
            connector.call(GET, {"idNo": LIN}, "k", "L1")

    assert time.monotonic() - began < 5


CALLER = """
import resource, sys
import httpx
from onething.connectors import HttpConnector, operations
from onething.errors import AnswerInvalid

def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

get = operations()["police.household.get"]
with httpx.Client() as client:
    connector = HttpConnector({"*": sys.argv[1]}, client)
    before = most()
    for at in range(3):
        try:
            connector.call(get, {"idNo": "370521199711029904"}, f"k{at}", "L1")
        except AnswerInvalid as error:
            print(error, file=sys.stderr)
        else:
            sys.exit("taken")
    print(most() - before)
"""


@pytest.mark.parametrize("answer", [without_length, packed])
def test_the_caller_s_memory_does_not_grow_with_the_answer(answer):
    with department(answer) as url:
        called = subprocess.run(
            [sys.executable, "-c", CALLER, url], capture_output=True, text=True, check=True
        )

    assert int(called.stdout) < GROWTH_BYTES


def test_the_simulator_plays_such_a_department(city, site):
    city.put("/_faults/police", json={"mode": "huge", "times": 1}).raise_for_status()

    with pytest.raises(AnswerInvalid, match="longer"):
        site.call(f'[departments.police]\nurl = "{city.base_url}"')

    assert site.call(f'[departments.police]\nurl = "{city.base_url}"')["name"] == "林晓彤"
