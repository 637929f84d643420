import gzip
import json
import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from decimal import Decimal
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.connectors import HttpConnector, operations
from onething.errors import (
    AnswerInvalid,
    ConnectorError,
    DepartmentRefused,
    DepartmentUnavailable,
    InvalidInput,
)

GET_FUND = operations()["fund.housing.get"]
GET_HOUSEHOLD = operations()["police.household.get"]
ID_NO = "370502199605189913"


def connector(answer):
    """A connector whose department is the given function of the request."""
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return HttpConnector({"*": "http://department/api/"}, client)


def answering(status=200, **content):
    return connector(lambda _: httpx.Response(status, json=content))


def call(subject, operation=GET_FUND, **inputs):
    return subject.call(operation, inputs or {"idNo": ID_NO}, "key-1", "L3705", "测试")


def test_the_request_carries_the_declared_inputs_and_its_terms():
    seen = []

    def department(request):
        seen.append(request)
        return httpx.Response(200, json={"balance": 1})

    call(connector(department), idNo=ID_NO)

    (request,) = seen
    assert str(request.url) == "http://department/api/fund/housing/get"
    assert json.loads(request.content) == {"idNo": ID_NO}
    assert request.headers["Idempotency-Key"] == "key-1"
    assert request.headers["X-Case-Number"] == "L3705"
    assert unquote(request.headers["X-Purpose"]) == "测试"
    assert "住房公积金管理条例" in unquote(request.headers["X-Legal-Basis"])


def test_without_a_purpose_that_of_the_contract_is_sent():
    seen = []

    def department(request):
        seen.append(unquote(request.headers["X-Purpose"]))
        return httpx.Response(200, json={"balance": 1})

    connector(department).call(GET_FUND, {"idNo": ID_NO}, "k", "c")

    assert seen == [GET_FUND.purpose]


def test_amounts_arrive_as_exact_decimals():
    subject = connector(lambda _: httpx.Response(200, content=b'{"balance": 86500.10}'))

    assert call(subject) == {"balance": Decimal("86500.10")}


def test_fields_outside_the_contract_are_dropped_from_the_answer():
    assert call(answering(balance=5, mother="x")) == {"balance": 5}


@pytest.mark.parametrize(
    "inputs", [{"idNo": ID_NO, "diagnosis": "x"}, {"name": "x"}, {"idNo": 5}, {"idNo": "x y"}]
)
def test_inputs_outside_the_contract_never_leave(inputs):
    seen = []

    with pytest.raises(InvalidInput, match=r"fund\.housing\.get"):
        connector(seen.append).call(GET_FUND, inputs, "k", "c")

    assert seen == []


def test_the_message_about_inputs_does_not_repeat_their_values():
    with pytest.raises(InvalidInput) as refused:
        call(answering(), idNo="secret value")

    assert "secret" not in str(refused.value)
    assert refused.value.fields == {"idNo": "breaks pattern"}


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "2026-6-1", "20260601", ""])
def test_a_date_that_does_not_exist_never_leaves(day):
    cancel = operations()["police.household.cancel"]

    with pytest.raises(InvalidInput, match="diedOn"):
        answering().call(cancel, {"idNo": ID_NO, "diedOn": day}, "k", "c")


def test_an_optional_input_without_value_is_left_out():
    sent = []

    def department(request):
        sent.append(json.loads(request.content))
        return httpx.Response(200, json={"receiptNo": "R", "movedOn": "2026-06-01"})

    move = operations()["police.household.move"]
    asked = {"idNo": ID_NO, "toDivision": "370502", "toAddress": "路1号", "hostIdNo": None}
    connector(department).call(move, asked, "k", "c")

    assert "hostIdNo" not in sent[0]


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "NO_RECORD"), (409, "CONFLICT"), (410, "REVOKED")]
)
def test_a_refusal_tells_its_reason(status, reason):
    with pytest.raises(DepartmentRefused, match="查无此人") as refused:
        call(answering(status, code=reason, message="查无此人"))

    assert refused.value.reason == reason


def test_a_stray_404_is_not_taken_for_no_record():
    with pytest.raises(AnswerInvalid, match="404"):
        call(answering(404, error="no such page"))
    with pytest.raises(AnswerInvalid, match="404"):
        call(connector(lambda _: httpx.Response(404, text="<html>")))


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_a_failing_department_is_unavailable(status):
    with pytest.raises(DepartmentUnavailable, match=str(status)):
        call(answering(status))


def test_a_redirect_is_not_followed():
    with pytest.raises(AnswerInvalid):
        call(connector(lambda _: httpx.Response(307, headers={"Location": "http://evil/"})))


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b"",
        b"[]",
        b"{}",
        b'{"balance": "5"}',
        b'{"balance": -1}',
        b'{"balance": NaN}',
        b'{"balance": 0e-999999999}',
        b'{"balance": 1e-999999999}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_an_answer_that_breaks_its_contract_is_refused(content):
    with pytest.raises(AnswerInvalid, match=r"fund\.housing\.get"):
        call(connector(lambda _: httpx.Response(200, content=content)))


def test_an_endless_answer_is_cut_off():
    def endless():
        while True:
            yield b" " * 65536

    with pytest.raises(AnswerInvalid, match="longer"):
        call(connector(lambda _: httpx.Response(200, content=endless())))


def test_a_packed_answer_is_refused():
    packed = gzip.compress(b'{"balance": 1}')

    def department(_):
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Bytes(packed))

    with pytest.raises(AnswerInvalid, match="packed"):
        call(connector(department))


class Bytes(httpx.SyncByteStream):
    """A response's bytes as they come over the wire."""

    def __init__(self, content):
        self.content = content

    def __iter__(self):
        yield self.content


def test_a_department_without_address_is_named():
    subject = HttpConnector({"police": "http://police"}, httpx.Client())

    with pytest.raises(ConnectorError, match="fund"):
        call(subject)


@contextmanager
def listening(serve):
    """A real socket on which each connection is given to ``serve``."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    serve(connection)

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def over_socket(address, timeout_s):
    with httpx.Client() as client:
        quick = replace(GET_FUND, timeout_s=timeout_s)
        return call(HttpConnector({"*": address}, client), quick)


def test_a_department_that_says_nothing_is_unavailable_in_time():
    enough = threading.Event()

    with listening(lambda _: enough.wait(5)) as address:
        with pytest.raises(DepartmentUnavailable, match="Timeout"):
            over_socket(address, timeout_s=0.1)
        enough.set()


def test_an_answer_in_drops_is_cut_off_in_time():
    stop = threading.Event()

    def drop_by_drop(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not stop.wait(0.02):
            try:
                connection.sendall(b" ")
            except OSError:
                return

    with listening(drop_by_drop) as address:
        with pytest.raises(DepartmentUnavailable, match="in time"):
            over_socket(address, timeout_s=0.2)
        stop.set()


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_a_header_in_drops_is_cut_off_in_time(start):
    stop = threading.Event()

    def drop_by_drop(connection):
        connection.recv(65536)
        connection.sendall(start)
        while not stop.wait(0.02):
            try:
                connection.sendall(b"X")
            except OSError:
                return

    with listening(drop_by_drop) as address:
        began = time.monotonic()
        with pytest.raises(DepartmentUnavailable, match="in time"):
            over_socket(address, timeout_s=0.3)
        stop.set()

    assert time.monotonic() - began < 3


def test_a_department_that_hangs_up_is_unavailable():
    hangs_up = listening(lambda connection: connection.recv(10))

    with hangs_up as address, pytest.raises(DepartmentUnavailable):
        over_socket(address, timeout_s=2)


def test_a_second_answer_to_one_call_is_never_taken_for_that_to_the_next():
    balances = iter((1, 2))

    def answer_twice(connection):
        with suppress(OSError):
            while data := connection.recv(65536):
                if not data.endswith(b"}"):
                    continue  # the body comes in a segment of its own
                content = json.dumps({"balance": next(balances)}).encode()
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n"
                connection.sendall((head.encode() + content) * 2)

    with listening(answer_twice) as address, httpx.Client() as client:
        subject = HttpConnector({"*": address}, client)
        answers = [call(subject) for _ in range(2)]

    assert answers == [{"balance": 1}, {"balance": 2}]


def test_a_closed_port_is_unavailable():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(DepartmentUnavailable, match="Connect"):
        over_socket(f"http://127.0.0.1:{port}", timeout_s=2)


@given(status=st.integers(200, 599), content=st.binary(max_size=200))
def test_whatever_a_department_answers_only_a_connector_error_comes_of_it(status, content):
    with pytest.raises(ConnectorError):
        call(connector(lambda _: httpx.Response(status, content=content)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=9) | st.just("members"), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(answer=st.dictionaries(st.sampled_from([*GET_HOUSEHOLD.answer["properties"], "more"]), JSON))
def test_an_answer_is_taken_whole_as_declared_or_not_at_all(answer):
    try:
        taken = call(answering(**answer), GET_HOUSEHOLD, idNo=ID_NO)
    except AnswerInvalid:
        return

    assert GET_HOUSEHOLD.answer_check.is_valid(taken)
