"""Deploy a service package."""

from onething import definitions
from onething.definitions import Definition, DeploymentRow, Package
from onething.errors import InvalidInput
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import require_role
from onething.runtime.templates import templates_of


def deploy(host: Host, actor: Actor, package: Package) -> DeploymentRow:
    """Store a package as the next deployment of its service.

    A package equal to the newest deployment is answered with that one.

    Raises:
        NotAllowed: The actor is no designer.
        ModelRefused: A diagram, table, form or the manifest is refused; nothing is stored.
    """
    require_role(actor, "designer")
    definition = Definition(package)
    if definition.service.code != package.code:
        raise InvalidInput(
            f"The manifest says {definition.service.code}, the folder {package.code}"
        )
    _prove(definition)
    now = host.clock()
    return host.database.write(lambda conn: definitions.add(conn, package, actor.user, now))


def _prove(definition: Definition) -> None:
    """Compile and parse everything once, so that what is stored can run."""
    definition.process  # noqa: B018 - compiling is the check
    prefix = "forms/"
    for path in definition.package.ending(".form"):
        definition.form(path.removeprefix(prefix).removesuffix(".form"))
    definition.texts("zh")
    templates_of(definition)
