"""The list of the accessibility tests is whole: every address is a page of it, or says why not."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from e2e.pages import NO_PAGES, ON_THE_WAY, PAGES
from onething.web.views import BLUEPRINTS

TESTS = Path(__file__).parents[2] / "e2e"


@pytest.fixture(scope="module")
def addresses() -> Flask:
    """All areas with their addresses, and nothing behind them."""
    app = Flask("addresses", static_folder=None)
    for area in BLUEPRINTS:
        app.register_blueprint(area)
    return app


@pytest.fixture(scope="module")
def answering(addresses) -> set[str]:
    """Return every endpoint that a browser can open."""
    return {rule.endpoint for rule in addresses.url_map.iter_rules() if "GET" in rule.methods}


@pytest.fixture(scope="module")
def toured(addresses) -> set[str]:
    """Return the endpoints of the pages that are visited account by account."""
    where = addresses.url_map.bind("localhost")
    found = set()
    for path in {one.partition("?")[0] for paths in PAGES.values() for one in paths}:
        try:
            endpoint, _ = where.match(path.format(case_no="X"))
        except NotFound:
            assert path == "/nowhere", f"there is no {path}"
        else:
            found.add(endpoint)
    return found


def test_every_address_is_a_page_that_is_looked_at_or_says_why_not(answering, toured):
    forgotten = answering - toured - ON_THE_WAY.keys() - NO_PAGES.keys()

    assert forgotten == set()


def test_each_address_stands_in_one_list_and_exists(answering, toured):
    lists = [toured, set(ON_THE_WAY), set(NO_PAGES)]

    assert set().union(*lists) <= answering
    assert sum(map(len, lists)) == len(set().union(*lists))


def test_the_tests_that_come_by_the_others_are_there():
    missing = {name for name in ON_THE_WAY.values() if not (TESTS / name).is_file()}

    assert missing == set()
