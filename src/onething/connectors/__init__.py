"""Calls to the departments' systems: contracts as data and one way over HTTP.

A contract names an operation, its department, what goes in and what comes out, how long to
wait, how often to try again, and on which legal basis and for what purpose data move.
"""

from onething.connectors.contracts import Operation, load, operations
from onething.connectors.destinations import Destinations
from onething.connectors.http import HttpConnector, checked_answer
from onething.connectors.pace import Pace
from onething.connectors.webhook import Delivery, WebhookSender, draw_secret

__all__ = [
    "Delivery",
    "Destinations",
    "HttpConnector",
    "Operation",
    "Pace",
    "WebhookSender",
    "checked_answer",
    "draw_secret",
    "load",
    "operations",
]
