"""The node and the person behind the present request."""

from datetime import datetime
from typing import cast

from flask import current_app
from flask_login import current_user

from onething.errors import NotSignedIn
from onething.identity import Actor
from onething.runtime import Host


def host() -> Host:
    """Return the node that answers this request."""
    return cast("Host", current_app.extensions["host"])


def actor() -> Actor:
    """Return who is signed in; raise NotSignedIn when nobody is."""
    if not current_user.is_authenticated:
        raise NotSignedIn
    return cast("Actor", current_user.actor)


def local(instant: datetime) -> datetime:
    """Return an instant in the legal time zone."""
    return instant.astimezone(host().zone)
