"""Flow nodes: one reader a kind of element, on SpiffWorkflow's task parser."""

from typing import Any

from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser

from onething.engine.parsing import data, events, expressions, loops
from onething.engine.parsing.references import Document, child, children, flag, text_of
from onething.engine.parsing.zeebe import Extensions
from onething.engine.specs.flow import Mapping
from onething.engine.specs.node import Node

FEEL_FORMATS = {"", "feel", "application/feel", "text/feel", "application/x-feel"}

_CAUGHT_INSIDE = frozenset({"error", "escalation", "compensation"})
MOST_TOKENS = 10_000
"""Greatest startQuantity and completionQuantity."""


class NodeReader(TaskParser):
    """Reads one flow node; flows are connected when all nodes of the scope are read."""

    def __init__(self, scope_reader: Any, spec_class: Any, node: Any, lane: str | None) -> None:
        super().__init__(scope_reader, spec_class, node, lane=lane)
        self.document: Document = scope_reader.document
        self.extensions = Extensions(self.document, node)
        self.task: Any = None

    def _get_lane(self) -> str | None:
        lane: str | None = self.process_parser.lane_of(self.bpmn_id)
        return lane

    def parse_node(self) -> Node:
        """Return the spec of the node."""
        self.task = self.spec_class(
            self.spec, self.bpmn_id, lane=self.lane, bpmn_name=self.node.get("name")
        )
        self.task.line = self.node.sourceline
        self.task.default_flow = self.node.get("default") or None
        self.task.mapping_in = self._mappings("input")
        self.task.mapping_out = self._mappings("output")
        self.task.properties = self._properties()
        self.complete()
        return self.task  # type: ignore[no-any-return]

    def complete(self) -> None:
        """Read what the kind of node has beside the rest."""

    def _mappings(self, part: str) -> tuple[Mapping, ...]:
        found = []
        for one in self.extensions.parts("ioMapping", part):
            source = self.compiled(one.get("source") or "=null")
            target = one.get("target") or ""
            if not target:
                self.refuse("mapping", "a mapping has no target", "Name the variable it sets.")
            elif source is not None:
                found.append(Mapping(source, tuple(target.split("."))))
        return tuple(found)

    def _properties(self) -> dict[str, Any]:
        return {
            name.removeprefix("onething:"): compiled
            for name, value in self.extensions.properties().items()
            if name.startswith("onething:") and (compiled := self.compiled(value)) is not None
        }

    def compiled(self, text: str | None) -> Any:
        """Compile an attribute: FEEL behind `=`, else a literal."""
        return expressions.attribute(self.document, self.node, text)

    def refuse(self, rule: str, message: str, remedy: str) -> None:
        """Note an error at this node."""
        self.document.findings.add(self.document.name, self.node, rule, message, remedy)


class ActivityReader(NodeReader):
    """Reads what all activities have."""

    def complete(self) -> None:
        """Read loop, data, quantities, and whether the activity only compensates."""
        self.task.data_in = data.into(self.document, self.node)
        self.task.data_out = data.out_of(self.document, self.node)
        self.task.loop = loops.read(self.document, self.node)
        self.task.start_quantity = self._quantity("startQuantity")
        self.task.completion_quantity = self._quantity("completionQuantity")
        self.task.is_handler = flag(self.node, "isForCompensation")
        result = self.extensions.properties().get("onething:result")
        if result:
            self.task.result_name = result
            self.task.properties.pop("result", None)

    def _quantity(self, name: str) -> int:
        written = self.node.get(name, "1").strip()
        is_short = len(written) <= len(str(MOST_TOKENS))
        if (
            is_short
            and written.isascii()
            and written.isdigit()
            and 1 <= int(written) <= MOST_TOKENS
        ):
            return int(written)
        shown = written if is_short else f"{written[:5]}…"
        self.refuse("quantity", f"{name} is {shown!r}, not 1 to 10,000", "Write a whole number.")
        return 1


class TaskReader(ActivityReader):
    """Reads tasks for people and machines."""

    def complete(self) -> None:
        """Read form, groups and due date, and the operation where there is one."""
        super().complete()
        get = self.extensions.attribute
        self.task.form = get("formDefinition", "formId") or get("formDefinition", "formKey")
        self.task.groups = self.compiled(get("assignmentDefinition", "candidateGroups"))
        self.task.due = self.compiled(get("taskSchedule", "dueDate"))
        if hasattr(self.task, "operation"):
            self.task.operation = self.compiled(get("taskDefinition", "type"))
            self.task.retries = self.compiled(get("taskDefinition", "retries"))
            self.task.headers = {
                one.get("key") or "": one.get("value") or ""
                for one in self.extensions.parts("taskHeaders", "header")
            }


class ScriptReader(TaskReader):
    """Reads script tasks: FEEL or nothing."""

    def complete(self) -> None:
        """Read the expression and the name of its result."""
        super().complete()
        source = self.extensions.attribute("script", "expression")
        result = self.extensions.attribute("script", "resultVariable")
        if source is None:
            source = self._plain_script()
        self.task.script = expressions.formula(self.document, self.node, source)
        self.task.result_name = result or self.task.result_name

    def _plain_script(self) -> str | None:
        text = text_of(child(self.node, "script"))
        if not text:
            return None
        language = self.node.get("scriptFormat", "").strip().lower()
        if language not in FEEL_FORMATS:
            if not self.document.is_drawing:
                message = f"scripts in {language} are not run"
                self.refuse("script-language", message, "Write the script in FEEL.")
            return None
        return text if text.startswith("=") else f"={text}"


class DecisionReader(ScriptReader):
    """Reads business rule tasks."""

    def complete(self) -> None:
        """Read the decision and the name of its result."""
        super().complete()
        get = self.extensions.attribute
        self.task.decision = self.compiled(get("calledDecision", "decisionId"))
        self.task.result_name = get("calledDecision", "resultVariable") or self.task.result_name


class SendReader(TaskReader):
    """Reads send tasks."""

    def complete(self) -> None:
        """Read the message."""
        super().complete()
        if self.node.get("messageRef"):
            self.task.message = events.message(self.document, self.node, self.node)


class ReceiveReader(TaskReader):
    """Reads receive tasks."""

    def complete(self) -> None:
        """Read the message and whether it starts an instance."""
        super().complete()
        self.task.instantiate = flag(self.node, "instantiate")
        if self.node.get("messageRef"):
            self.task.definitions = [events.message(self.document, self.node, self.node)]


class InnerReader(ActivityReader):
    """Reads sub-processes and transactions; their inside is read later, never recursively."""

    def complete(self) -> None:
        """Ask for the inside to be read."""
        super().complete()
        self.process_parser.later(self.node, self.task)


class AdHocReader(InnerReader):
    """Reads ad-hoc sub-processes."""

    def complete(self) -> None:
        """Read order and completion."""
        super().complete()
        self.task.sequential = self.node.get("ordering", "Parallel").lower() == "sequential"
        self.task.cancels_rest = flag(self.node, "cancelRemainingInstances", default=True)
        text = text_of(child(self.node, "completionCondition"))
        self.task.completion = expressions.formula(self.document, self.node, text)


class CallReader(ActivityReader):
    """Reads call activities."""

    def complete(self) -> None:
        """Read what is called and which variables go along."""
        super().complete()
        get = self.extensions.attribute
        plain = (self.node.get("calledElement") or "").rpartition(":")[2]
        called = get("calledElement", "processId") or plain
        self.task.called = self.compiled(called) if called else None
        self.task.takes_all = get("calledElement", "propagateAllParentVariables") != "false"
        self.task.gives_all = get("calledElement", "propagateAllChildVariables") != "false"
        if not called and not self.document.is_drawing:
            self.refuse("call-without-target", "nothing is called", "Name the called process.")


class EventReader(NodeReader):
    """Reads events."""

    def complete(self) -> None:
        """Read the definitions."""
        self.task.definitions = events.read(self.document, self.node)
        self.task.needs_all = flag(self.node, "parallelMultiple")
        for one in self.task.definitions:
            if one.kind not in self.allowed():
                message = f"this event cannot have a {one.kind} definition"
                self.refuse("event-kind", message, "Choose an event of BPMN 2.0, table 10.93.")

    def allowed(self) -> frozenset[str]:
        """Return the kinds of definitions that the event may have here."""
        return frozenset(self.task.allows)


class StartReader(EventReader):
    """Reads start events."""

    def complete(self) -> None:
        """Read whether the start interrupts what is around."""
        super().complete()
        self.task.interrupting = flag(self.node, "isInterrupting", default=True)

    def allowed(self) -> frozenset[str]:
        """Return the kinds: more of them start an event sub-process than a process."""
        inside = flag(self.process_parser.node, "triggeredByEvent")
        return super().allowed() | (_CAUGHT_INSIDE if inside else frozenset())


class BoundaryReader(EventReader):
    """Reads boundary events."""

    def complete(self) -> None:
        """Read where the event sits and whether it interrupts."""
        super().complete()
        self.task.host_id = self.node.get("attachedToRef") or ""
        is_error = any(one.kind in {"error", "cancel"} for one in self.task.definitions)
        self.task.interrupting = is_error or flag(self.node, "cancelActivity", default=True)
        if not self.task.definitions and not children(self.node, "eventDefinitionRef"):
            message = "a boundary event needs an event definition"
            self.refuse("boundary-without-event", message, "Choose a kind of event.")


class ComplexReader(NodeReader):
    """Reads complex gateways."""

    def complete(self) -> None:
        """Read the activation condition."""
        text = text_of(child(self.node, "activationCondition"))
        self.task.activation = expressions.formula(self.document, self.node, text)


class EventGatewayReader(NodeReader):
    """Reads event-based gateways."""

    def complete(self) -> None:
        """Read whether the gateway starts instances, by one event or by all."""
        self.task.instantiate = flag(self.node, "instantiate")
        self.task.parallel = self.node.get("eventGatewayType") == "Parallel"
