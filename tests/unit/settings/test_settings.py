import dataclasses
import stat
from pathlib import Path

import pytest

from onething.errors import SettingsError
from onething.settings import Settings, load, secret


def test_defaults_work_on_one_machine():
    settings = load({})

    assert settings.url == "sqlite:///data/onething.db"
    assert settings.checkpoints == Path("data/checkpoints.jsonl")
    assert settings.zone.key == "Asia/Shanghai"


def test_the_environment_comes_before_the_file(tmp_path):
    file = tmp_path / "site.toml"
    file.write_text('port = 9000\nhash_name = "sm3"\nservices = ["/srv/a", "/srv/b"]\n')

    settings = load({"ONETHING_PORT": "9100"}, file)

    assert (settings.port, settings.hash_name) == (9100, "sm3")
    assert settings.services == (Path("/srv/a"), Path("/srv/b"))


def test_the_environment_names_the_file(tmp_path):
    file = tmp_path / "site.toml"
    file.write_text("port = 9000\n")

    assert load({"ONETHING_SETTINGS": str(file)}).port == 9000


def test_several_folders_of_services_are_parted_by_colons():
    settings = load({"ONETHING_SERVICES": "/srv/a:/srv/b"})

    assert settings.services == (Path("/srv/a"), Path("/srv/b"))


@pytest.mark.parametrize(
    "env",
    [
        {"ONETHING_PORT": "eighty"},
        {"ONETHING_PORT": "-1"},
        {"ONETHING_DEMO": "perhaps"},
        {"ONETHING_TIMEZONE": "Mars/Olympus"},
        {"ONETHING_TIMEZONE": "../etc/passwd"},
        {"ONETHING_HASH_NAME": "md5"},
        {"ONETHING_SNAPSHOT_EVERY": "0"},
        {"ONETHING_DEMO": "1", "ONETHING_HOST": "0.0.0.0"},
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_product(env):
    with pytest.raises(SettingsError):
        load(env)


@pytest.mark.parametrize("content", ["prot = 9000\n", "port = \n", "\xff"])
def test_a_file_with_mistakes_stops_the_product(tmp_path, content):
    file = tmp_path / "site.toml"
    file.write_text(content, "latin-1")

    with pytest.raises(SettingsError, match=r"site\.toml"):
        load({}, file)


def test_a_file_that_is_missing_stops_the_product(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        load({}, tmp_path / "nothing.toml")


def test_every_setting_is_described_where_it_is_declared():
    lines = Path(load.__code__.co_filename).read_text("utf-8").splitlines()

    for one in dataclasses.fields(Settings):
        place = next(n for n, line in enumerate(lines) if line.startswith(f"    {one.name}: "))
        assert lines[place + 1].strip().startswith('"""'), one.name


def test_a_secret_is_drawn_once_and_kept_for_its_owner_alone(tmp_path):
    settings = Settings(data_dir=tmp_path / "data")

    first = secret(settings, "master")

    path = tmp_path / "data" / "master.key"
    assert len(first) == 32
    assert secret(settings, "master") == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["master.key"]


def test_secrets_differ_by_name(tmp_path):
    settings = Settings(data_dir=tmp_path)

    assert secret(settings, "master") != secret(settings, "checkpoint")


def test_a_secret_that_others_can_read_is_refused(tmp_path):
    settings = Settings(data_dir=tmp_path)
    secret(settings, "master")
    (tmp_path / "master.key").chmod(0o640)

    with pytest.raises(SettingsError, match="chmod 600"):
        secret(settings, "master")


@pytest.mark.parametrize("content", ["", "zz" * 32, "ab" * 31])
def test_a_damaged_secret_is_refused(tmp_path, content):
    path = tmp_path / "master.key"
    path.write_text(content)
    path.chmod(0o600)

    with pytest.raises(SettingsError):
        secret(Settings(data_dir=tmp_path), "master")


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({"public_url": "https://apply.example.org/"}, "https://apply.example.org/verify"),
        ({"public_url": "https://example.org/apply"}, "https://example.org/apply/verify"),
        ({"demo": True, "port": 8001}, "http://127.0.0.1:8001/verify"),
        ({"demo": True, "host": "::1"}, "http://[::1]:8000/verify"),
        ({}, ""),
    ],
)
def test_documents_are_checked_at_the_public_address(settings, address):
    assert Settings(**settings).verify_url == address


@pytest.mark.parametrize(
    "address",
    ["apply.example.org", "javascript:alert(1)", "https://", "https://a/?b=c", "http://a@b"],
)
def test_a_public_address_that_is_none_is_refused(address):
    with pytest.raises(SettingsError, match="public_url"):
        load({"ONETHING_PUBLIC_URL": address})
