import json
import sqlite3
from contextlib import closing

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


def test_another_key_than_the_database_was_sealed_with_fails(site, levels, tmp_path):
    (tmp_path / "data" / "master.key").write_text("ab" * 32)

    code, found = levels()

    assert (code, found["site"]) == (1, "fail")


def test_schema_of_a_newer_version_fails(site, levels, tmp_path):
    with closing(sqlite3.connect(tmp_path / "data" / "onething.db")) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
        conn.commit()

    code, found = levels()

    assert (code, found["schema"]) == (1, "fail")


def test_setting_that_makes_no_sense_fails(run, monkeypatch):
    monkeypatch.setenv("ONETHING_PORT", "eighty")

    code, out, _err = run("doctor", "--json")

    assert (code, json.loads(out)[0]["check"]) == (1, "settings")


def test_paused_subscription_is_a_warning(site, levels, run):
    added = run("subscriptions", "add", "https://police.example.org/hook", "--json")
    name = json.loads(added[1])["id"]
    run("subscriptions", "pause", name, "--reason", "they move house")

    assert levels()[1]["webhooks"] == "warn"


def test_files_that_nobody_scans_are_a_warning(site, levels):
    assert levels()[1]["scanner"] == "warn"


def test_scanner_that_does_not_answer_fails(site, levels, monkeypatch, tmp_path):
    monkeypatch.setenv("ONETHING_SCANNER", f"clamd:{tmp_path}/nothing.ctl")

    code, found = levels()

    assert (code, found["scanner"]) == (1, "fail")
