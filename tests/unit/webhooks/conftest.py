import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from onething import runtime
from onething.catalog import Catalog
from onething.identity import SYSTEM
from onething.simulator import Records, create_app
from onething.testing.world import World
from unit.runtime.node import MONDAY, Node
from unit.webhooks.receiver import Receiver, receiving

PACKAGE = Path(__file__).parents[1] / "runtime" / "package"


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(serial: int) -> str:
    """Return an identity number with its check digit. Source: GB 11643-1999."""
    digits = f"37050219850412{serial:03d}"
    total = sum(int(one) * weight for one, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


class Site(Node):
    """A node whose subscriptions are served when the test says so."""

    _serials = itertools.count(1)

    def start(self, way: str = "check", **more) -> str:
        """Open a case of another person each time."""
        return super().start(way, idNo=id_number(next(self._serials)), **more)

    def subscribe(self, url: str, **more) -> runtime.Subscribed:
        return runtime.subscribe(self.host, SYSTEM, url, **more)

    def deliver(self, owner: str = "one") -> int:
        return runtime.deliver_due(self.host, runtime.sender(self.host), owner)

    def view(self, name: str) -> runtime.SubscriptionView:
        (found,) = (one for one in runtime.view_subscriptions(self.host, SYSTEM) if one.id == name)
        return found

    def changes(self, name: str) -> list[tuple[str, dict]]:
        found = runtime.view_subscription_changes(self.host, SYSTEM, name)
        return [(one.kind, one.detail) for one in found]

    def feed(self) -> list[str]:
        return [one.id for one in runtime.view_feed(self.host, SYSTEM, limit=200).events]


@pytest.fixture
def site() -> Iterator[Site]:
    with World(MONDAY, create_app, Records) as world:
        world.deploy(Catalog([PACKAGE]).package("permit"))
        # Receivers of these tests listen on this machine.
        world.host.settings = replace(
            world.host.settings,
            webhook_timeout_s=1,
            webhook_networks="127.0.0.0/8",
            webhook_http=True,
        )
        yield Site(world)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def other_receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> Path:
    """A certificate of `localhost` that vouches for itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
