"""Notices: texts that a case sends to its parties."""

from onething.notices.records import NoticeRow, add, of_case

__all__ = ["NoticeRow", "add", "of_case"]
