"""Places on a diagram are said in words: a gateway that waits has no name of its own."""

import pytest
from flask import session

from onething.catalog import Catalog, shipped_root
from onething.definitions import Definition
from onething.runtime import Place
from onething.web.drawings import node_names


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "等待“冷静期届满、一方要求撤回”"),
        ("en", "waiting for “Cooling-off period over, One party asks to withdraw”"),
    ],
)
def test_a_gateway_that_waits_says_for_what(app, language, told):
    divorce = Definition(Catalog([shipped_root()]).package("marriage-divorce"))

    with app.test_request_context():
        session["language"] = language
        names = node_names(divorce)

    assert names[Place("marriage-divorce", "await-cooling-end")] == told
