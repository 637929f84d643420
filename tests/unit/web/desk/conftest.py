"""A node with one case in the middle of its way, and browsers signed in as its people."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from onething import main, simulator
from onething.catalog import Catalog
from onething.cli.demo import seed
from onething.runtime import Host
from onething.testing import player, scenario
from onething.testing.world import World

ROOT = Path(__file__).parents[4]
SCENARIO = ROOT / "bpmn/after-death/scenarios/village-officer-files-for-the-family.toml"
PASSWORD = "onething-demo-2026"
STEPS = 4
"""So many steps of the scenario are played: the cremation is arranged, not yet recorded."""

SignIn = Callable[[str], FlaskClient]


@dataclass(frozen=True)
class Story:
    """A node and the case that was begun on it."""

    host: Host
    case_no: str


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    """Begin a case after a death; the pension office's system refuses every call."""
    written = scenario.read(SCENARIO)
    with World(written.now, simulator.create_app, simulator.Records) as world:
        world.deploy(Catalog(()).package("after-death"))
        world.host.settings = replace(
            world.host.settings,
            undo_seconds=0,
            sign_in_per_minute=1_000,
            public_url="https://apply.example.org",
        )
        seed(world.host)
        world.give({"fault": "hr", "mode": "revoked"})
        begun = replace(written, steps=written.steps[:STEPS], expect=[])
        run = player.Run(world, begun, player.Played(begun))
        run.run()
        assert run.played.is_green, run.played.failures
        yield Story(world.host, run.case_no)


@pytest.fixture(scope="module")
def host(story: Story) -> Host:
    """Return the node."""
    return story.host


@pytest.fixture(scope="module")
def case_no(story: Story) -> str:
    """Return the case's number."""
    return story.case_no


@pytest.fixture(scope="module")
def app(host: Host) -> Flask:
    """Return the pages; tokens of forms are another test's matter."""
    app = main.create_app(host)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False)
    return app


@pytest.fixture(scope="module")
def sign_in(app: Flask) -> SignIn:
    """Return browsers that are signed in, one a person."""
    known: dict[str, FlaskClient] = {}

    def browser(user: str) -> FlaskClient:
        if user not in known:
            known[user] = app.test_client()
            answer = known[user].post("/sign-in", data={"user": user, "password": PASSWORD})
            assert answer.status_code == 302
        return known[user]

    return browser
