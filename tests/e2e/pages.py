"""The pages that whoever uses the product meets, by the account that opens them."""

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PAGES = {
    "": [
        "/sign-in",
        "/",
        "/?q=none",
        "/services/after-death",
        "/services/after-death/guide?items=火化",
        "/lookup",
        "/verify",
        "/nowhere",
    ],
    "citizen": [
        "/services/marriage-status-change/apply",
        "/my/cases",
        "/my/cases/{case_no}",
        "/my/appointments",
        "/my/appointments/new?office=dongying-marriage&service=marriage-status-change",
        "/resume",
        "/join",
        "/account",
        "/messages",
        "/people",
    ],
    "village": ["/services/after-death/apply", "/messages?unread=1"],
    "window": [
        "/tasks",
        "/tasks?q={case_no}",
        "/cases",
        "/cases/{case_no}",
        "/offices/service-hall",
        "/offices/service-hall/window",
        "/registers",
    ],
    "registry-head": ["/offices", "/offices/new", "/offices/dongying-marriage/settings"],
    "supervisor": [
        "/absences",
        "/absences/new",
        "/supervision/workload",
        "/supervision/holds",
        "/supervision/holds?state=all",
    ],
    "police": ["/objections"],
    "auditor": [
        "/cases/{case_no}/replay",
        "/audit",
        "/audit/sign-ins",
        "/incidents",
        "/definitions",
    ],
    "designer": [
        "/definitions/after-death",
        "/definitions/after-death/1/processes/after-death-funeral",
        "/definitions/after-death/1/decisions/shared-limits",
        "/definitions/after-death/1/forms/after-death/application",
    ],
    "inspector": [
        "/supervision",
        "/supervision?colour=yellow",
        "/supervision/figures",
        "/supervision/relief",
    ],
    "operator": [
        "/incidents",
        "/incidents?state=resolved",
        "/operations",
        "/operations/nodes",
        "/operations/jobs",
        "/operations/jobs?state=done",
        "/operations/instances",
        "/operations/instances/{case_no}",
        "/operations/batches",
        "/definitions/after-death/1/migration",
        "/cases/{case_no}/modify",
    ],
    "administrator": [
        "/subscriptions",
        "/people",
        "/people/citizen",
        "/people/organisation",
        "/people/changes",
    ],
}
"""Addresses by account; an empty name is a visitor who is not signed in."""

REFUSED = {("", "/nowhere"): 404, ("citizen", "/people"): 403}
"""Pages that say why there is nothing to see, by account and address."""

ON_THE_WAY = {
    "absences.edit": "test_what_is_entered.py",
    "apply.receipt": "test_phone.py",
    "appointments.choose_again": "test_appointments.py",
    "appointments.show": "test_appointments.py",
    "batches.show": "test_operating.py",
    "clock.show": "test_clock_moves.py",
    "corrections.form": "test_marriage.py",
    "display.show": "test_appointments.py",
    "display.show_in_english": "test_appointments.py",
    "holds.form": "test_clock_moves.py",
    "incidents.show": "test_operating.py",
    "invitations.correct": "test_two_spouses.py",
    "invitations.show": "test_two_spouses.py",
    "joint_files.view": "test_two_spouses.py",
    "jobs.show": "test_operating.py",
    "materials.view": "test_phone.py",
    "messages.show": "test_phone.py",
    "own_task.form": "test_phone.py",
    "subscriptions.show": "test_what_is_entered.py",
    "supervision.show": "test_supervision.py",
    "task.form": "test_accessibility.py",
    "together.done": "test_without_script.py",
    "window.receipt": "test_walk_in.py",
}
"""Pages that need something to have happened first, by the test that comes by them."""

FILE = "a file"
PART = "a part of a page, which the page's own test looks at"
LEADS_ON = "leads on to another page"
NO_PAGES = {
    "apply.share_again": LEADS_ON,
    "batches.workbook": FILE,
    "beside.pane": PART,
    "diagrams.bpmn": FILE,
    "drafts.again": LEADS_ON,
    "files.document": FILE,
    "invitations.again": LEADS_ON,
    "invitations.back": LEADS_ON,
    "joint_files.download": FILE,
    "joint_files.page": FILE,
    "joint_files.thumbnail": FILE,
    "materials.download": FILE,
    "materials.page": FILE,
    "materials.thumbnail": FILE,
    "own_identity.again": LEADS_ON,
    "papers.receipt": FILE,
    "papers.sheet": FILE,
    "papers.window_receipt": FILE,
    "registers.paper": FILE,
    "registers.workbook": FILE,
    "supervision.cards_workbook": FILE,
    "supervision.workbook": FILE,
    "task_drafts.again": LEADS_ON,
    "task_drafts.again_own": LEADS_ON,
    "together.again": LEADS_ON,
    "undo.again": LEADS_ON,
}
"""What answers at an address and is no page, with the reason."""
