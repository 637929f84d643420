"""Deploy a service package."""

from sqlalchemy import Connection

from onething import catalog, definitions
from onething.definitions import Definition, DeploymentRow, Package
from onething.errors import InvalidInput, ModelRefused
from onething.identity import Actor
from onething.runtime.cases.start_at_time import plan_starts
from onething.runtime.host import Host
from onething.runtime.permissions import require_role


def deploy(host: Host, actor: Actor, package: Package) -> DeploymentRow:
    """Store a package as the next deployment of its service.

    A package equal to the newest deployment is answered with that one. From now on, the timers
    with which its processes begin start cases.

    Raises:
        NotAllowed: The actor is no designer.
        ModelRefused: `onething check` finds an error in the package; nothing is stored.
    """
    require_role(actor, "designer")
    if package.service.code != package.code:
        raise InvalidInput(f"The manifest says {package.service.code}, the folder {package.code}")
    with host.database.read() as conn:
        earlier = definitions.all_of(conn, package.code)
    if earlier and earlier[0].hash == package.hash:
        return earlier[0]
    _prove(package)

    def transaction(conn: Connection) -> DeploymentRow:
        row = definitions.add(conn, package, actor.user, host.clock())
        plan_starts(host, conn, Definition(package, row.number))
        return row

    return host.write(transaction)


def _prove(package: Package) -> None:
    """Refuse what `check` calls an error, so that what is stored can run and keeps the law."""
    errors = [one for one in catalog.check_package(package) if one.severity == "error"]
    if errors:
        raise ModelRefused(errors)
