"""Events that receivers are told of: in order, again until received, never left out silently."""

import re
import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from onething import identity, runtime
from onething.errors import Conflict, InvalidInput, NotAllowed
from onething.identity import SYSTEM
from onething.subscriptions.models import subscription
from unit.runtime.node import CLERK, OPERATOR

GUIDE = Path(__file__).parents[3] / "docs" / "operating" / "webhooks.md"


def is_genuine():
    """Return the function that receivers are told to copy."""
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    space: dict = {}
    exec(code, space)  # noqa: S102 - our own documentation
    return space["is_genuine"]


def test_receiver_is_told_what_the_feed_says_in_its_order(site, receiver):
    site.subscribe(receiver.url)
    for _ in range(3):
        site.start()

    assert site.deliver() == len(site.feed()) > 0
    assert receiver.ids == site.feed()
    assert site.deliver() == 0


@pytest.mark.parametrize("is_killed", [False, True])
def test_a_clock_that_is_set_back_holds_no_delivery_up(site, receiver, is_killed):
    site.subscribe(receiver.url)
    site.start()
    site.deliver()
    site.start()
    if is_killed:
        assert runtime.lease_subscription(site.host, "killed") is not None
    earlier = site.host.clock() - timedelta(hours=1)

    site.host.clock = lambda: earlier
    site.deliver()

    assert receiver.ids == site.feed()


def test_call_is_signed_as_the_documentation_checks_it(site, receiver):
    made = site.subscribe(receiver.url)
    site.start()
    site.deliver()
    (call, *_rest) = receiver.calls
    headers, genuine = call.headers, is_genuine()
    long = 10**10  # the node's clock is not the machine's

    assert genuine(headers, call.body, made.secret, long)
    assert headers["webhook-id"] == call.event["id"]
    assert not genuine(headers, call.body + b" ", made.secret, long)
    assert not genuine(headers | {"webhook-id": "another"}, call.body, made.secret, long)
    assert not genuine(headers | {"webhook-timestamp": "1"}, call.body, made.secret, long)
    assert not genuine(headers, call.body, made.secret, 1)


def test_both_secrets_sign_until_the_old_one_is_over(site, receiver):
    old = site.subscribe(receiver.url)
    new = runtime.rotate_secret(site.host, SYSTEM, old.id, hours=2)
    genuine, long = is_genuine(), 10**10
    site.start()
    site.deliver()
    during = receiver.calls[-1]
    site.world.clock.advance(timedelta(hours=2))
    site.start()
    site.deliver()
    after = receiver.calls[-1]

    def by(call) -> list[bool]:
        return [genuine(call.headers, call.body, one.secret, long) for one in (old, new)]

    assert (by(during), by(after)) == ([True, True], [False, True])


def test_event_that_was_not_received_is_sent_again_under_its_id(site, receiver):
    name = site.subscribe(receiver.url).id
    site.start()
    receiver.answer = lambda _handler, _call: 503

    assert (site.deliver(), site.deliver()) == (0, 0)
    receiver.answer = lambda _handler, _call: 200
    before = site.view(name)
    site.world.clock.advance(timedelta(seconds=10))
    assert site.deliver() == len(site.feed())
    assert receiver.ids == [site.feed()[0], *site.feed()]
    assert (before.failures, before.reason) == (1, "answered 503")
    assert site.view(name).failures == 0


def test_waits_grow_to_a_quarter_of_an_hour_and_a_day_of_silence_pauses(site, receiver):
    name = site.subscribe(receiver.url).id
    site.start()
    receiver.answer = lambda _handler, _call: 500
    waits = []
    while site.view(name).state == "active":
        site.deliver()
        found = site.view(name)
        waits.append((found.due_at - site.host.clock()).total_seconds())
        site.world.clock.move_to(found.due_at)

    assert waits[:8] == [10, 20, 40, 80, 160, 320, 640, 900]
    assert set(waits[8:]) == {900}
    assert site.view(name).reason == "answered 500; not received for 24 hours"
    assert ("GaveUp", {"event": site.feed()[0], "reason": site.view(name).reason}) in site.changes(
        name
    )


def damage(site, name: str, column: str) -> None:
    """Put another value in the place of a sealed secret."""
    values = {column: b"what no key opens", "old_until": site.host.clock() + timedelta(days=1)}
    of_one = subscription.c.subscription_id == name
    site.host.write(lambda conn: conn.execute(update(subscription).where(of_one).values(values)))


def test_a_subscription_whose_secret_does_not_open_waits_for_a_new_one(site, receiver):
    name = site.subscribe(receiver.url).id
    site.start()
    damage(site, name, "secret")

    assert site.deliver() == 0
    assert (site.view(name).state, site.view(name).reason) == ("paused", runtime.UNSIGNED)
    assert ("GaveUp", {"reason": runtime.UNSIGNED}) in site.changes(name)

    runtime.rotate_secret(site.host, SYSTEM, name)
    runtime.resume_subscription(site.host, SYSTEM, name)
    site.world.clock.advance(timedelta(seconds=10))
    assert site.deliver() == len(site.feed())


def test_an_old_secret_that_does_not_open_is_left_out(site, receiver):
    name = site.subscribe(receiver.url).id
    site.start()
    damage(site, name, "old_secret")

    assert site.deliver() == len(site.feed())


def test_event_that_is_refused_five_times_pauses_until_an_operator_skips_it(site, receiver):
    name = site.subscribe(receiver.url).id
    site.start()
    site.start()
    first, *others = site.feed()
    receiver.answer = lambda _handler, call: 422 if call.event["id"] == first else 200
    for _ in range(7):
        site.deliver()
        site.world.clock.advance(timedelta(minutes=15))
    paused, heard = site.view(name), len(receiver.calls)

    with pytest.raises(InvalidInput):
        runtime.resume_subscription(site.host, OPERATOR, name, skip=True)
    runtime.resume_subscription(site.host, OPERATOR, name, skip=True, reason="told by phone")
    site.deliver()

    assert (paused.state, paused.reason) == ("paused", "answered 422 5 times")
    assert receiver.ids[:heard] == [first] * 5
    assert receiver.ids[heard:] == others
    assert ("EventSkipped", {"event": first, "reason": "told by phone"}) in site.changes(name)


def test_resumed_subscription_begins_with_the_event_that_was_refused(site, receiver):
    name = site.subscribe(receiver.url).id
    site.start()
    receiver.answer = lambda _handler, _call: 410
    site.deliver()
    paused = site.view(name).state
    receiver.answer = lambda _handler, _call: 200

    runtime.resume_subscription(site.host, SYSTEM, name)
    site.deliver()

    assert paused == "paused"
    assert receiver.ids == [site.feed()[0], *site.feed()]


def test_nothing_is_skipped_where_nothing_failed(site, receiver):
    name = site.subscribe(receiver.url).id

    with pytest.raises(Conflict):
        runtime.resume_subscription(site.host, OPERATOR, name, skip=True, reason="why not")


def test_receiver_that_is_down_keeps_no_other_one_waiting(site, receiver):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        down = site.subscribe(f"http://127.0.0.1:{nobody.getsockname()[1]}/").id
        site.subscribe(receiver.url)
        site.start()
        site.deliver()

    assert receiver.ids == site.feed()
    assert site.view(down).failures == 1


@pytest.mark.parametrize("part", ["status line", "headers", "silence"])
def test_answer_in_drops_ends_in_time(site, receiver, part):
    name = site.subscribe(receiver.url).id
    site.start()
    begin = {"status line": b"", "headers": b"HTTP/1.1 200 OK\r\nX: ", "silence": b""}[part]

    def drip(handler, _call) -> int:
        handler.wfile.write(begin)
        while part != "silence":
            try:
                handler.wfile.write(b"a")
                handler.wfile.flush()
            except OSError:
                break
            time.sleep(0.05)
        time.sleep(1.5 if part == "silence" else 0)
        handler.close_connection = True
        return 0

    receiver.answer = drip
    began = time.monotonic()
    site.deliver()

    assert time.monotonic() - began < 5
    assert site.view(name).failures == 1


def test_endless_answer_behind_a_2xx_is_received_and_not_read(site, receiver):
    name = site.subscribe(receiver.url).id
    site.start()
    sent = []

    def flood(handler, _call) -> int:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n")
        try:
            while True:
                sent.append(handler.wfile.write(b"x" * 65536))
        except OSError:
            handler.close_connection = True
        return 0

    receiver.answer = flood
    site.deliver()

    assert receiver.ids == site.feed()
    assert sum(sent) < 64 * 1024 * 1024
    assert site.view(name).failures == 0


def test_redirect_is_not_followed(site, receiver, other_receiver):
    name = site.subscribe(receiver.url).id
    site.start()

    def elsewhere(handler, _call) -> int:
        handler.send_response(307)
        handler.send_header("Location", other_receiver.url)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return 0

    receiver.answer = elsewhere
    site.deliver()

    assert other_receiver.calls == []
    assert site.view(name).reason == "answered 307"


def test_department_hears_of_its_cases_alone(site, receiver, other_receiver):
    for code in ("police", "taxes"):
        identity.put_department(site.host.database, SYSTEM, site.host.clock(), code=code, name=code)
    site.subscribe(receiver.url, department="police")
    site.subscribe(other_receiver.url, department="taxes")
    site.start()
    site.deliver()

    assert receiver.ids == [one.id for one in runtime.view_feed(site.host, CLERK, limit=200).events]
    assert receiver.ids
    assert other_receiver.calls == []


def test_types_narrow_what_is_told(site, receiver):
    site.subscribe(receiver.url, types=["申报"])
    site.start()
    site.deliver()

    assert set(receiver.types) == {"申报"}


def test_bodies_name_no_person(site, receiver):
    site.subscribe(receiver.url)
    site.start()
    site.deliver()
    told = b"".join(call.body for call in receiver.calls).decode()

    assert "张三" not in told
    assert "3705021985" not in told
    assert "zhang" not in told


def test_subscriptions_are_made_by_administrators_alone(site, receiver):
    for actor in (CLERK, OPERATOR):
        with pytest.raises(NotAllowed):
            runtime.subscribe(site.host, actor, receiver.url)


def test_secret_is_neither_listed_nor_stored_in_the_open(site, receiver):
    made = site.subscribe(receiver.url)
    with site.host.database.read() as conn:
        rows = str(conn.exec_driver_sql("SELECT * FROM event_subscription").all())

    assert made.secret not in rows
    assert made.secret not in repr(made) + repr(site.view(made.id))


def test_secrets_are_new_each_time(site, receiver):
    assert site.subscribe(receiver.url).secret != site.subscribe(receiver.url).secret
