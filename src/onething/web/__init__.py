"""The pages: server-rendered, Chinese first, every one usable without JavaScript."""

from onething.web.app import create_app, csrf
from onething.web.traced import trace_requests

__all__ = ["create_app", "csrf", "trace_requests"]
