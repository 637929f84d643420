"""The pages: server-rendered, Chinese first, every one usable without JavaScript."""

from onething.web.app import create_app, csrf

__all__ = ["create_app", "csrf"]
