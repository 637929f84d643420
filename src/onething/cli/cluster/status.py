"""A page with the health of every part of the cluster."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import httpx
import waitress
from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from onething import nodes
from onething.cli.cluster.parts import Cluster
from onething.db import Database
from onething.errors import NotFound
from onething.now import system_clock

_WITHIN_S = 3.0
_EVERY_S = 3
_SILENT_S = 20.0
"""A worker tells every few seconds that it lives."""
_KINDS = {
    "balancer": ("负载均衡", "Balancer"),
    "node": ("网页节点", "Web node"),
    "worker": ("后台进程", "Worker"),
    "database": ("数据库", "Database"),
    "simulator": ("部门模拟器", "Simulator"),
}
_WORDS = {
    "title": ("集群状态", "State of the cluster"),
    "site": ("进入网站", "Open the site"),
    "restarts": ("重启次数", "Restarts"),
    "well": ("正常", "well"),
    "down": ("异常", "down"),
    "all_well": ("全部正常", "Everything is well"),
    "some_down": ("有部分异常", "Something is down"),
    "refreshed": ("每 {} 秒刷新", "Refreshed every {} seconds"),
    "other": ("English", "中文"),
}


@dataclass(frozen=True, slots=True)
class Health:
    """How one part is."""

    name: str
    kind: str
    address: str
    is_well: bool
    found: str
    restarts: int


def examine(cluster: Cluster) -> list[Health]:
    """Ask every part how it is, all at once."""
    checks = {name: _check(cluster, name) for name in cluster.children}
    with ThreadPoolExecutor(len(checks) or 1) as pool:
        found = {name: pool.submit(check) for name, check in checks.items()}
    return [_health(cluster, name, *found[name].result()) for name in _in_order(cluster)]


def status_app(cluster: Cluster) -> Flask:
    """Return the application of the page."""
    app = Flask(__name__)
    app.add_url_rule("/", "page", partial(_page, cluster))
    app.add_url_rule("/status.json", "status", lambda: jsonify([*map(asdict, examine(cluster))]))
    app.after_request(_guard)
    return app


def serve_status(cluster: Cluster, port: int) -> None:
    """Serve the page from a thread of this process."""
    server = waitress.create_server(status_app(cluster), host="127.0.0.1", port=port, ident=None)
    threading.Thread(target=server.run, name="status", daemon=True).start()


def _page(cluster: Cluster) -> str:
    english = request.args.get("lang", "") == "en" or (
        "lang" not in request.args and request.accept_languages.best_match(("zh", "en")) == "en"
    )
    found = examine(cluster)
    return render_template(
        "status.html",
        language="en" if english else "zh-CN",
        other="zh" if english else "en",
        words={name: pair[english] for name, pair in _WORDS.items()},
        kinds={name: pair[english] for name, pair in _KINDS.items()},
        every=_EVERY_S,
        site=cluster.address,
        parts=found,
        is_well=all(one.is_well for one in found),
    )


def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'"
    response.headers["Cache-Control"] = "no-store"
    return response


def _in_order(cluster: Cluster) -> Iterator[str]:
    return iter(sorted(cluster.children, key=lambda name: ([*_KINDS].index(_kind(name)), name)))


def _kind(name: str) -> str:
    return name.partition("-")[0]


def _health(cluster: Cluster, name: str, address: str, problem: str, found: str) -> Health:
    child = cluster.children[name]
    if not child.is_alive:
        problem = "the process does not run"
    told = problem or found
    return Health(name, _kind(name), address, not problem, told, child.restarts)


def _check(cluster: Cluster, name: str) -> Any:  # noqa: ANN401 - a call without arguments
    """Return a call that gives address, problem and what was found."""
    if name == "database":
        return partial(_database, cluster.database_url)
    if name == "balancer":
        return partial(_answers, cluster.address, "/healthz")
    if name == "simulator":
        return partial(_answers, f"http://127.0.0.1:{cluster.simulator_port}", "/_health")
    if name in cluster.node_ports:
        return partial(_answers, f"http://127.0.0.1:{cluster.node_ports[name]}", "/readyz")
    return partial(_beats, cluster.database_url, name)


def _answers(address: str, path: str) -> tuple[str, str, str]:
    try:
        answer = httpx.get(address + path, timeout=_WITHIN_S, trust_env=False)
    except httpx.HTTPError as error:
        return address, f"does not answer: {type(error).__name__}", ""
    is_plain = answer.headers.get("Content-Type", "").startswith("text/plain")
    told = answer.text.strip()[:80] if is_plain else ""
    return address, "" if answer.is_success else f"{answer.status_code} {told}", told


def _database(url: str) -> tuple[str, str, str]:
    try:
        with Database(url) as database, database.read() as conn:
            version = conn.execute(text("SHOW server_version")).scalar_one().split()[0]
            query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            links = conn.execute(text(query)).scalar_one()
    except SQLAlchemyError as error:
        return "", f"does not answer: {type(error).__name__}", ""
    return "", "", f"PostgreSQL {version}, {links} connections"


def _beats(url: str, name: str) -> tuple[str, str, str]:
    """Look for the record that a worker keeps of itself."""
    try:
        with Database(url) as database, database.read() as conn:
            row = nodes.get(conn, name)
    except SQLAlchemyError:
        return "", "the database does not answer", ""
    except NotFound:
        return "", "it has not begun yet", ""
    silent_s = (system_clock() - row.beat_at).total_seconds()
    told = f"process {row.pid}, version {row.version}"
    if row.stopped_at is not None:
        return "", f"stopped, {told}", ""
    return "", "" if silent_s < _SILENT_S else f"silent for {silent_s:.0f} s, {told}", told
