import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace

import httpx
import pytest

from onething.connectors import HttpConnector, operations
from onething.errors import DepartmentUnavailable
from onething.simulator import Records, create_app, load_seed
from unit.serving import served

LIN = "370521199711029904"
GET = operations()["police.household.get"]


@pytest.fixture
def address():
    """A simulator behind a real socket whose faults really wait."""
    records = Records()
    load_seed(records)
    with served(create_app(records), threads=8) as url:
        yield url


def call(address, operation=GET):
    with httpx.Client() as client:
        return HttpConnector({"*": address}, client).call(operation, {"idNo": LIN}, "k", "L1")


def fault(address, **asked):
    httpx.put(f"{address}/_faults/police", json=asked).raise_for_status()


def test_a_department_answers_over_a_socket(address):
    assert call(address)["name"] == "林晓彤"


def test_a_new_database_is_served_with_the_seed_and_kept(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = "import sys; from onething.simulator import serve; "
    program += "serve('127.0.0.1', int(sys.argv[1]), sys.argv[2])"
    file = tmp_path / "city.db"

    with subprocess.Popen([sys.executable, "-c", program, str(port), str(file)]) as process:
        # The transport itself tries again until the port is open.
        with httpx.Client(transport=httpx.HTTPTransport(retries=6)) as client:
            ready = client.get(f"http://127.0.0.1:{port}/_health").json()
            told = call(f"http://127.0.0.1:{port}")
        process.terminate()

    assert ready == {"ready": True}
    assert told["name"] == "林晓彤"
    assert file.exists()


def test_a_timeout_ends_when_the_contract_says(address):
    fault(address, mode="timeout", times=1)
    began = time.monotonic()

    with pytest.raises(DepartmentUnavailable, match="Timeout"):
        call(address, replace(GET, timeout_s=0.3))

    assert time.monotonic() - began < 2


def test_a_slow_department_answers_within_its_time(address):
    fault(address, mode="slow", times=1)

    assert call(address)["name"] == "林晓彤"


def test_a_department_that_is_down_is_unavailable(address):
    fault(address, mode="down", times=1)

    with pytest.raises(DepartmentUnavailable, match="503"):
        call(address)
    assert call(address)["name"] == "林晓彤"


def test_many_callers_at_once_get_each_their_own_number(address):
    numbers = []
    stop = operations()["civil.funeral.book"]
    deaths = httpx.get(f"{address}/_records/deaths").json()

    def book(index, death):
        asked = {"idNo": death["idNo"], "home": "东营市殡仪馆", "slot": f"2026-06-0{index}T09:00"}
        with httpx.Client() as client:
            connector = HttpConnector({"*": address}, client)
            numbers.append(connector.call(stop, asked, f"k{index}", "L1")["bookingNo"])

    normal = [death for death in deaths if death["class"] == "正常"]
    threads = [threading.Thread(target=book, args=one) for one in enumerate(normal, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(numbers)) == len(normal) >= 3
