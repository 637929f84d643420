"""The product as it is served, with one clerk and a token written beside the database."""

import os
from functools import cache
from pathlib import Path

from flask import Flask, has_request_context
from sqlalchemy import event

from onething import db, identity, runtime
from onething.catalog import Catalog
from onething.history import Ed25519Signer
from onething.identity import SYSTEM
from onething.main import create_app as product_app
from onething.settings import Settings, secret
from onething.testing.statements import note_all
from onething.worker import Worker

USER = "bench"
SERVICE = "three-tasks"


def create_app(folder: Path) -> Flask:
    """Return the application; the worker and its checkpoints run as they do in `serve`."""
    settings = Settings(
        data_dir=folder, demo=True, database_url=os.environ.get("BENCH_DATABASE", "")
    )
    host = runtime.open_host(settings)
    db.upgrade(host.database)
    runtime.deploy(host, SYSTEM, Catalog([Path(__file__).parent / "package"]).package(SERVICE))
    now = host.clock()
    identity.put_department(host.database, SYSTEM, now, code="window", name="窗口")
    identity.add_person(
        host.database,
        SYSTEM,
        now,
        user=USER,
        name="测量",
        settings=settings,
    )
    identity.give_post(
        host.database, SYSTEM, now, user=USER, roles=["clerk"], department_code="window"
    )
    token = identity.issue_token(host.database, SYSTEM, now, user=USER, name="bench", days=1)
    (folder / "token").write_text(token)
    Worker(host, Ed25519Signer(secret(settings, "checkpoint"))).start()
    app = product_app(host)
    counted = {"asked": 0, "unasked": 0}

    def count(_text: str) -> None:
        counted["asked" if has_request_context() else "unasked"] += 1

    @cache
    def count_from_now_on() -> None:
        """Counting costs time: it begins when somebody asks."""
        note_all(host.database, count)
        if host.database.is_sqlite:
            reading = host.database.engine
            event.listen(reading, "before_cursor_execute", lambda *words: count(words[2]))

    @app.get("/_statements")
    def statements() -> dict[str, int]:
        count_from_now_on()
        return counted

    return app
