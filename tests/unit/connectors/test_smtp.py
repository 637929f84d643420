"""E-mails are handed to the right server over a secured line, and nothing can slip into them."""

import ssl
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from onething.connectors import Mail, MailServer, is_address, send_mail
from onething.errors import DepartmentRefused, DepartmentUnavailable, InvalidInput, SettingsError
from unit.connectors.mail_host import mail_host

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MAIL = Mail("lin@example.org", "您有新消息", "一件事一次办:请登录查看", "case:news.1", NOW)


@pytest.fixture
def host():
    with mail_host() as opened:
        yield opened


@pytest.fixture
def secured(host, authority):
    """The host offers STARTTLS with a certificate for its address."""
    return secure(host, authority.issue("mail"))


def secure(host, pair):
    certificate, key = pair
    host.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    host.context.load_cert_chain(certificate, key)
    host.extensions += ["STARTTLS", "AUTH PLAIN LOGIN"]
    return host


def server(host, **more) -> MailServer:
    plain = {"host": "127.0.0.1", "security": "none"}
    given = {"port": host.port, "sender": "no-reply@example.org", "timeout_s": 5} | plain | more
    return MailServer(**given)


def tls(host, authority, **more) -> MailServer:
    return server(host, ca_file=authority.file, **({"security": "starttls"} | more))


def test_an_email_arrives_with_its_headers_and_text(host):
    message_id = send_mail(server(host), MAIL)

    ((sender, to, content),) = host.received
    read = message_from_bytes(content, policy=policy.default)
    assert (sender, to) == ("mail FROM:<no-reply@example.org>", "rcpt TO:<lin@example.org>")
    assert (read["Subject"], read["To"]) == ("您有新消息", "lin@example.org")
    assert read.get_content().strip() == MAIL.text
    assert read["Message-ID"] == message_id
    assert read["Auto-Submitted"] == "auto-generated"


def test_a_second_attempt_bears_the_same_message_id(host):
    assert send_mail(server(host), MAIL) == send_mail(server(host), MAIL)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_line_is_secured_and_the_account_signs_in(secured, authority, tmp_path, security):
    password = tmp_path / "password"
    password.write_text("hush\n")
    password.chmod(0o600)
    secured.tls_at_once = security == "tls"

    send_mail(tls(secured, authority, security=security, user="city", password_file=password), MAIL)

    assert len(secured.received) == 1
    assert "AUTH" in secured.verbs


def test_a_server_with_a_strange_certificate_is_sent_nothing(secured, tmp_path):
    with pytest.raises(DepartmentUnavailable, match="certificate"):
        send_mail(server(secured, security="starttls"), MAIL)

    assert secured.received == []


def test_a_certificate_of_another_host_does_not_hold(host, authority):
    secure(host, authority.issue("elsewhere", host="127.0.0.2"))

    with pytest.raises(DepartmentUnavailable, match="certificate"):
        send_mail(tls(host, authority), MAIL)


def test_without_starttls_nothing_is_sent_in_the_clear(host):
    with pytest.raises(DepartmentUnavailable):
        send_mail(server(host, security="starttls"), MAIL)

    assert "MAIL" not in host.verbs


@pytest.mark.parametrize(
    ("verb", "answer", "reason"),
    [("RCPT", "550 nobody", "NO_RECORD"), ("message", "554 unwelcome", "CONFLICT")],
)
def test_a_refusal_says_whether_the_address_is_dead(host, verb, answer, reason):
    host.answers[verb] = answer

    with pytest.raises(DepartmentRefused) as refused:
        send_mail(server(host), MAIL)

    assert refused.value.reason == reason
    assert "lin" not in refused.value.message


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("greeting", "554 go away"),
        ("greeting", "421 later"),
        ("MAIL", "530 who are you"),
        ("RCPT", "450 greylisted"),
        ("DATA", "451 later"),
        ("message", "452 full"),
    ],
)
def test_all_else_is_tried_again_later(host, verb, answer):
    host.answers[verb] = answer

    with pytest.raises(DepartmentUnavailable):
        send_mail(server(host), MAIL)


def test_a_server_that_is_not_there_is_unavailable():
    with mail_host() as gone:
        pass

    with pytest.raises(DepartmentUnavailable):
        send_mail(server(gone), MAIL)


def test_a_server_that_talks_for_ever_is_cut_off(host):
    host.answers["EHLO"] = "\r\n".join(["250-more"] * 100)  # never the last line

    with pytest.raises(DepartmentUnavailable):
        send_mail(server(host, timeout_s=0.2), MAIL)


def test_a_password_that_others_may_read_is_refused(host, tmp_path):
    password = tmp_path / "password"
    password.write_text("hush")
    password.chmod(0o644)

    with pytest.raises(SettingsError, match="readable by others"):
        send_mail(server(host, user="city", password_file=password), MAIL)


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org\nb@example.org",
        "a@example.org,b@example.org",
        "a@example.org b@example.org",
        "<a@example.org>",
        '"a b"@example.org',
        "a@example.org>\r\nRCPT TO:<b@example.org",
        "林@example.org",
        "a..b@example.org",
        ".a@example.org",
        "a@-example.org",
        "a@example",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "a@@example.org",
        "a" * 65 + "@example.org",
        "a@" + "b" * 64 + ".org",
        "a\0@example.org",
        "",
    ],
)
def test_a_hostile_address_never_reaches_the_server(host, address):
    assert not is_address(address)

    with pytest.raises(InvalidInput):
        send_mail(server(host), Mail(address, "news", "text", "key", NOW))

    assert host.verbs == []


@pytest.mark.parametrize("address", ["a@example.org", "a.b+c@sub.example.org", "x_1@example.co"])
def test_a_usual_address_is_one(address):
    assert is_address(address)


def test_a_subject_with_a_line_end_never_reaches_the_server(host):
    with pytest.raises(InvalidInput):
        send_mail(server(host), Mail("a@example.org", "news\r\nBcc: b@b.org", "text", "key", NOW))

    assert host.verbs == []


def test_a_text_with_the_end_of_a_message_in_it_stays_one_message(host):
    send_mail(server(host), Mail("a@example.org", "news", "one\r\n.\r\nMAIL FROM:<x>", "k", NOW))

    assert len(host.received) == 1
    assert host.verbs.count("MAIL") == 1
