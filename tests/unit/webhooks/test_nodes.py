"""Several nodes and dead ones: one receiver hears in order from one node at a time."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from onething import runtime
from onething.catalog import Catalog
from onething.db import Database
from onething.identity import SYSTEM
from onething.now import system_clock
from onething.settings import Settings
from onething.testing import databases
from onething.worker.deliveries import Deliveries
from unit.webhooks.conftest import PACKAGE, id_number

CASES = 25


@pytest.fixture
def nodes(postgresql, tmp_path) -> Iterator[list[runtime.Host]]:
    """Two nodes on one PostgreSQL database; receivers listen on this machine."""
    settings = Settings(
        data_dir=tmp_path, webhook_networks="127.0.0.0/8", webhook_http=True, retry_wait_s=0
    )
    with databases.copied(postgresql) as first:
        url = first.url.render_as_string(hide_password=False)
        with Database(url) as second:
            first.create()
            hosts = [
                runtime.open_host(settings, clock=system_clock, database=database)
                for database in (first, second)
            ]
            runtime.deploy(hosts[0], SYSTEM, Catalog([PACKAGE]).package("permit"))
            yield hosts


def start(host: runtime.Host, serial: int) -> None:
    person = {"name": "张三", "idNo": id_number(serial), "division": "370502"}
    answers = {"way": "check", "person": person}
    runtime.start_case(host, SYSTEM, "permit", answers)


def test_two_workers_tell_one_receiver_in_order_and_never_at_once(nodes, receiver):
    runtime.subscribe(nodes[0], SYSTEM, receiver.url)
    stop = threading.Event()

    def work(host) -> None:
        deliveries = Deliveries(host)
        while not stop.is_set():
            deliveries.round()
            time.sleep(0.001)
        deliveries.stop()

    def load(at: int) -> None:
        for number in range(CASES):
            start(nodes[at], at * 500 + number)

    threads = [threading.Thread(target=work, args=(one,)) for one in nodes]
    threads += [threading.Thread(target=load, args=(at,)) for at in (0, 1)]
    for one in threads:
        one.start()
    receiver.wait_for(lambda: len(receiver.calls) >= 2 * CASES)
    stop.set()
    for one in threads:
        one.join(30)

    feed = [one.id for one in runtime.view_feed(nodes[0], SYSTEM, limit=200).events]
    assert receiver.ids == feed
    assert receiver.most_at_once == 1


def test_subscription_of_a_dead_node_is_served_when_its_lease_has_run_out(site, receiver):
    site.subscribe(receiver.url)
    site.start()
    assert runtime.lease_subscription(site.host, "dead") is not None

    before = site.deliver("heir")
    site.world.clock.advance(timedelta(seconds=7))
    after = site.deliver("heir")

    assert (before, after) == (0, len(site.feed()))


def test_node_that_lost_its_lease_moves_nothing_on(site, receiver):
    name = site.subscribe(receiver.url).id
    site.start()
    slow = runtime.lease_subscription(site.host, "slow")
    site.world.clock.advance(timedelta(seconds=7))
    receiver.answer = lambda _handler, _call: 500
    site.deliver("heir")
    receiver.answer = lambda _handler, _call: 200

    runtime.deliver(site.host, runtime.sender(site.host), slow)

    assert site.view(name).failures == 1
    site.world.clock.advance(timedelta(seconds=10))
    site.deliver("heir")
    assert sorted(set(receiver.ids)) == sorted(site.feed())


def test_paused_subscription_ends_the_turn_that_runs(site, receiver):
    name = site.subscribe(receiver.url).id
    for _ in range(3):
        site.start()

    def pausing(_handler, _call) -> int:
        runtime.pause_subscription(site.host, SYSTEM, name, "moving house")
        return 200

    receiver.answer = pausing
    site.deliver()

    assert receiver.ids == site.feed()[:1]
    assert site.view(name).state == "paused"


def test_slow_receivers_keep_no_other_one_waiting(site, receiver, other_receiver):
    gate = threading.Event()
    other_receiver.answer = lambda _handler, _call: 200 if gate.wait(30) else 500
    for _ in range(3):
        site.subscribe(other_receiver.url)
    site.subscribe(receiver.url)
    site.start()
    deliveries = Deliveries(site.host)

    deliveries.round()
    receiver.wait_for(lambda: receiver.ids == site.feed())
    gate.set()
    deliveries.stop()

    assert receiver.ids == site.feed()
