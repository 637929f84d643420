"""The pages: server-rendered, Chinese first, every one usable without JavaScript."""

from onething.web.app import create_app
from onething.web.proxies import TrustedProxies
from onething.web.traced import trace_requests

__all__ = ["TrustedProxies", "create_app", "trace_requests"]
