"""Whatever fits a contract is answered or refused by name: no department breaks."""

import itertools

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onething.connectors import operations
from onething.feel.json import canonical, parse
from onething.simulator import Records, create_app, load_seed

RECORDS = Records()
load_seed(RECORDS)
HTTP = httpx.Client(transport=httpx.WSGITransport(create_app(RECORDS)), base_url="http://simulator")
ID_NUMBERS = sorted(person["idNo"] for person in RECORDS.find("people"))
BY_PATTERN = {
    "^[0-9A-Z]{6,20}$": st.sampled_from(ID_NUMBERS) | st.just("000000"),
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": st.sampled_from(["2026-06-01", "0001-01-01", "9999-12-31"]),
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}": st.sampled_from(
        ["2026-06-01T09:00", "2026-06-01T09:00Zebra", "9999-99-99T99:99", "2026-06-01T09:00+08:00"]
    ),
    "^1[3-9][0-9]{9}$": st.sampled_from(["13812345678", "13900000000"]),
    "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,189}$": st.just("a.b@example.org"),
    "^[0-9]{6}([0-9]{3}){0,2}$": st.sampled_from(["370502", "370502001", "370502001002"]),
}
KEYS = itertools.count()
KNOWN_WORDS = st.sampled_from(
    ["样例银行东营分行", "结婚证", "离婚证", "高龄津贴", "J370502-2012-900003", "RY2022-9001"]
)


def values(schema):
    """A strategy for values that fit a contract's schema."""
    if "anyOf" in schema:
        return st.one_of(*[values(part) for part in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "object":
        return st.fixed_dictionaries(
            {name: values(part) for name, part in schema["properties"].items()}
        )
    if schema["type"] == "array":
        return st.lists(values(schema["items"]), max_size=3)
    if schema["type"] == "string":
        text = st.text(min_size=schema.get("minLength", 0), max_size=schema.get("maxLength", 50))
        return BY_PATTERN.get(schema.get("pattern"), KNOWN_WORDS | text)
    return {
        "null": st.none(),
        "boolean": st.booleans(),
        "integer": st.integers(0, 10),
        "number": st.integers(1, 100) | st.decimals(1, 100, places=2),
    }[schema["type"]]


@pytest.mark.parametrize("operation_id", sorted(operations()))
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_request_that_fits_its_contract_gets_an_answer_that_fits_too(operation_id, data):
    operation = operations()[operation_id]
    body = data.draw(values(operation.inputs))

    answer = HTTP.post(
        f"/{operation.department}{operation.path}",
        content=canonical(body),
        headers={"Idempotency-Key": f"key-{next(KEYS)}"},
    )

    assert answer.status_code in {200, 404, 409, 410}, answer.text
    told = parse(answer.content)
    if answer.status_code == 200:
        assert operation.answer_check.is_valid(told), told
    else:
        assert told["code"] in {"NO_RECORD", "CONFLICT", "REVOKED"}
