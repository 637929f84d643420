"""Calendars: the holiday notices that a site imported beside those that ship."""

from onething.calendars.records import NoticeRow, add, since

__all__ = ["NoticeRow", "add", "since"]
