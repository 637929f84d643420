"""The JSON API under `/api/v1`."""

from onething.api.app import create_app
from onething.api.endpoints import ENDPOINTS, PREFIX, Endpoint
from onething.api.exposition import exposition
from onething.api.openapi import description

__all__ = ["ENDPOINTS", "PREFIX", "Endpoint", "create_app", "description", "exposition"]
