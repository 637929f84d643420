"""The commands: one function, one command, one transaction."""

from onething.runtime.add_material import Upload, add_material
from onething.runtime.answer_job import answer_job, give_up_waiting, refuse_job
from onething.runtime.archive_cases import Outlook, Stage, archive_cases, foresee
from onething.runtime.batches import (
    BatchView,
    advance_batches,
    batch_lines,
    cancel_batch,
    create_batch,
    list_batches,
    start_batch,
    undo_batch,
    view_batch,
)
from onething.runtime.choosing import Choice, choose
from onething.runtime.claim_next import (
    MOST_CLAIMED,
    Claimed,
    claim_following,
    claim_many,
    claim_next,
)
from onething.runtime.claim_site import (
    ACCEPTED,
    CLOCK_BEHIND,
    accept_fact,
    claim_site,
    clock_behind,
    differences,
    facts_now,
    require_keys,
    require_time,
)
from onething.runtime.clock_moves import ClockMove, Extension, Pause, Resume
from onething.runtime.complete_task import complete
from onething.runtime.correlate import broadcast, correlate, deliver_kept
from onething.runtime.deliver_events import (
    UNSIGNED,
    deliver,
    deliver_due,
    lease_subscription,
    sender,
)
from onething.runtime.deploy import deploy
from onething.runtime.drafting import (
    DraftCode,
    DraftPage,
    discard_drafts,
    drop_old_drafts,
    find_draft,
    find_draft_by_code,
    give_draft_code,
    leave_draft,
    list_drafts,
    read_draft,
    save_draft,
    take_draft,
)
from onething.runtime.exchange_files import exchange_files
from onething.runtime.fire_timers import fire_timers
from onething.runtime.gates import list_gates, prepare_gates, reset_gate
from onething.runtime.health import Health, Running, health, view_operations
from onething.runtime.host import Host, open_host
from onething.runtime.import_calendar import import_calendar, refresh_calendar
from onething.runtime.keep_node import (
    Node,
    beat_node,
    enter_node,
    find_node,
    list_nodes,
    stop_node,
    watch_nodes,
)
from onething.runtime.limits import set_limits
from onething.runtime.migrate import (
    Moving,
    Outcome,
    migrate,
    prepare_migration,
    preview_migration,
)
from onething.runtime.modify import modify, view_places
from onething.runtime.months import Month
from onething.runtime.move_clock import Preview, move_clock, preview_move
from onething.runtime.move_office import Office, count_office, move_office, offices
from onething.runtime.opening import CHANNELS
from onething.runtime.perform_job import perform_due, perform_relayed
from onething.runtime.permissions import (
    APPLICANTS,
    moves_clock,
    own_tasks,
    require_role,
    sees_task,
    stood_in_for,
    supervises_all,
    visible_case,
    visible_task,
)
from onething.runtime.permit_notice import permit_notice
from onething.runtime.raise_cards import escalate_cards, raise_cards
from onething.runtime.rebuild import rebuild as current_state
from onething.runtime.receive_hook import Delivery, receive_hook
from onething.runtime.redate_clocks import Redated, redate_clocks
from onething.runtime.relay_jobs import Handover, find_lost, give_up_patience, relay_due
from onething.runtime.replay import Verdict, replay, replay_all
from onething.runtime.resolve_incident import complete_by_hand, retry, skip
from onething.runtime.restore_archived import restore_archived
from onething.runtime.retain import (
    Overdue,
    drop_old_readings,
    erase_overdue,
    old_readings,
    overdue,
)
from onething.runtime.retrace import Frame, retrace
from onething.runtime.start_at_event import start_process
from onething.runtime.start_at_time import plan_starts, start_due
from onething.runtime.start_case import Started, start_case
from onething.runtime.subscribe import TYPES as EXCHANGE_TYPES
from onething.runtime.subscribe import (
    Subscribed,
    SubscriptionView,
    pause_subscription,
    resume_subscription,
    rotate_secret,
    subscribe,
    subscriptions_now,
    unsubscribe,
    view_subscription_changes,
    view_subscriptions,
)
from onething.runtime.suspend import Suspension, cancel, resume, suspend, suspension
from onething.runtime.turn import Receipt
from onething.runtime.view_cards import (
    CardView,
    Figures,
    count_cards,
    figures,
    list_cards,
    own_cards,
    view_card,
)
from onething.runtime.view_case import (
    CaseView,
    Place,
    log_access,
    renamed,
    view_case,
    visible_elements,
)
from onething.runtime.view_causes import Cause, IncidentFilter, find_incidents, list_causes
from onething.runtime.view_clocks import ClockView, LegView, view_clock, view_clocks
from onething.runtime.view_feed import Feed, FeedEvent, view_feed
from onething.runtime.view_incident import IncidentView, list_incidents, view_incident
from onething.runtime.view_instances import (
    MOST_COUNTED,
    STATUSES,
    Found,
    InstanceView,
    Search,
    count_instances,
    search_instances,
    view_instance,
)
from onething.runtime.view_job_states import (
    JOB_STATES,
    JobFilter,
    JobState,
    incident_of,
    list_jobs,
    view_job_state,
)
from onething.runtime.view_jobs import JobView, Queue, list_queues, view_job
from onething.runtime.view_lists import list_cases, list_tasks, view_history
from onething.runtime.view_notices import NoticeView, view_notices
from onething.runtime.view_relief import (
    FEWEST,
    READERS_OF_RELIEF,
    CaseFigures,
    relief_of_cases,
)
from onething.runtime.view_site import Site, view_site
from onething.runtime.view_task import TaskView, view_task
from onething.runtime.withdraw import withdraw
from onething.runtime.work_on_card import reply_to_card, review_card, waive_card
from onething.runtime.work_on_task import claim, colleagues, delegate, return_task
from onething.runtime.workload import (
    MOST_HANDED,
    Handed,
    Load,
    hand_on,
    hand_on_uncovered,
    view_workload,
)

__all__ = [
    "ACCEPTED",
    "APPLICANTS",
    "CHANNELS",
    "CLOCK_BEHIND",
    "EXCHANGE_TYPES",
    "FEWEST",
    "JOB_STATES",
    "MOST_CLAIMED",
    "MOST_COUNTED",
    "MOST_HANDED",
    "READERS_OF_RELIEF",
    "STATUSES",
    "UNSIGNED",
    "BatchView",
    "CardView",
    "CaseFigures",
    "CaseView",
    "Cause",
    "Choice",
    "Claimed",
    "ClockMove",
    "ClockView",
    "Delivery",
    "DraftCode",
    "DraftPage",
    "Extension",
    "Feed",
    "FeedEvent",
    "Figures",
    "Found",
    "Frame",
    "Handed",
    "Handover",
    "Health",
    "Host",
    "IncidentFilter",
    "IncidentView",
    "InstanceView",
    "JobFilter",
    "JobState",
    "JobView",
    "LegView",
    "Load",
    "Month",
    "Moving",
    "Node",
    "NoticeView",
    "Office",
    "Outcome",
    "Outlook",
    "Overdue",
    "Pause",
    "Place",
    "Preview",
    "Queue",
    "Receipt",
    "Redated",
    "Resume",
    "Running",
    "Search",
    "Site",
    "Stage",
    "Started",
    "Subscribed",
    "SubscriptionView",
    "Suspension",
    "TaskView",
    "Upload",
    "Verdict",
    "accept_fact",
    "add_material",
    "advance_batches",
    "answer_job",
    "archive_cases",
    "batch_lines",
    "beat_node",
    "broadcast",
    "cancel",
    "cancel_batch",
    "choose",
    "claim",
    "claim_following",
    "claim_many",
    "claim_next",
    "claim_site",
    "clock_behind",
    "colleagues",
    "complete",
    "complete_by_hand",
    "correlate",
    "count_cards",
    "count_instances",
    "count_office",
    "create_batch",
    "current_state",
    "delegate",
    "deliver",
    "deliver_due",
    "deliver_kept",
    "deploy",
    "differences",
    "discard_drafts",
    "drop_old_drafts",
    "drop_old_readings",
    "enter_node",
    "erase_overdue",
    "escalate_cards",
    "exchange_files",
    "facts_now",
    "figures",
    "find_draft",
    "find_draft_by_code",
    "find_incidents",
    "find_lost",
    "find_node",
    "fire_timers",
    "foresee",
    "give_draft_code",
    "give_up_patience",
    "give_up_waiting",
    "hand_on",
    "hand_on_uncovered",
    "health",
    "import_calendar",
    "incident_of",
    "lease_subscription",
    "leave_draft",
    "list_batches",
    "list_cards",
    "list_cases",
    "list_causes",
    "list_drafts",
    "list_gates",
    "list_incidents",
    "list_jobs",
    "list_nodes",
    "list_queues",
    "list_tasks",
    "log_access",
    "migrate",
    "modify",
    "move_clock",
    "move_office",
    "moves_clock",
    "offices",
    "old_readings",
    "open_host",
    "overdue",
    "own_cards",
    "own_tasks",
    "pause_subscription",
    "perform_due",
    "perform_relayed",
    "permit_notice",
    "plan_starts",
    "prepare_gates",
    "prepare_migration",
    "preview_migration",
    "preview_move",
    "raise_cards",
    "read_draft",
    "receive_hook",
    "redate_clocks",
    "refresh_calendar",
    "refuse_job",
    "relay_due",
    "relief_of_cases",
    "renamed",
    "replay",
    "replay_all",
    "reply_to_card",
    "require_keys",
    "require_role",
    "require_time",
    "reset_gate",
    "restore_archived",
    "resume",
    "resume_subscription",
    "retrace",
    "retry",
    "return_task",
    "review_card",
    "rotate_secret",
    "save_draft",
    "search_instances",
    "sees_task",
    "sender",
    "set_limits",
    "skip",
    "start_batch",
    "start_case",
    "start_due",
    "start_process",
    "stood_in_for",
    "stop_node",
    "subscribe",
    "subscriptions_now",
    "supervises_all",
    "suspend",
    "suspension",
    "take_draft",
    "undo_batch",
    "unsubscribe",
    "view_batch",
    "view_card",
    "view_case",
    "view_clock",
    "view_clocks",
    "view_feed",
    "view_history",
    "view_incident",
    "view_instance",
    "view_job",
    "view_job_state",
    "view_notices",
    "view_operations",
    "view_places",
    "view_site",
    "view_subscription_changes",
    "view_subscriptions",
    "view_task",
    "view_workload",
    "visible_case",
    "visible_elements",
    "visible_task",
    "waive_card",
    "watch_nodes",
    "withdraw",
]
