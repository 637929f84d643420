"""Whom a request came from, where balancers that are trusted pass it on.

Without a trusted balancer `X-Forwarded-*` is what anybody may write: it is dropped.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from onething.settings import Network

Address = IPv4Address | IPv6Address
_SCHEMES = ("http", "https")


class TrustedProxies:
    """A WSGI application in front of another that believes the balancers of the site alone."""

    def __init__(self, app: WSGIApplication, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = trusted

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Put the address and scheme of the caller in, then pass the request on."""
        sender = _address(environ.get("REMOTE_ADDR", ""))
        if sender is not None and self._is_trusted(sender):
            self._believe(environ, sender)
        for name in [one for one in environ if one.startswith("HTTP_X_FORWARDED_")]:
            del environ[name]
        return self._app(environ, start)

    def _believe(self, environ: WSGIEnvironment, sender: Address) -> None:
        """Go back from balancer to balancer as far as they are trusted."""
        told = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        while told and self._is_trusted(sender):
            before = _address(told.pop())
            if before is None:
                break
            sender = before
        environ["REMOTE_ADDR"] = str(sender)
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
        if scheme in _SCHEMES:
            environ["wsgi.url_scheme"] = scheme

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _address(text: str) -> Address | None:
    try:
        return ip_address(text.strip())
    except ValueError:
        return None
