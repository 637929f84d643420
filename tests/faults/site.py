"""Prepare a site before its first start: schema, accounts, services, departments' records."""

import json
import urllib.request
from pathlib import Path

from faults.load import SHIPPED
from faults.places import Places
from onething import db, identity, runtime
from onething.catalog import Catalog
from onething.cli.demo import seed
from onething.identity import SYSTEM
from onething.settings import load

USERS = ("window", "citizen", "operator")
_AT_ONCE = 2000


def prepare(places: Places, folders: list[Path], service: str) -> dict[str, str]:
    """Bring the schema, open the accounts, deploy; return a token for each user."""
    settings = load(places.environment(is_direct=True))
    host = runtime.open_host(settings)
    db.upgrade(host.database)
    seed(host)
    shelf = Catalog(folders)
    for code in (service, SHIPPED):
        runtime.deploy(host, SYSTEM, shelf.package(code))
    now = host.clock()
    tokens = {
        user: identity.issue_token(host.database, SYSTEM, now, user=user, name="faults", days=2)
        for user in USERS
    }
    host.access_log.flush()
    host.database.close()
    return tokens


def tell_departments(port: int, people: list[dict[str, str]]) -> None:
    """Let the departments know everybody that the load speaks of."""
    for at in range(0, len(people), _AT_ONCE):
        body = json.dumps(people[at : at + _AT_ONCE], ensure_ascii=False).encode()
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/_records/people",
            body,
            {"Content-Type": "application/json"},
            method="PUT",
        )
        with urllib.request.urlopen(asked, timeout=60):  # noqa: S310
            pass
