"""The departments file: what is wrong in it is told with file, department and key."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from onething.connectors import departments_file
from onething.errors import SettingsError

DAY = timedelta(days=1)
EXAMPLE = Path(__file__).parents[3] / "docs" / "operating" / "departments.example.toml"
HTTP = '[departments.police]\nurl = "https://police"\n'
HMAC = HTTP + 'authentication = "hmac"\n[departments.police.hmac]\n'
MTLS = HTTP + 'authentication = "mtls"\n[departments.police.mtls]\n'
OAUTH = HTTP + 'authentication = "oauth"\n[departments.police.oauth]\n'
FILES = '[departments.police]\nway = "file"\n[departments.police.files]\nfolder = "x"\n'
HOOK = HTTP + '[departments.police.hook]\nkey_id = "p"\nsecret_file = "good"\n'


def read(site, text):
    return departments_file.read(site.file(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "departments: none is named"),
        ("departments = 1", "departments: a table"),
        ("[departments.police]\n", "departments.police.url: a text"),
        ("[more]\n" + HTTP, "more: there is no such key"),
        ("[departments.Police]\nurl = 'http://x'", "small letters"),
        (HTTP + 'speed = "high"', "departments.police.speed: there is no such key"),
        ('[departments.police]\nurl = "ftp://x"', "departments.police.url: an http"),
        ('[departments.police]\nurl = "http://a:b@c/"', "departments.police.url: an http"),
        (HTTP + 'way = "pigeon"', "departments.police.way: one of http, file"),
        (HTTP + "timeout_s = -1", "departments.police.timeout_s: a whole number"),
        (HTTP + "timeout_s = true", "departments.police.timeout_s: a whole number"),
        (HTTP + 'ca_file = "none.pem"', "departments.police.ca_file: .*none.pem"),
        (HMAC, "departments.police.hmac.key_id: a text"),
        (HMAC + 'key_id = "a b"', "departments.police.hmac.key_id: letters"),
        (HMAC + 'key_id = "a"', "departments.police.hmac.secret_file: one of"),
        (HMAC + 'key_id = "a"\nsecret = "x"', "hmac.secret: .* never here"),
        (HMAC + 'key_id = "a"\nsecret_file = "none"', "hmac.secret_file: .*none cannot be read"),
        (HMAC + 'key_id = "a"\nsecret_file = "open"', "hmac.secret_file: .*readable by others"),
        (HMAC + 'key_id = "a"\nsecret_file = "short"', "hmac.secret_file: .*at least 16"),
        (HMAC + 'key_id = "a"\nsecret_env = "ONETHING_NONE"', "hmac.secret_env: ONETHING_NONE"),
        (HMAC + 'key_id = "a"\nsecret_file = "good"\nalgorithm = "md5"', "hmac.algorithm: one of"),
        (MTLS, "departments.police.mtls.certificate_file: a text"),
        (MTLS + 'certificate_file = "good"\nkey_file = "open"', "mtls.key_file: .*others"),
        (MTLS + 'certificate_file = "good"\nkey_file = "good"', "mtls.certificate_file: .*PEM"),
        (OAUTH + 'token_url = "http://t"\n', "oauth.token_url: a secret travels"),
        (FILES + 'format = "ods"', "departments.police.files.format: one of csv, xlsx"),
        (FILES + "batch_rows = 0", "departments.police.files.batch_rows: a whole number"),
        ('[departments."*"]\nway = "file"\n[departments."*".files]\nfolder = "x"', "belongs to"),
        (HOOK + "[[departments.police.hook.messages]]\nname = 'm'", "messages.0.payload: a table"),
        (
            HOOK + "[[departments.police.hook.messages]]\nname = 'm'\npayload = {a = 'nothing'}",
            "messages.0.payload: KeyError",
        ),
    ],
)
def test_what_is_wrong_is_named(site, text, told):
    site.secret("good")
    site.secret("open", mode=0o644)
    site.secret("short", "short")

    with pytest.raises(SettingsError, match=told) as wrong:
        read(site, text)

    assert "departments.toml" in wrong.value.message


def test_a_file_that_is_missing_or_no_toml_is_named(site):
    with pytest.raises(SettingsError, match=r"none\.toml cannot be read"):
        departments_file.read(site.folder / "none.toml")
    with pytest.raises(SettingsError, match=r"departments\.toml is not TOML"):
        read(site, "departments = ")


def test_a_secret_may_come_from_the_environment(site, monkeypatch):
    monkeypatch.setenv("POLICE_SECRET", "sixteen bytes or more")

    found = read(site, HMAC + 'key_id = "a"\nsecret_env = "POLICE_SECRET"')

    assert found["police"].hmac.secret.value == b"sixteen bytes or more"
    assert "sixteen" not in repr(found)


def test_a_key_that_belongs_to_another_certificate_is_refused(site, authority):
    one, _key = authority.issue("one")
    _pem, other = authority.issue("other")

    with pytest.raises(SettingsError, match=r"mtls\.certificate_file: .*no certificate with its"):
        read(site, MTLS + f'certificate_file = "{one}"\nkey_file = "{other}"')


def test_an_expired_own_certificate_does_not_keep_the_site_from_starting(site, authority):
    pem, key = authority.issue("gone", begins=-3 * DAY, ends=-DAY)

    found = read(site, MTLS + f'certificate_file = "{pem}"\nkey_file = "{key}"')

    assert found["police"].mtls.certificate_file == pem


def test_departments_that_are_not_named_are_reached_as_the_star_says(city, site):
    text = f'[departments."*"]\nurl = "{city.base_url}"\n[departments.fund]\nurl = "http://x"'

    assert site.call(text)["name"] == "林晓彤"


def test_the_example_of_the_documentation_is_read_whole(site, authority, monkeypatch):
    monkeypatch.setenv("FUND_SECRET", "a secret of the test")
    site.secret("police.secret")
    site.secret("police-hook.secret")
    site.secret("authority.pem", authority.file.read_text())
    for made, named in zip(authority.issue("city"), ("city.pem", "city.key"), strict=True):
        site.secret(named, made.read_text())

    found = read(site, EXAMPLE.read_text("utf-8"))

    assert [one.proof for one in found.values()] == ["none", "hmac", "mtls", "oauth", "none"]
    assert list(found["police"].hook.messages) == ["DeathReported"]
    assert found["veterans"].files.folder == site.folder / "veterans"


def test_every_key_of_the_example_is_explained():
    guide = EXAMPLE.with_name("connectors.md").read_text("utf-8")
    keys = re.findall(r"^(\w+) = ", EXAMPLE.read_text("utf-8"), re.MULTILINE)

    missing = [key for key in keys if f"`{key}`" not in guide and f".{key}`" not in guide]

    assert missing == []
