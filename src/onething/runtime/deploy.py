"""Deploy a service package."""

from onething import catalog, definitions
from onething.definitions import DeploymentRow, Package
from onething.errors import InvalidInput, ModelRefused
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import require_role


def deploy(host: Host, actor: Actor, package: Package) -> DeploymentRow:
    """Store a package as the next deployment of its service.

    A package equal to the newest deployment is answered with that one.

    Raises:
        NotAllowed: The actor is no designer.
        ModelRefused: `onething check` finds an error in the package; nothing is stored.
    """
    require_role(actor, "designer")
    if package.service.code != package.code:
        raise InvalidInput(f"The manifest says {package.service.code}, the folder {package.code}")
    _prove(package)
    now = host.clock()
    return host.write(lambda conn: definitions.add(conn, package, actor.user, now))


def _prove(package: Package) -> None:
    """Refuse what `check` calls an error, so that what is stored can run and keeps the law."""
    errors = [one for one in catalog.check_package(package) if one.severity == "error"]
    if errors:
        raise ModelRefused(errors)
