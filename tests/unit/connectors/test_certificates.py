"""TLS on both sides: who does not prove itself is refused, and the day it ended is told."""

import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import timedelta

import httpx
import pytest

from onething.connectors import certificates
from onething.errors import CertificateInvalid, DepartmentUnavailable
from unit.connectors.authority import Authority
from unit.connectors.conftest import simulator

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def secured(tmp_path_factory, authority):
    """A simulator that shows a certificate and wants one."""
    pem, key = authority.issue("server")
    own = authority.issue("city")
    options = ("--certificate", pem, "--key", key, "--client-ca", authority.file)
    context = certificates.context(authority.file, *own)
    with simulator(tmp_path_factory.mktemp("secured"), *options, verify=context) as client:
        yield client


def mtls(url, authority, certificate="city", ca=None):
    return f"""
[departments.police]
url = "{url}"
ca_file = "{ca or authority.file}"
authentication = "mtls"
[departments.police.mtls]
certificate_file = "{authority.folder / certificate}.pem"
key_file = "{authority.folder / certificate}.key"
"""


def test_a_known_certificate_is_let_in(secured, site, authority):
    assert site.call(mtls(secured.base_url, authority))["name"] == "林晓彤"


def test_a_site_without_certificate_is_kept_out(secured, site, authority):
    text = f'[departments.police]\nurl = "{secured.base_url}"\nca_file = "{authority.file}"'

    with pytest.raises((CertificateInvalid, DepartmentUnavailable)):
        site.call(text)


def test_a_certificate_of_another_authority_is_kept_out(secured, site, authority, tmp_path):
    other = Authority(tmp_path / "other")
    other.issue("city")

    with pytest.raises((CertificateInvalid, DepartmentUnavailable)):
        site.call(mtls(secured.base_url, other, ca=authority.file))


def test_a_department_of_an_unknown_authority_is_sent_nothing(secured, site, authority, tmp_path):
    other = Authority(tmp_path / "other")

    with pytest.raises(CertificateInvalid, match="police"):
        site.call(mtls(secured.base_url, authority, ca=other.file))


def test_an_own_certificate_that_expired_is_told_with_its_day(secured, site, authority):
    pem, _key = authority.issue("old", begins=-2 * DAY, ends=-DAY)
    day = certificates.read(pem).not_valid_after_utc.date()

    with pytest.raises(CertificateInvalid, match=f"this site for police expired on {day}"):
        site.call(mtls(secured.base_url, authority, "old"))


def test_an_own_certificate_that_does_not_hold_yet_is_told(secured, site, authority):
    authority.issue("new", begins=DAY, ends=2 * DAY)

    with pytest.raises(CertificateInvalid, match="not valid before"):
        site.call(mtls(secured.base_url, authority, "new"))


@contextmanager
def department(pem, key):
    """A socket that speaks TLS with a certificate; gives its address and what it was sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    sent = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept():
            while True:
                try:
                    plain, _ = server.accept()
                except OSError:
                    return
                with plain, suppress(OSError), context.wrap_socket(plain, server_side=True) as tls:
                    sent.append(tls.recv(65536))

        threading.Thread(target=accept, daemon=True).start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}", sent


def trusting(url, authority):
    return f'[departments.police]\nurl = "{url}"\nca_file = "{authority.file}"'


@pytest.mark.parametrize(
    ("begins", "ends", "told"),
    [(-2 * DAY, -DAY, "of police expired on"), (DAY, 2 * DAY, "of police is not valid before")],
)
def test_a_department_whose_certificate_does_not_hold_is_told(site, authority, begins, ends, told):
    lapsed = authority.issue("lapsed", begins, ends)

    with department(*lapsed) as (url, sent), pytest.raises(CertificateInvalid, match=told):
        site.call(trusting(url, authority))

    assert [one for one in sent if one] == []


def test_a_department_under_another_host_name_is_sent_nothing(site, authority):
    elsewhere, told = authority.issue("elsewhere", host="127.0.0.2"), r"mismatch|not valid for"

    with department(*elsewhere) as (url, sent), pytest.raises(CertificateInvalid, match=told):
        site.call(trusting(url, authority))

    assert [one for one in sent if one] == []


def test_an_error_that_is_no_certificate_s_stays_what_it_is():
    assert certificates.fault(httpx.ConnectError("refused")) is None
