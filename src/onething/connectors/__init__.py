"""Calls to the departments' systems: contracts as data, and the ways in which each is reached.

A contract names an operation, its department, what goes in and what comes out, how long to
wait, how often to try again, and on which legal basis and for what purpose data move. A
departments file says where each department is and how both sides prove who they are.
"""

from onething.connectors.contracts import (
    Operation,
    department_of,
    load,
    operations,
    suppliers,
)
from onething.connectors.departments import Connector, Departments, open_departments
from onething.connectors.departments_file import Department, Hook
from onething.connectors.destinations import Destinations
from onething.connectors.drop import Drop, Told
from onething.connectors.http import HttpConnector, checked_answer
from onething.connectors.pace import Pace
from onething.connectors.smtp import Mail, MailServer, is_address, send_mail
from onething.connectors.webhook import Delivery, WebhookSender, draw_secret

__all__ = [
    "Connector",
    "Delivery",
    "Department",
    "Departments",
    "Destinations",
    "Drop",
    "Hook",
    "HttpConnector",
    "Mail",
    "MailServer",
    "Operation",
    "Pace",
    "Told",
    "WebhookSender",
    "checked_answer",
    "department_of",
    "draw_secret",
    "is_address",
    "load",
    "open_departments",
    "operations",
    "send_mail",
    "suppliers",
]
