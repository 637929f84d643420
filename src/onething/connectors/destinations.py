"""Where calls to addresses that people typed in may go, and where never.

A name is looked up once, every address of it is judged, and the connection is made to the
address that was judged: no second look-up can lead it elsewhere.

Source: OWASP, Server-Side Request Forgery Prevention Cheat Sheet.
"""

import socket
import time
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from ssl import SSLContext
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore

from onething.errors import InvalidInput

Address = IPv4Address | IPv6Address
_LINK_LOCAL = (ip_network("169.254.0.0/16"), ip_network("fe80::/10"))
_METADATA = frozenset(
    ip_address(one) for one in ("169.254.169.254", "100.100.100.200", "fd00:ec2::254")
)
"""Where clouds tell machines their secrets: refused whatever networks are allowed."""
_TRANSLATED = ip_network("64:ff9b::/96")
_LONGEST_URL = 2_000


class Destinations:
    """The rule of one site.

    Args:
        networks: Networks that are not public and may be reached all the same.
        loopback: Whether this machine itself may be reached.
        plain: Whether http without TLS will do; to this machine itself it does.
    """

    def __init__(
        self, networks: Iterable[str] = (), *, loopback: bool = False, plain: bool = False
    ) -> None:
        self._networks = [ip_network(one) for one in networks]
        self._loopback = loopback
        self._plain = plain

    def check(self, url: str) -> SplitResult:
        """Return the parts of a URL that may be called.

        Raises:
            InvalidInput: It is no such URL, or an address in it may not be reached.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise _refused("This is no URL") from None
        if len(url) > _LONGEST_URL or not url.isascii() or any(one.isspace() for one in url):
            raise _refused("A URL has ASCII characters without spaces")
        if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
            raise _refused("A URL begins with https:// and names a host")
        if parts.username is not None or parts.fragment:
            raise _refused("A URL names no user, no password and no fragment")
        literal = _literal(parts.hostname)
        if literal is not None and not self.allows(literal):
            raise _refused(f"{parts.hostname} may not be reached")
        if parts.scheme == "http" and not self._plain and not self._may_be_here(parts.hostname):
            raise _refused("A URL begins with https://")
        return parts

    def allows(self, address: Address) -> bool:
        """Whether an address may be reached."""
        plain = _unwrapped(address)
        if plain in _METADATA or plain.is_multicast or plain.is_unspecified:
            return False
        if any(plain in one for one in _LINK_LOCAL if one.version == plain.version):
            return False
        if plain.is_loopback and self._loopback:
            return True
        return plain.is_global or any(plain in one for one in self._networks)

    def addresses(self, host: str, port: int) -> list[str]:
        """Look a host up.

        Raises:
            httpcore.ConnectError: There is no such host, or one of its addresses may not be
                reached: a name that leads to both kinds leads nowhere.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise httpcore.ConnectError("the host has no address") from None
        texts = [str(one[4][0]) for one in found]
        if not all(self.allows(ip_address(one)) for one in texts):
            raise httpcore.ConnectError("the host's address may not be reached")
        return texts

    def _may_be_here(self, host: str) -> bool:
        literal = _literal(host)
        is_here = host == "localhost" or (literal is not None and literal.is_loopback)
        return self._loopback and is_here


class Guarded(httpcore.NetworkBackend):
    """Connections to judged addresses, all of whose waits end at one deadline."""

    def __init__(self, destinations: Destinations) -> None:
        self._destinations = destinations
        self._inner = httpcore.SyncBackend()
        self.deadline = 0.0
        """On the clock `time.monotonic`."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline bounds it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers."""
        failed: Exception = httpcore.ConnectError("the host has no address")
        for address in self._destinations.addresses(host, port):
            try:
                stream = self._inner.connect_tcp(
                    address, port, self.left(httpcore.ConnectTimeout), local_address, socket_options
                )
            except httpcore.ConnectError as error:
                failed = error
            else:
                return _Bounded(stream, self)
        raise failed

    def left(self, late: type[Exception]) -> float:
        """Return the seconds that are left; raise `late` when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise late("no answer in time")
        return left


class _Bounded(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline: an answer in drops ends as well."""

    def __init__(self, inner: httpcore.NetworkStream, guard: Guarded) -> None:
        self._inner = inner
        self._guard = guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - as above
        return self._inner.read(max_bytes, self._guard.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - as above
        self._inner.write(buffer, self._guard.left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.NetworkStream:
        left = self._guard.left(httpcore.ConnectTimeout)
        return _Bounded(self._inner.start_tls(ssl_context, server_hostname, left), self._guard)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore declares it
        return self._inner.get_extra_info(info)


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, {"url": message})


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
