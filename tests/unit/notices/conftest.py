"""A node whose messages leave by a mail server and a provider, both on real sockets."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from onething import cases, identity, jobs, notices, runtime
from onething.catalog import Catalog
from onething.connectors import open_departments
from onething.identity import SYSTEM
from onething.jobs import JobRow
from onething.notices import NewsFilter
from onething.runtime import NewsView
from onething.simulator import Records, create_app
from onething.testing.world import World
from unit.clocks.node import APPLICANT, Node, at
from unit.connectors.mail_host import MailHost, mail_host

PACKAGES = Path(__file__).parents[1] / "clocks" / "package"
PHONE, MAIL = "13812345678", "lin@example.org"


class Site(Node):
    """The node of one test, and what its providers were given."""

    def __init__(self, world: World, records: Records, exchange, mail: MailHost) -> None:
        super().__init__(world)
        self.records, self.exchange, self.mail = records, exchange, mail

    def reach(self, channel: str = "sms", address: str = PHONE, actor=APPLICANT) -> None:
        """Give an address and prove it."""
        runtime.ask_code(self.host, actor, channel, address)
        runtime.prove_code(self.host, actor, channel, self.code(channel, actor))

    def code(self, channel: str = "sms", actor=APPLICANT) -> str:
        """Return the code that is due, as its owner's phone would show it."""
        with self.host.database.read() as conn:
            row = notices.find_contact(conn, actor.user, channel)
        return self.host.keys.open(row.sealed_code).decode()

    def tell(self, case_no: str | None = None, line: str = "n1", **more) -> None:
        """Tell the applicant a piece of news."""
        text = runtime.said("结婚登记证已办好", "The certificate is ready", ("王芳的证件",))
        news = runtime.News(line, "notice", text, **more)

        def command(conn) -> None:
            about = None
            if case_no is not None:
                about = runtime.about_case(self.host, conn, cases.get(conn, case_no))
            runtime.tell(self.host, conn, APPLICANT.user, news, about, self.host.clock())

        self.host.write(command)

    def send(self, minutes: int = 2) -> None:
        """Let time pass and perform what is due."""
        self.world.clock.advance(timedelta(minutes=minutes))
        runtime.perform_due(self.host)

    def sms(self) -> list[str]:
        return [one["text"] for one in self.records.find("sent_messages", channel="sms")]

    def lines(self, actor=APPLICANT, **wanted) -> list[NewsView]:
        return runtime.list_news(self.host, actor, NewsFilter(**wanted))

    def job(self, what: str = "news") -> JobRow:
        """Return the newest message in the outbox: of news, or with a code."""
        with self.host.database.read() as conn:
            rows = jobs.listing(conn, states=("queued", "relayed", "done", "failed", "cancelled"))
        mine = [one for one in rows if one.effect_key.startswith(what)]
        return max(mine, key=lambda one: one.created_at)


@pytest.fixture(scope="session")
def provider():
    """The simulator on its own socket; gives its records, its exchange and its address."""
    records = Records()
    app = create_app(records)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield records, app.extensions["exchange"], f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def site(provider) -> Iterator[Site]:
    """A site on Monday, 2 March 2026, that tells by e-mail and text message."""
    records, exchange, url = provider
    exchange.forget()
    with (
        World(at("2026-03-02"), create_app, Records) as world,
        mail_host() as mail,
        open_departments(None, url) as departments,
    ):
        world.host.settings = replace(
            world.host.settings,
            message_channels="email,sms",
            public_url="https://apply.example.org",
            smtp_host="127.0.0.1",
            smtp_port=mail.port,
            smtp_security="none",
            smtp_sender="no-reply@example.org",
            smtp_timeout_s=5,
        )
        world.host.departments = departments
        world.deploy(Catalog([PACKAGES]).package("licence"))
        identity.put_department(
            world.host.database, SYSTEM, world.clock(), code="civil", name="民政局"
        )
        runtime.prepare_gates(world.host)
        yield Site(world, records, exchange, mail)


@pytest.fixture
def case_no(site) -> str:
    return site.apply()
