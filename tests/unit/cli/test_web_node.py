"""One process of a gunicorn node begins when its database does."""

import threading
from pathlib import Path

from sqlalchemy import make_url

from onething import cli, db
from onething.cli import serving
from onething.db import Database
from onething.main import wiring
from onething.testing import databases


def test_process_of_a_node_waits_out_an_outage_of_the_database(postgresql, tmp_path, monkeypatch):
    with databases.copied(postgresql) as database:
        db.upgrade(database)
        monkeypatch.setenv("ONETHING_DATABASE_URL", elsewhere(database, tmp_path / "socket"))
        monkeypatch.setenv("ONETHING_DATABASE_WAIT_S", "0")
        monkeypatch.setenv("ONETHING_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setattr(serving, "_OUTAGE_LOOK_S", 0.05)
        tried = threading.Event()
        monkeypatch.setattr(serving._log, "warning", lambda *_, **__: tried.set(), raising=False)
        begun, closing = [], []
        monkeypatch.setattr(serving.atexit, "register", closing.append)
        thread = threading.Thread(target=lambda: begun.append(cli.web_node(wiring())))

        thread.start()
        assert tried.wait(60)
        (tmp_path / "socket").symlink_to(make_url(postgresql).query["host"])
        thread.join(60)
        closing[0]()

        assert len(begun) == 1


def elsewhere(database: Database, folder: Path) -> str:
    """Return the URL of a database whose socket is not there yet."""
    url = database.url.update_query_dict({"host": str(folder)})
    return url.render_as_string(hide_password=False)
