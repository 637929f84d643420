"""Where webhooks may go: what people type in can lead into the site's own network."""

import socket
import ssl
import threading
from ipaddress import ip_address

import pytest

from onething.connectors import Destinations, WebhookSender, draw_secret
from onething.errors import InvalidInput
from unit.webhooks.receiver import receiving

PRIVATE = ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "100.64.0.1", "::1", "fd00::1"]
NEVER = [
    "169.254.169.254",
    "100.100.100.200",
    "fd00:ec2::254",
    "fe80::1",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "ff02::1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
]


@pytest.mark.parametrize("address", [*PRIVATE, *NEVER, "::ffff:10.0.0.1", "64:ff9b::7f00:1"])
def test_address_that_is_not_public_is_refused(address):
    assert not Destinations().allows(ip_address(address))


@pytest.mark.parametrize("address", NEVER)
def test_metadata_and_link_local_are_refused_whatever_is_allowed(address):
    everything = Destinations(["0.0.0.0/0", "::/0"], loopback=True)

    assert not everything.allows(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2400:3200::1", "10.20.0.7"])
def test_public_and_named_networks_are_allowed(address):
    assert Destinations(["10.20.0.0/16"]).allows(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https:///nothing",
        "https://user:pass@example.org/",
        "https://example.org/#part",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https://例.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "https://" + "a" * 3000,
        "javascript:alert(1)",
        "",
    ],
)
def test_url_that_may_not_be_called_is_refused(url):
    with pytest.raises(InvalidInput):
        Destinations().check(url)


def test_this_machine_is_reached_without_tls_in_a_demonstration_alone():
    Destinations(loopback=True).check("http://127.0.0.1:1/")

    with pytest.raises(InvalidInput):
        Destinations(["127.0.0.0/8"]).check("http://127.0.0.1:1/")


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "127.1", "localhost"])
def test_name_that_leads_to_this_machine_is_not_connected_to(host):
    with receiving() as receiver:
        port = receiver.url.partition("127.0.0.1:")[2]
        calls = WebhookSender(Destinations(plain=True), 2)
        with calls.to(f"http://{host}:{port}") as line:
            outcome = line.send("e", 1, b"{}", [draw_secret()])

    assert (outcome.result, receiver.calls) == ("failed", [])
    assert "may not be reached" in outcome.told


def test_name_that_leads_to_both_kinds_of_address_leads_nowhere(monkeypatch):
    def both(_host, port, **_more):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in ("8.8.8.8", "127.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with WebhookSender(Destinations(plain=True), 1).to("http://example.org/") as line:
        outcome = line.send("e", 1, b"{}", [draw_secret()])

    assert (outcome.result, "may not be reached" in outcome.told) == ("failed", True)


def test_certificate_that_nobody_vouches_for_is_refused(certificate):
    answered = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            peer, _address = server.accept()
            try:
                with context.wrap_socket(peer, server_side=True) as stream:
                    answered.append(stream.recv(100))
            except (ssl.SSLError, OSError):
                pass

        thread = threading.Thread(target=serve)
        thread.start()
        calls = WebhookSender(Destinations(loopback=True), 3)
        with calls.to(f"https://localhost:{server.getsockname()[1]}/") as line:
            outcome = line.send("e", 1, b"{}", [draw_secret()])
        thread.join(10)

    assert (outcome.result, answered) == ("failed", [])
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.told


def test_certificate_of_a_named_authority_is_taken(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            peer, _address = server.accept()
            with context.wrap_socket(peer, server_side=True) as stream:
                came = b""
                while not came.endswith(b"{}"):  # closed before it is read, it would be reset
                    came += stream.recv(65536)
                stream.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        calls = WebhookSender(Destinations(loopback=True), 3)
        with calls.to(f"https://localhost:{server.getsockname()[1]}/") as line:
            outcome = line.send("e", 1, b"{}", [draw_secret()])
        thread.join(10)

    assert outcome.result == "delivered"
