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
        "/my/appointments",
        "/my/appointments/new?office=dongying-marriage&service=marriage-status-change",
        "/resume",
        "/account",
        "/people",
    ],
    "village": ["/services/after-death/apply", "/my/cases/{case_no}"],
    "window": [
        "/tasks",
        "/tasks?q={case_no}",
        "/cases",
        "/cases/{case_no}",
        "/offices/service-hall",
        "/offices/service-hall/window",
    ],
    "registry-head": ["/offices", "/offices/dongying-marriage/settings"],
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
