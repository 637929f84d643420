from datetime import UTC, datetime

import httpx
import pytest

from onething.connectors import HttpConnector, operations
from onething.now import FakeClock
from onething.simulator import Records, create_app, load_seed

MONDAY = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


class City:
    """The simulator with its seed, called as the product calls it."""

    def __init__(self):
        self.records = Records()
        load_seed(self.records)
        self.clock = FakeClock(MONDAY)
        self.pauses = []
        self.app = create_app(self.records, self.clock, self.pauses.append)
        self.http = httpx.Client(
            transport=httpx.WSGITransport(self.app), base_url="http://simulator"
        )
        self.connector = HttpConnector({"*": "http://simulator"}, self.http)
        self.calls = 0

    def call(self, operation_id, key=None, case="L1", **inputs):
        self.calls += 1
        key = key or f"key-{self.calls}"
        return self.connector.call(operations()[operation_id], inputs, key, case)

    def fault(self, department, **fault):
        self.http.put(f"/_faults/{department}", json=fault).raise_for_status()

    def received(self, case=None):
        return self.http.get("/_received", params={"case": case} if case else {}).json()


@pytest.fixture
def city():
    return City()


@pytest.fixture
def people(city):
    """Id numbers of the seed's people by name."""
    return {person["name"]: person["idNo"] for person in city.records.find("people")}
