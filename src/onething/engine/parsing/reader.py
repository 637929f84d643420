"""The reader of a bundle: a parser of SpiffWorkflow with own readers for every element."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser

from onething.engine.parsing import nodes, xml
from onething.engine.parsing.findings import Findings, local
from onething.engine.parsing.references import Document, children, flag
from onething.engine.parsing.scopes import ScopeReader
from onething.engine.specs import activities, event_subprocess, events, gateways, tasks
from onething.engine.specs.process import ScopeSpec

_CLASSES: dict[str, tuple[Any, Any]] = {
    "startEvent": (nodes.StartReader, events.StartEvent),
    "endEvent": (nodes.EventReader, events.EndEvent),
    "intermediateCatchEvent": (nodes.EventReader, events.CatchEvent),
    "intermediateThrowEvent": (nodes.EventReader, events.ThrowEvent),
    "implicitThrowEvent": (nodes.EventReader, events.ThrowEvent),
    "boundaryEvent": (nodes.BoundaryReader, events.BoundaryEvent),
    "task": (nodes.ActivityReader, tasks.AbstractTask),
    "manualTask": (nodes.TaskReader, tasks.ManualTask),
    "userTask": (nodes.TaskReader, tasks.UserTask),
    "serviceTask": (nodes.TaskReader, tasks.JobTask),
    "sendTask": (nodes.SendReader, tasks.SendTask),
    "receiveTask": (nodes.ReceiveReader, tasks.ReceiveTask),
    "scriptTask": (nodes.ScriptReader, tasks.ScriptTask),
    "businessRuleTask": (nodes.DecisionReader, tasks.BusinessRuleTask),
    "subProcess": (nodes.InnerReader, activities.SubProcess),
    "transaction": (nodes.InnerReader, activities.Transaction),
    "adHocSubProcess": (nodes.AdHocReader, activities.AdHoc),
    "callActivity": (nodes.CallReader, activities.CallActivity),
    "exclusiveGateway": (nodes.NodeReader, gateways.ExclusiveGateway),
    "parallelGateway": (nodes.NodeReader, gateways.ParallelGateway),
    "inclusiveGateway": (nodes.NodeReader, gateways.InclusiveGateway),
    "complexGateway": (nodes.ComplexReader, gateways.ComplexGateway),
    "eventBasedGateway": (nodes.EventGatewayReader, gateways.EventGateway),
}
_GLOBAL = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}


class Reader(BpmnParser):
    """Reads BPMN files into scope specs by key; the key of a process is its id."""

    OVERRIDE_PARSER_CLASSES = {f"{{{xml.MODEL}}}{name}": pair for name, pair in _CLASSES.items()}  # noqa: RUF012 - the registry of SpiffWorkflow's parser is a class attribute
    PROCESS_PARSER_CLASS = ScopeReader

    def __init__(self, findings: Findings) -> None:
        super().__init__()
        self.findings = findings
        self.specs: dict[str, ScopeSpec] = {}
        self.processes: list[str] = []
        self._planned: list[tuple[ScopeReader, Any, Any]] = []

    def read(self, files: Mapping[str, bytes]) -> None:
        """Read every file, in the order of their names."""
        for name in sorted(files):
            root = xml.read(name, files[name], self.findings)
            if root is not None:
                self._document(Document(name, root, self.findings))

    def _document(self, document: Document) -> None:
        for element in children(document.root, "process", *_GLOBAL):
            if element.get("id"):
                self._process(document, element)
            else:
                message = f"a {local(element)} has no id"
                remedy = "Give every process an id."
                self.findings.add(document.name, element, "missing-id", message, remedy)

    def _process(self, document: Document, element: Any) -> None:
        key = element.get("id")
        if key in self.specs:
            message = f"the process {key} is defined twice, also in {self.specs[key].file}"
            remedy = "Give every process an id of its own."
            self.findings.add(document.name, element, "duplicate-process", message, remedy)
            return
        spec = ScopeSpec(key, key, element.get("name") or key, document.name)
        spec.called_process = True
        spec.executable = flag(element, "isExecutable", default=True)
        document.is_drawing = not spec.executable
        self.specs[key] = spec
        self.processes.append(key)
        reader = ScopeReader(self, element, document, spec)
        self.process_parsers[key] = reader
        if local(element) in _GLOBAL:
            reader_class, spec_class = _CLASSES[_GLOBAL[local(element)]]
            reader_class(reader, spec_class, element, None).parse_node()
        else:
            reader.read()
        self._read_planned()

    def node_classes(self, element: Any) -> tuple[Any, Any]:
        """Return reader and spec class of a flow node; (None, None) for other elements."""
        reader, spec_class = self._get_parser_class(element.tag)
        name = local(element)
        if name not in _CLASSES:
            return None, None
        if flag(element, "triggeredByEvent") and name == "subProcess":
            return reader, event_subprocess.EventSubProcess
        return reader, spec_class

    def plan(self, outer: ScopeReader, element: Any, activity: Any) -> None:
        """Plan to read the inside of a sub-process when its scope is done."""
        self._planned.append((outer, element, activity))

    def _read_planned(self) -> None:
        while self._planned:
            outer, element, activity = self._planned.pop()
            key = f"{outer.spec.key}/{activity.bpmn_id}"
            name = element.get("name") or activity.bpmn_id
            spec = ScopeSpec(key, outer.spec.process, name, outer.document.name)
            self.specs[key] = spec
            activity.inner = spec
            ScopeReader(self, element, outer.document, spec, outer.lane_of(activity.bpmn_id)).read()
            if activity.is_event_subprocess:
                self._event_subprocess(outer, element, activity)
            elif spec.starts and not spec.entry_nodes:
                message = "the sub-process has no start event without event: it would never begin"
                remedy = "Use a none start event, or make it an event sub-process."
                outer.refuse(element, "subprocess-start", message, remedy)

    def _event_subprocess(self, outer: ScopeReader, element: Any, activity: Any) -> None:
        starts = activity.inner.starts
        if len(starts) != 1 or not starts[0].definitions:
            message = "an event sub-process needs exactly one start event, with an event"
            remedy = "Give its start event a message, timer, error or another event."
            outer.refuse(element, "event-subprocess-start", message, remedy)
            return
        activity.start = starts[0]
        if any(one.kind == "compensation" for one in starts[0].definitions):
            outer.spec.compensation_handler = activity
        else:
            outer.spec.event_subprocesses.append(activity)
