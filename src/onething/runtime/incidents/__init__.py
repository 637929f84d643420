"""Incidents: read, grouped by cause, resolved."""
