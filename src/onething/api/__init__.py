"""The JSON API under `/api/v1`."""

from onething.api.app import blueprint
from onething.api.endpoints import ENDPOINTS, PREFIX, Endpoint
from onething.api.exposition import exposition
from onething.api.openapi import description

__all__ = ["ENDPOINTS", "PREFIX", "Endpoint", "blueprint", "description", "exposition"]
