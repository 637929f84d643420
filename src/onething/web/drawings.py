"""Where a case stands on the diagrams of its service."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _

from onething.definitions import Definition
from onething.engine import ActivityInfo
from onething.runtime import Place
from onething.web.language import language
from onething.web.wording import worded
from onething.web.words import listed


@dataclass(frozen=True, slots=True)
class Drawing:
    """One diagram with what to mark on it."""

    process: str
    name: str
    source: str
    """Address of the BPMN file."""
    here: tuple[str, ...] = ()
    """Ids of the nodes at which the case stands."""
    done: tuple[str, ...] = ()
    """Ids of the nodes that have ended."""
    here_names: tuple[str, ...] = field(default=())
    """The same places in words."""


def drawing(
    definition: Definition, process: str, here: Sequence[Place], done: Sequence[Place] = ()
) -> Drawing:
    """Return one process of a deployment with its marks."""
    names = node_names(definition)
    own = [place for place in here if place.process == process]
    return Drawing(
        process=process,
        name=worded(definition.process.names.get(process) or process, definition),
        source=source(definition, process),
        here=tuple(place.activity for place in own),
        done=tuple(place.activity for place in done if place.process == process),
        here_names=tuple(names.get(place, place.activity) for place in own),
    )


def drawings(definition: Definition, here: Sequence[Place], done: Sequence[Place]) -> list[Drawing]:
    """Return every process the case has touched: where it stands deepest first."""
    touched = dict.fromkeys(place.process for place in (*reversed(here), *reversed(done)))
    known = [process for process in touched if process in definition.process.process_ids]
    return [drawing(definition, process, here, done) for process in known]


def source(definition: Definition, process: str) -> str:
    """Return the address of the BPMN file that draws a process."""
    return url_for(
        "diagrams.bpmn",
        service=definition.service.code,
        number=definition.number,
        process=process,
        language=language(),
    )


def node_names(definition: Definition) -> dict[Place, str]:
    """Return the name of every node of a deployment; a gateway that waits says for what."""
    names: dict[Place, str] = {}
    for process in definition.process.process_ids:
        nodes = definition.process.activities(process)
        own = {node.id: worded(node.name, definition) for node in nodes}
        names.update((Place(process, node.id), _name(node, own)) for node in nodes)
    return names


def _name(node: ActivityInfo, own: dict[str, str]) -> str:
    if node.type != "EventGateway" or node.name != node.id:
        return own[node.id]
    return str(_("等待“%(what)s”", what=listed([own[one] for one in node.behind])))


def step_names(definition: Definition) -> dict[Place, str]:
    """Return the names of the nodes at which something is done or ends; gateways only ask."""
    return {
        Place(process, node.id): worded(node.name, definition)
        for process in definition.process.process_ids
        for node in definition.process.activities(process)
        if not node.type.endswith("Gateway") and node.name != node.id
    }
