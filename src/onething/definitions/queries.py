"""Read deployments."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Select, func, select

from onething.definitions.definition import Definition
from onething.definitions.models import content, deployment
from onething.definitions.package import thaw
from onething.definitions.service import Service
from onething.errors import NotFound


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    """One deployment, without its files."""

    service: str
    number: int
    hash: str
    name: str
    deployed_at: datetime
    deployed_by: str


def newest(conn: Connection, service: str) -> DeploymentRow:
    """Return the newest deployment of a service; raise NotFound when there is none."""
    query = (
        select(deployment)
        .where(deployment.c.service == service)
        .order_by(deployment.c.number.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    if row is None:
        raise NotFound(f"No service {service} is deployed")
    return DeploymentRow(*row)


def newest_of_all(conn: Connection) -> list[DeploymentRow]:
    """Return the newest deployment of every service, by code."""
    return [DeploymentRow(*row) for row in conn.execute(_NEWEST_OF_ALL)]


def _newest_of_all() -> Select[Any]:
    last = select(deployment.c.service, func.max(deployment.c.number).label("number")).group_by(
        deployment.c.service
    )
    latest = last.subquery()
    query = select(deployment).join(
        latest,
        (deployment.c.service == latest.c.service) & (deployment.c.number == latest.c.number),
    )
    return query.order_by(deployment.c.service)


_NEWEST_OF_ALL = _newest_of_all()


def all_of(conn: Connection, service: str) -> list[DeploymentRow]:
    """Return every deployment of a service, newest first."""
    query = select(deployment).where(deployment.c.service == service)
    return [DeploymentRow(*row) for row in conn.execute(query.order_by(deployment.c.number.desc()))]


class Definitions:
    """Compiled deployments of this process, by service and number; the oldest unused leave."""

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[str, int], Definition] = OrderedDict()
        self._manifests: dict[tuple[str, int], Service] = {}
        self._lock = Lock()

    def manifests(self, conn: Connection, newest: DeploymentRow) -> list[Service]:
        """Return the manifests of all deployments of a service, up to its newest."""
        for number in range(1, newest.number + 1):
            key = (newest.service, number)
            if key not in self._manifests:
                package = thaw(newest.service, _data(conn, *key))
                self._manifests[key] = package.service
        return [self._manifests[newest.service, number] for number in range(1, newest.number + 1)]

    def get(self, conn: Connection, service: str, number: int) -> Definition:
        """Return a deployment ready to run; raise NotFound when there is none."""
        key = (service, number)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        loaded = _ready(service, number, _data(conn, service, number))
        with self._lock:
            self._kept[key] = loaded
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return loaded

    def newest(self, conn: Connection, service: str) -> Definition:
        """Return the newest deployment of a service ready to run."""
        return self.get(conn, service, newest(conn, service).number)


def _ready(service: str, number: int, data: bytes) -> Definition:
    return Definition(thaw(service, data), number)


def _data(conn: Connection, service: str, number: int) -> bytes:
    query = (
        select(content.c.data)
        .join(deployment, deployment.c.hash == content.c.hash)
        .where(deployment.c.service == service, deployment.c.number == number)
    )
    data: bytes | None = conn.execute(query).scalar()
    if data is None:
        raise NotFound(f"No deployment {service}@{number}")
    return data
