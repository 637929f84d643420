"""What a post filters its queue by, in the deployments of each service: worked out once."""

from dataclasses import dataclass

from sqlalchemy import Connection

from onething import definitions
from onething.definitions import Definition, DeploymentRow, FilterField, may_filter, readers
from onething.identity import Actor
from onething.runtime.host import Host

_MOST_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Audience:
    """A field with those who see it, in each deployment in which the clerk is one of them."""

    field: FilterField
    readers: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class OwnFields:
    """The fields of a service that a post filters by."""

    definition: Definition
    """The newest deployment: it says which fields are offered."""
    fields: tuple[Audience, ...]


def audiences(host: Host, conn: Connection, actor: Actor) -> list[OwnFields]:
    """Return what a clerk's post filters by, of every service that is deployed."""
    return [_of(host, conn, actor, row) for row in definitions.newest_of_all(conn)]


def _of(host: Host, conn: Connection, actor: Actor, row: DeploymentRow) -> OwnFields:
    key = (row.service, row.number, row.hash, actor.department, actor.post)
    found: OwnFields | None = host.audiences.get(key)
    if found is None:
        if len(host.audiences) >= _MOST_KEPT:
            host.audiences.clear()
        found = host.audiences[key] = _work_out(host, conn, actor, row)
    return found


def _work_out(host: Host, conn: Connection, actor: Actor, row: DeploymentRow) -> OwnFields:
    definition = host.definitions.get(conn, row.service, row.number)
    manifests = host.definitions.manifests(conn, row)
    fields = []
    for one in definition.filters:
        if may_filter(one.readers, actor.department, actor.post):
            every = sorted({readers(manifest, one.path) for manifest in manifests})
            own = [among for among in every if may_filter(among, actor.department, actor.post)]
            fields.append(Audience(one, tuple(own)))
    return OwnFields(definition, tuple(fields))
