"""What doctor says of the ways to departments."""

import json
import socket
from datetime import timedelta

import pytest

from unit.connectors.authority import Authority

DAY = timedelta(days=1)


@pytest.fixture
def findings(run, tmp_path, monkeypatch):
    """Examine a departments file of this text; return code and findings of departments."""

    def examined(text):
        file = tmp_path / "departments.toml"
        file.write_text(text)
        monkeypatch.setenv("ONETHING_DEPARTMENTS_FILE", str(file))
        code, out, _err = run("doctor", "--json")
        found = {one["check"]: one for one in json.loads(out)}
        return code, {name: one for name, one in found.items() if name.startswith("department")}

    return examined


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "authority")


def test_a_file_that_is_wrong_fails_and_names_the_key(findings):
    code, found = findings('[departments.police]\nurl = "x"')

    assert code == 1
    assert found["departments"]["level"] == "fail"
    assert "departments.police.url" in found["departments"]["found"]


def test_a_secret_that_others_can_read_fails(findings, tmp_path):
    (tmp_path / "secret").write_text("a secret of the test")
    (tmp_path / "secret").chmod(0o644)
    text = '[departments.police]\nurl = "http://127.0.0.1:1"\nauthentication = "hmac"\n'

    _code, found = findings(
        text + '[departments.police.hmac]\nkey_id = "a"\nsecret_file = "secret"'
    )

    assert "readable by others" in found["departments"]["found"]


def test_a_department_that_does_not_answer_is_a_warning_in_bounded_time(findings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    _code, found = findings(f'[departments.police]\nurl = "http://127.0.0.1:{port}"')

    assert found["department police"]["level"] == "warn"
    assert "Connect" in found["department police"]["found"]


@pytest.mark.parametrize(
    ("ends", "level", "told"),
    [(90 * DAY, "ok", "days left"), (20 * DAY, "warn", "19 days left"), (-DAY, "fail", "expired")],
)
def test_the_days_of_an_own_certificate_are_counted(findings, authority, ends, level, told):
    pem, key = authority.issue("city", begins=-100 * DAY, ends=ends)

    _code, found = findings(
        '[departments.police]\nurl = "https://127.0.0.1:1"\nauthentication = "mtls"\n'
        f'[departments.police.mtls]\ncertificate_file = "{pem}"\nkey_file = "{key}"'
    )

    own = found["department police: own certificate"]
    assert (own["level"], told in own["found"]) == (level, True)


def folder(tmp_path, *parts):
    for part in parts:
        (tmp_path / "veterans" / part).mkdir(parents=True)
    return '[departments.veterans]\nway = "file"\n[departments.veterans.files]\nfolder = "veterans"'


def test_an_exchange_folder_that_is_not_mounted_fails(findings, tmp_path):
    code, found = findings(folder(tmp_path, "out"))

    assert (code, found["department veterans"]["level"]) == (1, "fail")
    assert "in cannot be written" in found["department veterans"]["found"]


def test_rows_that_were_given_back_are_a_warning(findings, tmp_path):
    text = folder(tmp_path, "out", "in", "errors")
    assert findings(text)[1]["department veterans"]["level"] == "ok"
    (tmp_path / "veterans" / "errors" / "answers.csv").write_text("key")

    _code, found = findings(text)

    assert found["department veterans"]["level"] == "warn"
