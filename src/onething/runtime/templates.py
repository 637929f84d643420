"""What the texts of a case are filled with: the job's own data over the case's variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from onething import cases, documents, engine, instances
from onething.cases import CaseRow
from onething.definitions import Definition
from onething.documents import Template
from onething.errors import ConnectorError
from onething.jobs import JobRow
from onething.runtime.host import Host
from onething.runtime.rebuild import rebuild
from onething.runtime.sealing import CaseSeal


@dataclass(frozen=True, slots=True)
class Filling:
    """A template of the package and what fills it."""

    case: CaseRow
    seal: CaseSeal
    template: Template
    data: dict[str, Any]
    wording: Mapping[str, str]
    """What the package's Chinese texts are called in English."""


@lru_cache(maxsize=64)
def templates_of(definition: Definition) -> dict[str, Template]:
    """Return a deployment's templates of documents and notices by id."""
    return documents.templates(definition.document_files)


def filling(host: Host, job: JobRow, inputs: Mapping[str, Any]) -> Filling:
    """Return the template that a job names, with the values for its places.

    Raises:
        ConnectorError: The package has no such template.
    """
    template_id = str(inputs.get("template", ""))
    with host.database.read() as conn:
        row = instances.get(conn, job.instance_id)
        definition = host.definitions.get(conn, row.service, row.number)
        template = templates_of(definition).get(template_id)
        if template is None:
            raise ConnectorError(f"The package {definition.name} has no template {template_id}")
        state = rebuild(host, conn, row)
        known = engine.variables(state, job.token)
        return Filling(
            case=cases.of_instance(conn, job.instance_id),
            seal=CaseSeal(host.keys.of_case(conn, job.instance_id)),
            template=template,
            data=known | dict(inputs.get("data") or {}),
            wording=definition.wording("en"),
        )
