"""Forget news that has had its time: an applicant's lines stay as long as their case."""

from datetime import timedelta

from sqlalchemy import Connection

from onething import jobs, notices
from onething.runtime.host import Host
from onething.runtime.messages.news_kinds import FOR_WORKERS, OF_ADDRESSES

KEPT = timedelta(days=90)
"""So long clerks' lines are kept, and lines and messages that are about no case: an assumption."""


def drop_old_news(host: Host) -> int:
    """Delete old lines of clerks and of addresses, and old messages about no case."""
    before = host.clock() - KEPT

    def transaction(conn: Connection) -> int:
        dropped = notices.drop_old_news(conn, (*FOR_WORKERS, *OF_ADDRESSES), before)
        return dropped + jobs.drop_caseless(conn, before)

    return host.write(transaction)
