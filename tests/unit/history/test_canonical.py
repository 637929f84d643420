import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.history import canonical

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(-(10**9), 10**9),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_the_canonical_text_is_json_of_the_same_value(value):
    assert json.loads(canonical(value), parse_float=Decimal) == value


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_keys_does_not_matter(value):
    backwards = dict(reversed(value.items()))

    assert canonical(backwards) == canonical(value)


def test_keys_stand_in_the_order_of_their_utf_16_units():
    # RFC 8785 §3.2.3, its own example without the control character.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u00f6"]

    ordered = list(json.loads(canonical(dict.fromkeys(keys, 1))))

    assert ordered == ["\r", "1", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_only_what_must_be_escaped_is_escaped():
    text = '\u20ac$\u000f\nA\'B"\\\\"/'

    assert canonical(text) == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("1.50"), b"1.5"),
        (Decimal(100), b"100"),
        (Decimal("1E+3"), b"1000"),
        (Decimal("1E-7"), b"0.0000001"),
        (Decimal("-0.0"), b"0"),
        (Decimal("0.1234567890123456789012345678901234"), b"0.1234567890123456789012345678901234"),
        (10**30, b"1" + b"0" * 30),
        (True, b"true"),
    ],
)
def test_numbers_are_their_plain_digits(number, text):
    assert canonical(number) == text


@pytest.mark.parametrize("value", [object(), {1: 2}, {"a": {3}}, Decimal("NaN"), b"x"])
def test_what_is_not_json_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)
