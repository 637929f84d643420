"""The JSON API under `/api/v1`."""

from onething.api.app import blueprint
from onething.api.endpoints import ENDPOINTS, Endpoint

__all__ = ["ENDPOINTS", "Endpoint", "blueprint"]
