"""Write deployments."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from onething.definitions.models import content, deployment
from onething.definitions.package import Package
from onething.definitions.queries import DeploymentRow, all_of


def add(conn: Connection, package: Package, by: str, at: datetime) -> DeploymentRow:
    """Store a package as the service's next deployment.

    A package equal to the newest deployment is answered with that one: nothing is written.
    """
    earlier = all_of(conn, package.code)
    if earlier and earlier[0].hash == package.hash:
        return earlier[0]
    if conn.execute(select(content.c.hash).where(content.c.hash == package.hash)).first() is None:
        conn.execute(insert(content).values(hash=package.hash, data=package.freeze()))
    row = DeploymentRow(
        service=package.code,
        number=earlier[0].number + 1 if earlier else 1,
        hash=package.hash,
        name=package.service.name,
        deployed_at=at,
        deployed_by=by,
    )
    conn.execute(
        insert(deployment).values(
            service=row.service,
            number=row.number,
            hash=row.hash,
            name=row.name,
            deployed_at=at,
            deployed_by=by,
        )
    )
    return row
