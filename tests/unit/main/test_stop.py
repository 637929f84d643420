"""A server that is asked to stop under load: nobody is cut off, nothing is lost or doubled."""

import json
import sqlite3
import threading
from collections import Counter
from contextlib import closing

CLIENTS = 4
ENOUGH = 40


class Load:
    """Clients that start cases until the server is gone; every answer is kept."""

    def __init__(self, served) -> None:
        self.served = served
        self.started: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.enough = threading.Event()

    def run(self, client: int) -> None:
        number = 0
        while True:
            number += 1
            body = {"data": {"note": f"{client}-{number}"}}
            try:
                status, answer = self.served.call(
                    "POST", "/api/v1/services/three-tasks/cases", body, f"{client}-{number}"
                )
            except OSError:
                return
            self.statuses[status] += 1
            if status == 201:
                self.started.append(answer["case_no"])
            if len(self.started) >= ENOUGH:
                self.enough.set()


def test_stopping_server_finishes_what_runs_and_refuses_what_comes(served):
    served.start()
    load = Load(served)
    clients = [threading.Thread(target=load.run, args=(one,)) for one in range(CLIENTS)]
    for one in clients:
        one.start()
    assert load.enough.wait(120), load.statuses

    code = served.stop()
    for one in clients:
        one.join(60)
    with closing(sqlite3.connect(served.folder / "onething.db")) as conn:
        query = "SELECT case_no FROM 'case' WHERE service = 'three-tasks'"
        kept = [case_no for (case_no,) in conn.execute(query)]
    proof = served.command("verify", "--json")

    assert code == 0
    assert set(load.statuses) == {201, 503}
    assert sorted(load.started) == sorted(kept)
    assert (proof.returncode, json.loads(proof.stdout)["faults"]) == (0, [])
