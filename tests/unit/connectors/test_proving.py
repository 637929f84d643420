"""Calls that prove who calls, against the simulator in a process of its own."""

import pytest

from onething.errors import AnswerInvalid, ConnectorError, DepartmentUnavailable
from unit.connectors.conftest import GET, LIN, free_port

SECRET = "a secret of the test"


def hmac(url, more=""):
    return f"""
[departments.police]
url = "{url}"
authentication = "hmac"
[departments.police.hmac]
key_id = "city"
secret_file = "police.secret"
{more}
"""


def oauth(url, token_url=None):
    return f"""
[departments.police]
url = "{url}"
authentication = "oauth"
[departments.police.oauth]
token_url = "{token_url or f"{url}/_oauth/token"}"
client_id = "city"
secret_file = "police.secret"
"""


def door(city, way, **more):
    asked = {"way": way, "name": "city", "secret": SECRET} | more
    city.put("/_doors/police", json=asked).raise_for_status()


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_a_signed_call_is_let_in_and_its_signed_answer_taken(city, site, algorithm):
    door(city, "hmac", signed_answers=True, algorithm=algorithm)
    site.secret("police.secret")
    more = f'signed_answers = true\nalgorithm = "{algorithm}"'

    assert site.call(hmac(city.base_url, more))["name"] == "林晓彤"


def test_a_wrong_signature_is_kept_out(city, site):
    door(city, "hmac")
    site.secret("police.secret", "another secret here")

    with pytest.raises(AnswerInvalid, match="401"):
        site.call(hmac(city.base_url))


def test_a_request_that_is_sent_again_is_kept_out(city, site):
    door(city, "hmac")
    site.secret("police.secret")
    with site.open(hmac(city.base_url)) as departments:
        line = departments._http._lines["police"]
        request = line.client.build_request(
            "POST", f"{line.url}/police/household/get", json={"idNo": LIN}
        )
        line.authentication.sign(request)

        answers = [line.client.send(request).status_code for _time in range(2)]

    assert answers == [200, 401]


def test_an_unsigned_answer_is_not_taken_where_signed_ones_are_agreed(city, site):
    door(city, "hmac", signed_answers=False)
    site.secret("police.secret")

    with pytest.raises(AnswerInvalid, match="signed"):
        site.call(hmac(city.base_url, "signed_answers = true"))


def test_a_token_is_fetched_once_and_used_for_many_calls(city, site):
    door(city, "oauth")
    site.secret("police.secret")
    with site.open(oauth(city.base_url)) as departments:
        source = departments._http._lines["police"].authentication._source

        names = {departments.call(GET, {"idNo": LIN}, "k", "L1")["name"] for _ in range(3)}
        first = source.token()
        departments.call(GET, {"idNo": LIN}, "k", "L1")

        assert source.token() == first
    assert names == {"林晓彤"}


def test_a_token_that_was_withdrawn_is_replaced_within_the_call(city, site):
    door(city, "oauth")
    site.secret("police.secret")
    with site.open(oauth(city.base_url)) as departments:
        departments.call(GET, {"idNo": LIN}, "k", "L1")
        city.delete("/_oauth/tokens").raise_for_status()

        assert departments.call(GET, {"idNo": LIN}, "k", "L1")["name"] == "林晓彤"


def test_a_site_that_the_token_endpoint_does_not_know_gets_no_second_try(city, site):
    door(city, "oauth")
    site.secret("police.secret", "another secret here")

    with pytest.raises(ConnectorError, match="invalid_client") as refused:
        site.call(oauth(city.base_url))

    assert not isinstance(refused.value, DepartmentUnavailable)


def test_a_token_endpoint_that_is_down_makes_the_department_unavailable(city, site):
    site.secret("police.secret")
    nowhere = f"http://127.0.0.1:{free_port()}/token"

    with pytest.raises(DepartmentUnavailable, match="Connect"):
        site.call(oauth(city.base_url, nowhere))


def test_a_token_endpoint_that_answers_no_token_is_told(city, site):
    site.secret("police.secret")

    with pytest.raises(AnswerInvalid, match="no token"):
        site.call(oauth(city.base_url, f"{city.base_url}/_reset"))
