"""E-mail over SMTP: one short message to one person, the server's certificate checked.

Source: RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 8314 (implicit TLS), RFC 5322 (message).
"""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

from onething.connectors import certificates
from onething.connectors.secret_values import require_private
from onething.errors import DepartmentRefused, DepartmentUnavailable, InvalidInput

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
    re.ASCII,
)
_LONGEST_LOCAL = 64
_LONGEST = 254
_OK = range(200, 300)
_PERMANENT = range(500, 600)


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address that every server understands, and nothing beside it.

    Source: RFC 5321 §4.1.2 (dot-string), §4.5.3.1 (lengths).
    """
    local = text.partition("@")[0]
    is_short = len(text) <= _LONGEST and len(local) <= _LONGEST_LOCAL
    return is_short and _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mails are handed in, and as whom."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    """starttls, tls or none."""
    user: str = ""
    password_file: Path | None = field(default=None, repr=False)
    ca_file: Path | None = None
    timeout_s: float = 20


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail to one person."""

    to: str
    subject: str
    text: str
    key: str
    """The same at each attempt: a server that took it twice can tell."""
    at: datetime


def send_mail(server: MailServer, mail: Mail) -> str:
    """Hand an e-mail in; return its message id.

    Raises:
        DepartmentRefused: `NO_RECORD` where the server knows no such address, `CONFLICT` where it
            does not want the message.
        DepartmentUnavailable: It cannot be reached, is not who it should be, or says later.
        InvalidInput: Address or subject could not stand in a header.
        SettingsError: The password's file cannot be read or others may read it.
    """
    message_id, content = compose(server.sender, mail)
    password = _password(server)
    try:
        with _line(server) as line:
            if server.user:
                line.login(server.user, password)
            _hand_in(line, server.sender, mail.to, content)
    except smtplib.SMTPResponseException as error:
        raise _unavailable(f"answered {error.smtp_code}") from error
    except (smtplib.SMTPException, OSError, EOFError, ValueError) as error:
        told = certificates.fault(error)
        why = f"shows a certificate that does not hold: {told}" if told else type(error).__name__
        raise _unavailable(why) from error
    return message_id


def compose(sender: str, mail: Mail) -> tuple[str, bytes]:
    """Return message id and bytes of an e-mail; raise InvalidInput for a broken header."""
    if not is_address(mail.to) or not mail.subject.isprintable():
        raise InvalidInput("An address or a subject has characters that cannot stand there")
    host = sender.rpartition("@")[2]
    message_id = f"<{sha256(mail.key.encode()).hexdigest()[:32]}@{host}>"
    message = EmailMessage(policy=POLICY)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="base64")
    return message_id, message.as_bytes()


def _hand_in(line: smtplib.SMTP, sender: str, to: str, content: bytes) -> None:
    code, _ = line.mail(sender)
    if code not in _OK:
        raise _unavailable(f"answered {code} to the sender")
    code, _ = line.rcpt(to)
    if code in _PERMANENT:
        raise DepartmentRefused("NO_RECORD", f"The mail server knows no such address ({code})")
    if code not in _OK:
        raise _unavailable(f"answered {code} to the address")
    code, _ = line.data(content)
    if code in _PERMANENT:
        raise DepartmentRefused("CONFLICT", f"The mail server did not want the message ({code})")
    if code not in _OK:
        raise _unavailable(f"answered {code} to the message")


def _unavailable(why: str) -> DepartmentUnavailable:
    return DepartmentUnavailable(f"The mail server {why}", may_have_acted=False)


def _password(server: MailServer) -> str:
    if server.password_file is None:
        return ""
    require_private(server.password_file)
    return server.password_file.read_text("utf-8").rstrip("\r\n")


@contextmanager
def _line(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Connect, secured as the site wants it; whatever the server does, it ends in time."""
    secured = None if server.security == "none" else certificates.context(server.ca_file)
    with _CutOff(server.timeout_s) as end:
        line = _Line(server, secured if server.security == "tls" else None, end)
        try:
            if server.security == "starttls" and secured is not None:
                line.starttls(context=secured)  # raises where the server offers none
            line.ehlo_or_helo_if_needed()
            yield line
        finally:
            with suppress(smtplib.SMTPException, OSError):
                line.quit()
            line.close()


class _CutOff:
    """Cuts a connection when its time is over: a server may answer in drops for ever."""

    def __init__(self, within_s: float) -> None:
        self._timer = threading.Timer(within_s, self._cut)
        self._timer.daemon = True
        self.socket: socket.socket | None = None

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)


class _Line(smtplib.SMTP):
    """A connection, with TLS from its first byte where there is a context."""

    def __init__(self, server: MailServer, secured: ssl.SSLContext | None, end: _CutOff) -> None:
        self._secured, self._end = secured, end
        super().__init__(server.host, server.port, timeout=server.timeout_s)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = socket.create_connection((host, port), timeout)
        self._end.socket = made
        if self._secured is not None:
            made = self._secured.wrap_socket(made, server_hostname=host)
            self._end.socket = made
        return made
