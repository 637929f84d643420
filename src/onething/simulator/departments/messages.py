"""消息服务 and 邮件服务: they keep what they are given to send, and tell numbers that are dead."""

from onething.errors import DepartmentRefused
from onething.simulator.desk import Desk, answers
from onething.simulator.records import Row

_DEAD = ("13900000000", "dead@example.org")
"""Nobody is there: a number out of use, a mailbox that was closed."""


@answers("messages.sms.send")
def sms_send(desk: Desk, asked: Row) -> Row:
    """Keep a text message."""
    return _keep(desk, asked, "sms")


@answers("mail.message.send")
def mail_send(desk: Desk, asked: Row) -> Row:
    """Keep an e-mail."""
    return _keep(desk, asked, "email")


def _keep(desk: Desk, asked: Row, channel: str) -> Row:
    if asked["to"] in _DEAD:
        raise DepartmentRefused("NO_RECORD", "该号码或者邮箱已停用")
    number = desk.receipt()
    sent = {"messageNo": number, "channel": channel, "sentAt": desk.now.isoformat()}
    desk.records.put("sent_messages", {**asked, **sent})
    return {"receiptNo": number}
