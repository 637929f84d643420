"""Read deployments."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy import Connection, func, select

from onething.definitions.definition import Definition
from onething.definitions.models import content, deployment
from onething.definitions.package import thaw
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
    last = select(deployment.c.service, func.max(deployment.c.number).label("number")).group_by(
        deployment.c.service
    )
    latest = last.subquery()
    query = select(deployment).join(
        latest,
        (deployment.c.service == latest.c.service) & (deployment.c.number == latest.c.number),
    )
    return [DeploymentRow(*row) for row in conn.execute(query.order_by(deployment.c.service))]


def all_of(conn: Connection, service: str) -> list[DeploymentRow]:
    """Return every deployment of a service, newest first."""
    query = select(deployment).where(deployment.c.service == service)
    return [DeploymentRow(*row) for row in conn.execute(query.order_by(deployment.c.number.desc()))]


class Definitions:
    """Compiled deployments of this process, by service and number; the oldest unused leave."""

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[str, int], Definition] = OrderedDict()
        self._lock = Lock()

    def get(self, conn: Connection, service: str, number: int) -> Definition:
        """Return a deployment ready to run; raise NotFound when there is none."""
        key = (service, number)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        loaded = Definition(thaw(service, _data(conn, service, number)), number)
        with self._lock:
            self._kept[key] = loaded
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return loaded

    def newest(self, conn: Connection, service: str) -> Definition:
        """Return the newest deployment of a service ready to run."""
        return self.get(conn, service, newest(conn, service).number)


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
