"""The table of endpoints: routes and the OpenAPI description are made from it."""

from dataclasses import dataclass

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method on one path."""

    method: str
    path: str
    """In Flask's notation, below PREFIX."""
    handler: str
    """Function in the tag's module, and the operation's id."""
    summary: str
    tag: str
    status: int = 200
    takes: str = "application/json"
    query: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    """Names in the body; a trailing `*` marks a required one."""
    is_signed: bool = False
    """Whether a department calls, which signs instead of carrying a token."""
    confirms: bool = False
    """Whether its command confirms the caller's token in the statement that locks the case."""
    takes_files: bool = False
    """Whether the body may be multipart with a `file`."""


PAGE = ("after", "limit")

ENDPOINTS = (
    Endpoint("GET", "/services", "list_services", "List the services.", "services"),
    Endpoint(
        "POST",
        "/services/<service>/cases",
        "start_case",
        "Open a case: one application, once.",
        "cases",
        status=201,
        body=("data*", "channel"),
    ),
    Endpoint(
        "GET",
        "/cases",
        "list_cases",
        "List the cases that the caller may see.",
        "cases",
        query=(*PAGE, "service", "state", "text"),
    ),
    Endpoint("GET", "/cases/<case_no>", "get_case", "Read a case.", "cases"),
    Endpoint(
        "GET",
        "/cases/<case_no>/history",
        "get_history",
        "Read a case's events.",
        "cases",
        query=PAGE,
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/materials",
        "add_material",
        "Give a material: multipart with `file`, or JSON with base64 `content`.",
        "cases",
        status=201,
        body=("name*", "content*", "material", "item", "objects"),
        takes_files=True,
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/withdraw",
        "withdraw_case",
        "Withdraw a case.",
        "cases",
        body=("reason",),
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/suspend",
        "suspend_case",
        "Let nothing go on in a case until it is resumed; its legal clocks run on.",
        "cases",
        body=("reason*",),
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/resume",
        "resume_case",
        "Let a suspended case go on.",
        "cases",
        body=("reason*",),
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/cancel",
        "cancel_case",
        "End a case at once, against its diagram.",
        "cases",
        body=("reason*",),
    ),
    Endpoint(
        "GET",
        "/cases/<case_no>/holds",
        "list_holds",
        "List a case's holds for review and lawsuit; others' particulars are blank.",
        "holds",
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/hold",
        "hold_case",
        "Put a case on hold while its decision is reviewed or before a court.",
        "holds",
        body=("hold*", "document*", "dated_on*", "basis*"),
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/lift",
        "lift_hold",
        "Lift a case's hold with the outcome.",
        "holds",
        body=("outcome*", "document*", "dated_on*"),
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/follow",
        "correct_case",
        "Open a new case that corrects a closed one, with what is different in `data`.",
        "holds",
        body=("correction*", "basis*", "reason*", "data"),
        status=201,
    ),
    Endpoint(
        "GET",
        "/cases/<case_no>/clocks",
        "list_clocks",
        "List a case's clocks: ledger, due days, every day explained.",
        "clocks",
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/clocks/<clock_id>/pause",
        "pause_clock",
        "Pause a clock, or say what it would come to.",
        "clocks",
        body=("reason*", "basis*", "needs", "first", "last", "preview"),
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/clocks/<clock_id>/resume",
        "resume_clock",
        "Let a paused clock go on, or say what it would come to.",
        "clocks",
        body=("preview",),
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/clocks/<clock_id>/extend",
        "extend_clock",
        "Extend a clock, once, or say what it would come to.",
        "clocks",
        body=("limit*", "reason*", "basis*", "preview"),
    ),
    Endpoint(
        "POST",
        "/cases/<case_no>/second-notice",
        "permit_notice",
        "Permit a department's second notice to supplement.",
        "clocks",
        body=("department*", "reason*", "basis*"),
    ),
    Endpoint(
        "GET",
        "/tasks",
        "list_tasks",
        "List the tasks of the caller's post and of the cases the caller filed, next due first.",
        "tasks",
        query=(*PAGE, "service", "item", "case_no", "assignee", "text", "state"),
    ),
    Endpoint("GET", "/tasks/<task_id>", "get_task", "Read a task with its form.", "tasks"),
    Endpoint(
        "POST", "/tasks/<task_id>/claim", "claim_task", "Claim a task.", "tasks", confirms=True
    ),
    Endpoint(
        "POST", "/tasks/<task_id>/return", "return_task", "Return a task.", "tasks", confirms=True
    ),
    Endpoint(
        "POST",
        "/tasks/<task_id>/delegate",
        "delegate_task",
        "Delegate a task to a colleague.",
        "tasks",
        body=("to*", "even_if_absent"),
        confirms=True,
    ),
    Endpoint(
        "POST",
        "/tasks/<task_id>/complete",
        "complete_task",
        "Complete a task with its form's answers.",
        "tasks",
        body=("data",),
        confirms=True,
    ),
    Endpoint(
        "POST",
        "/messages",
        "send_message",
        "Correlate a message.",
        "messages",
        body=("name*", "key", "payload", "keep_seconds"),
    ),
    Endpoint(
        "POST",
        "/hooks/<department>",
        "receive_hook",
        "Take in what a department delivers by itself, signed: an answer, a refusal, a message.",
        "hooks",
        body=("kind*", "key", "operation", "answer", "reason", "message", "name", "payload"),
        is_signed=True,
    ),
    Endpoint(
        "POST",
        "/deployments",
        "deploy_package",
        "Deploy a service package: a zip of its `bpmn/` and `forms/` folders. Shared folders "
        "that the zip leaves out are taken from this node.",
        "deployments",
        status=201,
        takes="application/zip",
        query=("service",),
    ),
    Endpoint(
        "GET",
        "/incidents",
        "list_incidents",
        "List incidents, oldest first.",
        "incidents",
        query=(*PAGE, "state"),
    ),
    Endpoint(
        "POST",
        "/incidents/<incident_id>/retry",
        "retry_incident",
        "Try a failed job or step again; one whose outcome is unknown with `was_not_done` alone.",
        "incidents",
        body=("inputs", "reason", "was_not_done"),
    ),
    Endpoint(
        "GET", "/batches", "list_batches", "List batches, newest first.", "batches", query=PAGE
    ),
    Endpoint(
        "POST",
        "/batches",
        "create_batch",
        "Choose cases, or the incidents of a retry, for one command; the worker tries it on each "
        "and changes nothing.",
        "batches",
        status=201,
        body=(
            *("kind*", "service", "activity", "before", "code", "operation", "department"),
            *("case_no", "from", "status", "has_incident", "only", "all", "to", "mapping"),
        ),
    ),
    Endpoint(
        "GET",
        "/batches/<batch_id>",
        "get_batch",
        "Read how far a batch is.",
        "batches",
    ),
    Endpoint(
        "GET",
        "/batches/<batch_id>/lines",
        "list_batch_lines",
        "List what came, or would come, of each case of a batch.",
        "batches",
        query=(*PAGE, "state"),
    ),
    Endpoint(
        "POST",
        "/batches/<batch_id>/start",
        "start_batch",
        "Perform a batch whose dry run is over.",
        "batches",
        body=("reason*",),
    ),
    Endpoint(
        "POST",
        "/batches/<batch_id>/stop",
        "stop_batch",
        "Stop a batch: what is done stays done, the other cases are left alone.",
        "batches",
    ),
    Endpoint(
        "POST",
        "/batches/<batch_id>/undo",
        "undo_batch",
        "Make the batch that takes back what an ended one of suspensions or resumptions did.",
        "batches",
        status=201,
    ),
    Endpoint(
        "GET",
        "/events",
        "list_events",
        "List what happened to the cases of the caller's department.",
        "events",
        query=PAGE,
    ),
    Endpoint(
        "GET",
        "/subscriptions",
        "list_subscriptions",
        "List who is told of events by webhook, and how far behind each is.",
        "subscriptions",
    ),
    Endpoint(
        "POST",
        "/subscriptions",
        "add_subscription",
        "Tell a system of events by webhook; its secret is answered this once.",
        "subscriptions",
        status=201,
        body=("url*", "department", "types", "after"),
    ),
    Endpoint(
        "POST",
        "/subscriptions/<subscription_id>/pause",
        "pause_subscription",
        "Deliver nothing to a subscription until it is resumed.",
        "subscriptions",
        body=("reason*",),
    ),
    Endpoint(
        "POST",
        "/subscriptions/<subscription_id>/resume",
        "resume_subscription",
        "Deliver again, with `skip` behind the event that was not received.",
        "subscriptions",
        body=("skip", "reason"),
    ),
    Endpoint(
        "POST",
        "/subscriptions/<subscription_id>/rotate",
        "rotate_secret",
        "Give a subscription a new secret; for `hours` the old one signs as well.",
        "subscriptions",
        body=("hours",),
    ),
    Endpoint(
        "POST",
        "/subscriptions/<subscription_id>/remove",
        "remove_subscription",
        "Remove a subscription.",
        "subscriptions",
    ),
)
