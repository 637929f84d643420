"""The scope: a running process or sub-process with its variables."""

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow

from onething.engine.runtime.token import Token

if TYPE_CHECKING:
    from onething.engine.runtime.instance import Instance
    from onething.engine.specs.process import ScopeSpec


class Scope(BpmnSubWorkflow):
    """One run of a process, sub-process, called process or event sub-process."""

    def __init__(
        self, instance: "Instance", spec: "ScopeSpec", scope_id: str, host: Token | None
    ) -> None:
        # BpmnSubWorkflow.__init__ predicts the whole task tree; scopes only hold tokens.
        self.id = scope_id
        self.spec = spec
        self.top_workflow = instance
        self.host = host
        self.parent_task_id = None if host is None else host.id
        self.tasks: dict[str, Token] = {}
        self.data: dict[str, Any] = {}
        self.depth: int = 0 if host is None else host.scope.depth + 1
        self.arrivals: dict[str, dict[str, int]] = {}
        """Tokens that wait at joins: node, then flow, then how many."""
        self.reset: dict[str, list[str]] = {}
        """Complex gateways that wait for their reset, with the flows already used."""
        self.listeners: list[str] = []
        """Listeners of event sub-processes."""
        self.disarmed = False
        """An interrupting event sub-process has taken over."""
        self.records: list[dict[str, Any]] = []
        """Completed activities that can be compensated, oldest first."""
        self.queue: list[str] = []
        """Activities of a sequential ad-hoc sub-process that come next."""

    @property
    def is_process(self) -> bool:
        """Whether variables without a home end here."""
        return self.host is None or self.spec.called_process

    @property
    def is_closed(self) -> bool:
        """Whether variables further out are not seen."""
        return self.host is None or (self.spec.called_process and not self.host.spec.takes_all)

    @property
    def outer(self) -> "Scope | None":
        """The scope around this one."""
        return None if self.host is None else self.host.scope

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left that could go on."""
        return not self.tasks and not self.arrivals and not self.queue
