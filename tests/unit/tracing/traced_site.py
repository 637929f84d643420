"""A process of its own: open a case over the API, perform its job, print what was seen.

Words: the collector's URL, a caller's traceparent.
"""

import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import httpx
from flask.testing import FlaskClient

from onething import identity, runtime, simulator
from onething.catalog import Catalog
from onething.connectors import HttpConnector
from onething.identity import SYSTEM
from onething.main import create_app
from onething.now import FakeClock
from onething.settings import Settings
from onething.testing import databases
from unit.runtime.node import ID_NO, MONDAY

PACKAGE = Path(__file__).parents[1] / "runtime" / "package"


def main(url: str, caller: str) -> None:
    """Play one case."""
    seen: list[str] = []
    records = simulator.Records()
    birth = {"idNo": ID_NO, "name": "张三", "sex": "男", "birth": "1985-04-12"}
    records.load("people", [{"division": "370502", **birth}])
    clock = FakeClock(MONDAY)
    inner = httpx.WSGITransport(simulator.create_app(records, clock, lambda _seconds: None))

    class Watching(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            seen.extend(request.headers.get_list("traceparent"))
            return inner.handle_request(request)

    with tempfile.TemporaryDirectory() as folder:
        host = runtime.open_host(
            Settings(data_dir=Path(folder), traces_url=url, demo=True),
            clock=clock,
            departments=HttpConnector(
                {"*": "http://departments"}, httpx.Client(transport=Watching())
            ),
            database=databases.throwaway(),
        )
        host.database.create()
        runtime.deploy(host, SYSTEM, Catalog([PACKAGE]).package("permit"))
        token = signed_in(host)
        began = time.monotonic()
        case_no = play(host, token, caller)
        took = time.monotonic() - began
        host.settings = replace(host.settings, traces_accept=True)
        ask(create_app(host).test_client(), token, caller)
        host.database.close()
    modules = [name for name in sys.modules if name.partition(".")[0] == "opentelemetry"]
    told = {"case_no": case_no, "received": seen, "seconds": took, "modules": modules}
    sys.stdout.write(f"\n{json.dumps(told)}\n")


def signed_in(host: runtime.Host) -> str:
    """Return the token of an applicant."""
    database, now = host.database, host.clock()
    identity.add_person(database, SYSTEM, now, user="zhang", name="张三", settings=host.settings)
    identity.give_post(database, SYSTEM, now, user="zhang", roles=["applicant"])
    return identity.issue_token(database, SYSTEM, now, user="zhang", name="test", days=30)


def play(host: runtime.Host, token: str, caller: str) -> str:
    """Open a case that calls the police, let the call be made; ask for a case that is not."""
    client = create_app(host).test_client()
    headers = {"Authorization": f"Bearer {token}", "traceparent": caller}
    person = {"name": "张三", "idNo": ID_NO, "division": "370502"}
    answer = client.post(
        "/api/v1/services/permit/cases",
        json={"data": {"way": "call", "person": person}},
        headers=headers,
    )
    assert answer.status_code == 201, answer.text
    assert runtime.perform_due(host) == 1
    ask(client, token, caller)
    assert client.get("/healthz").status_code == 200
    return answer.json["case_no"]


def ask(client: FlaskClient, token: str, caller: str) -> None:
    """Ask for a case that is not there, with a person's name in the query."""
    headers = {"Authorization": f"Bearer {token}", "traceparent": caller}
    assert client.get("/api/v1/cases/nothing?query=张三", headers=headers).status_code == 404


if __name__ == "__main__":
    main(*sys.argv[1:])
