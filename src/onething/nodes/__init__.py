"""Nodes: the processes that serve pages or perform jobs, and when each was last alive."""

from onething.nodes.records import BEATS_MISSED, NodeRow, beat, forget, get, join, listing, stop

__all__ = ["BEATS_MISSED", "NodeRow", "beat", "forget", "get", "join", "listing", "stop"]
