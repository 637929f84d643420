"""The description of the API names the paths that are served, and only those."""

import re

from onething import api, runtime
from onething.settings import Settings
from onething.testing import databases


def served(tmp_path) -> set[tuple[str, str]]:
    database = databases.throwaway()
    app = api.create_app(runtime.open_host(Settings(data_dir=tmp_path), database=database))
    return {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(api.PREFIX)), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith("api.") and rule.endpoint not in ("api.openapi", "api.unknown")
    }


def test_description_names_the_served_paths(tmp_path):
    document = api.description()

    named = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert named == served(tmp_path)


def test_every_operation_says_what_it_takes_and_answers():
    for path, methods in api.description()["paths"].items():
        names = set(re.findall(r"{(\w+)}", path))
        for operation in methods.values():
            given = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
            assert given == names
            assert operation["responses"]["default"]
            assert operation["summary"].endswith(".") or ":" in operation["summary"]
