import json

import pytest


@pytest.fixture
def levels(run):
    def examined() -> tuple[int, dict[str, str]]:
        code, out, _err = run("doctor", "--json")
        return code, {one["check"]: one["level"] for one in json.loads(out)}

    return examined


@pytest.fixture
def site(run):
    """A site on which one service is deployed."""
    assert run("deploy", "after-death")[0] == 0


def test_site_that_was_never_started_fails_and_is_not_made(levels, tmp_path):
    code, found = levels()

    assert (code, found["database"]) == (1, "fail")
    assert not (tmp_path / "data").exists()


def test_sound_site_passes(site, levels):
    _code, found = levels()

    assert {found[one] for one in ("schema", "services", "clock", "key master", "queues")} == {"ok"}


def test_departments_that_do_not_answer_are_a_warning(site, levels, monkeypatch):
    monkeypatch.setenv("ONETHING_DEPARTMENTS_URL", "http://127.0.0.1:1")

    assert levels()[1]["departments"] == "warn"


def test_key_that_others_can_read_fails(site, levels, tmp_path):
    (tmp_path / "data" / "master.key").chmod(0o644)

    code, found = levels()

    assert (code, found["key master"]) == (1, "fail")


def test_lost_key_fails_and_none_is_drawn(site, levels, tmp_path):
    key = tmp_path / "data" / "master.key"
    key.unlink()

    code, found = levels()

    assert (code, found["key master"]) == (1, "fail")
    assert not key.exists()


def test_table_says_what_to_do(run):
    code, out, _err = run("doctor")

    assert code == 1
    assert "start the site once, or set database_url" in out
