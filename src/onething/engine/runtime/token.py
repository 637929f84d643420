"""The token: one place where an instance is."""

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from onething.engine.runtime.scope import Scope

WAITING = int(TaskState.WAITING)
READY = int(TaskState.READY)
FAILED = int(TaskState.ERROR)


class Token(Task):
    """A task of SpiffWorkflow without prediction, wall clock and random id.

    `data` holds the variables local to the activity, `internal_data` what its
    behaviour remembers; both are plain JSON. A finished token is forgotten.
    """

    def __init__(self, scope: "Scope", spec: Any, token_id: str, body: str | None = None) -> None:
        # Task.__init__ reads the clock and draws an id; this repeats its fields only.
        self.id = token_id
        self.workflow = scope
        self.task_spec = spec
        self._parent = body
        self._children: list[str] = []
        self._state = READY
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.triggered = False
        self.thread_id = 0
        self.phase = "enter"
        self.listeners: list[str] = []
        self.wait = ""
        """What the token waits for: `task`, `job`, or nothing that has a name."""
        scope.tasks[token_id] = self

    @property
    def scope(self) -> "Scope":
        """The scope that the token is in."""
        return self.workflow

    @property
    def spec(self) -> Any:
        """The node that the token is at."""
        return self.task_spec

    @property
    def body(self) -> str | None:
        """Id of the loop or multi-instance token that this one is a round of."""
        return self._parent

    @property
    def rounds(self) -> list[str]:
        """Ids of the tokens that are rounds of this one and not yet done."""
        return self._children

    def _set_state(self, value: int) -> None:
        self._state = value
