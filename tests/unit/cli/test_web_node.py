"""One process of a gunicorn node begins when its database does."""

import shutil
import threading

from onething import cli, db
from onething.cli import serving
from onething.db import Database
from onething.main import wiring


def test_process_of_a_node_waits_out_an_outage_of_the_database(tmp_path, monkeypatch):
    ready, place = tmp_path / "ready.db", tmp_path / "data" / "onething.db"
    with Database(f"sqlite:///{ready}") as database:
        db.upgrade(database)
    place.mkdir(parents=True)  # nothing can be opened where a folder lies
    monkeypatch.setenv("ONETHING_DATA_DIR", str(place.parent))
    monkeypatch.setattr(serving, "_OUTAGE_LOOK_S", 0.05)
    tried = threading.Event()
    monkeypatch.setattr(
        serving._log, "warning", lambda *_words, **_more: tried.set(), raising=False
    )
    begun, closing = [], []
    monkeypatch.setattr(serving.atexit, "register", closing.append)
    thread = threading.Thread(target=lambda: begun.append(cli.web_node(wiring())))

    thread.start()
    assert tried.wait(60)
    place.rmdir()
    shutil.copy(ready, place)
    thread.join(60)
    closing[0]()

    assert len(begun) == 1
