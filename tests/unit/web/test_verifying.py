import re
import tomllib

import pytest

from onething import documents

TEMPLATE = """
[slip]
title = "出游单"
prefix = "测游"
issuer = "综合窗口"
legal_basis = "为测试而设"
body = "准予出游。"
"""


@pytest.fixture
def slip(host, clock):
    """Issue one document."""
    template = documents.templates([tomllib.loads(TEMPLATE)])["slip"]
    now = clock()
    wanted = documents.Reservation("i1", "d1", template, now, now.astimezone(host.zone).date())
    return documents.issue(host.database.write, host.store, wanted, {}, host.environment(now))


def test_number_and_check_code_prove_a_document_to_anybody(browse, slip):
    query = {"number": slip.number, "code": slip.check_code.lower()}

    page = browse().get("/verify", query_string=query)

    assert page.status_code == 200
    assert "出游单" in page.text
    assert slip.sha256 in page.text


def test_a_wrong_check_code_proves_nothing(browse, slip):
    page = browse().get("/verify", query_string={"number": slip.number, "code": "0000"})

    assert page.status_code == 404
    assert "出游单" not in page.text


def test_a_number_that_was_never_issued_proves_nothing(browse):
    page = browse().get("/verify", query_string={"number": "没有", "code": "0000"})

    assert page.status_code == 404


def test_a_static_file_is_kept_for_a_year_under_the_name_of_its_content(browse):
    browser = browse()
    address = re.search(r'href="(/static/site\.css\?v=\w+)"', browser.get("/").text)[1]

    file = browser.get(address)

    assert "immutable" in file.headers["Cache-Control"]
