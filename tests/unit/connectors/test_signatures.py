"""Signatures by a shared secret: whatever is changed on the way breaks them."""

import hashlib
import hmac
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.connectors import signatures
from onething.connectors.signatures import Message, Secret

NOW = 1_780_275_600
SECRET = Secret("city", b"a secret of the test")
MESSAGE = Message("POST", "/police/household/get", b'{"idNo":"1"}', "key-1")


def signed(secret=SECRET, message=MESSAGE, at=NOW):
    return signatures.sign_request(secret, message, timestamp=at, nonce="n1")


def accepted(header, secret=SECRET, message=MESSAGE, now=NOW):
    return signatures.is_request_signed(secret, header, message, now=now)


@pytest.mark.parametrize("algorithm", signatures.ALGORITHMS)
def test_what_was_signed_is_accepted_and_tells_its_nonce(algorithm):
    secret = replace(SECRET, algorithm=algorithm)

    found = accepted(signed(secret), secret)

    assert (found.key_id, found.nonce, found.timestamp) == ("city", "n1", NOW)


def test_the_signature_is_the_hmac_of_the_documented_lines():
    digest = hashlib.sha256(MESSAGE.body).hexdigest()
    lines = ["ONETHING-HMAC-SHA256", "POST", "/police/household/get", str(NOW), "n1", "key-1"]
    right = hmac.new(SECRET.value, "\n".join([*lines, digest]).encode(), "sha256").hexdigest()

    assert signed() == (
        f'ONETHING-HMAC-SHA256 key="city", timestamp="{NOW}", nonce="n1", signature="{right}"'
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "PUT"},
        {"target": "/police/household/get?x=1"},
        {"body": b'{"idNo":"2"}'},
        {"key": "key-2"},
    ],
)
def test_a_changed_request_is_not_accepted(changed):
    assert accepted(signed(), message=replace(MESSAGE, **changed)) is None


@pytest.mark.parametrize(
    "changed",
    [{"key_id": "other"}, {"value": b"another secret here"}, {"algorithm": "sm3"}],
)
def test_another_secret_does_not_accept(changed):
    assert accepted(signed(), secret=replace(SECRET, **changed)) is None


@pytest.mark.parametrize(("apart", "is_accepted"), [(300, True), (301, False), (-301, False)])
def test_a_signature_holds_within_its_window(apart, is_accepted):
    assert (accepted(signed(), now=NOW + apart) is not None) == is_accepted


def test_a_changed_timestamp_or_nonce_breaks_the_signature():
    header = signed()

    assert accepted(header.replace(str(NOW), str(NOW + 1))) is None
    assert accepted(header.replace('"n1"', '"n2"')) is None


@given(header=st.text(max_size=300) | st.just(signed() + "x") | st.just(signed().upper()))
def test_no_other_text_is_a_signature(header):
    assert accepted(header) is None


def test_an_answer_is_signed_for_its_request_alone():
    header = signatures.sign_answer(SECRET, 200, b"{}", timestamp=NOW, nonce="n1")

    def is_signed(status=200, body=b"{}", nonce="n1"):
        return signatures.is_answer_signed(SECRET, header, status, body, nonce=nonce, now=NOW)

    assert is_signed()
    assert not is_signed(status=404)
    assert not is_signed(body=b"{} ")
    assert not is_signed(nonce="n2")


def test_a_secret_never_shows_its_value():
    assert "secret of" not in repr(SECRET)
