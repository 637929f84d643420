"""Whom a request came from is believed from trusted balancers alone."""

from ipaddress import ip_network

import pytest

from onething.web import TrustedProxies

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def seen(trusted, remote: str, **headers: str) -> tuple[str, str, list[str]]:
    """Return address, scheme and forwarding headers that the application sees."""
    found = {}

    def app(environ, _start):
        found.update(environ)
        return []

    environ = {"REMOTE_ADDR": remote, "wsgi.url_scheme": "http"}
    environ |= {f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in headers.items()}
    list(TrustedProxies(app, trusted)(environ, lambda *_: None))
    left = [name for name in found if name.startswith("HTTP_X_FORWARDED")]
    return found["REMOTE_ADDR"], found["wsgi.url_scheme"], left


def test_trusted_balancer_says_address_and_scheme():
    assert seen(TRUSTED, "10.0.0.1", **{"for": "192.0.2.7", "proto": "https"}) == (
        "192.0.2.7",
        "https",
        [],
    )


def test_nobody_else_is_believed():
    assert seen(TRUSTED, "192.0.2.1", **{"for": "127.0.0.1", "proto": "https", "host": "x"}) == (
        "192.0.2.1",
        "http",
        [],
    )


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("203.0.113.9, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("203.0.113.9, rubbish, 10.0.0.2", "10.0.0.2"),
        ("rubbish", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("2001:db8::1, fd00::5", "2001:db8::1"),
    ],
)
def test_chain_is_followed_as_far_as_it_is_trusted(told, address):
    assert seen(TRUSTED, "10.0.0.1", **{"for": told})[0] == address


def test_scheme_is_http_or_https():
    assert seen(TRUSTED, "10.0.0.1", proto="javascript")[1] == "http"
