"""Starts that are refused: one line that says what to do, an exit code, nothing changed."""

import os
import resource
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from onething import runtime
from onething.catalog import Catalog
from onething.cli.node import node, sole_node
from onething.db import Database
from onething.identity import SYSTEM
from onething.now import FakeClock
from onething.settings import Settings, load
from onething.testing import postgres
from unit.runtime.node import ID_NO

PACKAGE = Path(__file__).parents[1] / "runtime" / "package"
OTHER_KEY = "ab" * 32
REFUSED, DELAYED, UNAVAILABLE = 78, 75, 69


@pytest.fixture
def data(tmp_path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def refused(run):
    """Run a command that must be refused in one line; return exit code and the line."""

    def command(*words: str) -> tuple[int, str]:
        code, out, err = run(*(words or ("tasks",)))
        assert out == ""
        assert err.count("\n") == 1, err
        return code, err

    return command


@pytest.fixture
def begun(run, data):
    """A site that was started once."""
    assert run("tasks")[0] == 0


def open_case(data: Path, at: datetime) -> None:
    """Open a case in the site's database at an instant."""
    with Database(f"sqlite:///{data / 'onething.db'}") as database:
        host = runtime.open_host(Settings(data_dir=data), clock=FakeClock(at), database=database)
        runtime.deploy(host, SYSTEM, Catalog([PACKAGE]).package("permit"))
        person = {"name": "张三", "idNo": ID_NO, "division": "370502"}
        runtime.start_case(host, SYSTEM, "permit", {"way": "check", "person": person})
        host.access_log.flush()


def on_file(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "onething.db")) as conn:
        conn.execute(statement)
        conn.commit()


def test_schema_of_a_newer_version_is_refused_with_both_versions(begun, refused, data):
    on_file(data, "UPDATE alembic_version SET version_num = '9999'")
    on_file(data, "UPDATE site_fact SET value = '7.0' WHERE name = 'version'")

    for words in (("tasks",), ("db", "upgrade")):
        code, told = refused(*words)

        assert code == REFUSED
        assert "schema 9999 of onething 7.0; this is onething 0." in told


def test_process_of_a_node_that_runs_starts_under_a_newer_schema(begun, data):
    on_file(data, "UPDATE alembic_version SET version_num = '9999'")

    with node(is_prepared=True) as host:
        assert runtime.view_feed(host, SYSTEM).events == []


def test_node_that_runs_goes_on_under_a_newer_schema(begun, data):
    with node() as host:
        on_file(data, "UPDATE alembic_version SET version_num = '9999'")

        runtime.deploy(host, SYSTEM, Catalog([PACKAGE]).package("permit"))
        person = {"name": "张三", "idNo": ID_NO, "division": "370502"}
        started = runtime.start_case(host, SYSTEM, "permit", {"way": "check", "person": person})

    assert started.case_no


@pytest.mark.parametrize("name", ["master", "contents"])
def test_missing_key_is_asked_for_and_none_is_drawn(begun, refused, data, name):
    key = data / f"{name}.key"
    key.unlink()

    code, told = refused()

    assert (code, key.exists()) == (REFUSED, False)
    assert f"{key} is missing" in told


def test_empty_folder_beside_a_full_database_is_refused(begun, refused, data, monkeypatch):
    monkeypatch.setenv("ONETHING_DATABASE_URL", f"sqlite:///{data / 'onething.db'}")
    monkeypatch.setenv("ONETHING_DATA_DIR", str(data / "other"))

    code, told = refused()

    assert code == REFUSED
    assert "master.key is missing" in told
    assert list((data / "other").iterdir()) == []


@pytest.mark.parametrize("name", ["master", "contents"])
def test_another_key_is_refused(begun, refused, data, name):
    (data / f"{name}.key").write_text(OTHER_KEY)

    code, told = refused()

    assert code == REFUSED
    assert f"{name}.key is another key" in told


@pytest.mark.parametrize("key", ["missing", "another"])
def test_database_from_before_the_facts_is_tried_with_its_master_key(begun, refused, data, key):
    open_case(data, datetime.now(UTC))
    on_file(data, "DELETE FROM site_fact")
    if key == "missing":
        (data / "master.key").unlink()
    else:
        (data / "master.key").write_text(OTHER_KEY)

    code, told = refused()

    assert code == REFUSED
    assert "master.key is" in told


def test_another_checkpoint_key_is_refused_until_an_operator_accepts_it(begun, run, refused, data):
    key = data / "checkpoint.key"
    key.write_text("cd" * 32)
    key.chmod(0o600)
    assert run("tasks")[0] == 0
    key.write_text(OTHER_KEY)

    code, told = refused()
    accepted = run("site", "accept", "checkpoint", "--reason", "lost with its disk")
    after = run("tasks")

    assert code == REFUSED
    assert "onething site accept checkpoint" in told
    assert (accepted[0], after[0]) == (0, 0)


def test_another_time_zone_is_refused_until_an_operator_accepts_it(
    begun, run, refused, monkeypatch
):
    monkeypatch.setenv("ONETHING_TIMEZONE", "Asia/Urumqi")

    code, told = refused()
    accepted = run("site", "accept", "timezone", "--reason", "moved")
    after = run("tasks")

    assert code == REFUSED
    assert "timezone is Asia/Urumqi and was Asia/Shanghai" in told
    assert (accepted[0], after[0]) == (0, 0)


def test_another_hash_is_refused_and_cannot_be_accepted(begun, run, refused, monkeypatch):
    monkeypatch.setenv("ONETHING_HASH_NAME", "sm3")

    code, told = refused()

    assert code == REFUSED
    assert "hash_name is sm3 and was sha256: set it back" in told
    assert run("site", "accept", "hash_name", "--reason", "x")[0] == 64


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("prot = 9000\n", "prot"),
        ("port = true\n", "port"),
        ("port = 70000\n", "port"),
        ("host = 7\n", "host"),
        ('host = ["127.0.0.1"]\n', "host"),
        ('log_level = "loud"\n', "log_level"),
        ("material_limit_bytes = 99999999\n", "material_limit_bytes"),
        ('clock_file = "ahead"\n', "clock_file"),
        ('webhook_networks = "10.0.0.0/33"\n', "webhook_networks"),
        ('traces_url = "collector:4318"\n', "traces_url"),
        ('database_url = "mysql://a/b"\n', "database_url"),
        ('database_url = "::"\n', "database_url"),
        ('services = ["/nothing/there"]\n', "services"),
        ("port = \n", "TOML"),
    ],
)
def test_settings_that_make_no_sense_are_refused(refused, tmp_path, monkeypatch, content, word):
    file = tmp_path / "site.toml"
    file.write_text(content)
    monkeypatch.setenv("ONETHING_SETTINGS", str(file))

    code, told = refused()

    assert code == REFUSED
    assert word in told


def test_misspelt_setting_in_the_environment_is_refused(refused, monkeypatch):
    monkeypatch.setenv("ONETHING_DATABASE", "postgresql://a/b")

    code, told = refused()

    assert code == REFUSED
    assert "no such setting: ONETHING_DATABASE" in told


def test_file_that_is_no_database_is_refused(refused, data):
    data.mkdir()
    (data / "onething.db").write_bytes(b"no database at all" * 300)

    code, told = refused()

    assert code == REFUSED
    assert "onething.db: file is not a database" in told


def test_folder_that_is_a_file_is_refused(refused, data):
    data.write_text("in the way")

    code, told = refused()

    assert code == REFUSED
    assert "data_dir" in told


@contextmanager
def another_user():
    """Let this process be nobody in particular; root may write everywhere."""
    os.seteuid(65534 if os.geteuid() == 0 else os.geteuid())
    try:
        yield
    finally:
        os.seteuid(os.getuid())


def test_folder_that_cannot_be_written_is_refused(begun, run, data):
    data.chmod(0o500)

    with another_user():
        code, _out, told = run("tasks")

    assert code == REFUSED
    assert "Permission denied; let the user that runs onething write it" in told
    assert told.count("\n") == 1


@contextmanager
def full_disk():
    """No file may grow beyond a kilobyte: what a full disk looks like to a process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_full_disk_delays_the_start_and_leaves_nothing_behind(run, data):
    with full_disk():
        code, _out, told = run("tasks")

    assert code == DELAYED
    assert "make room on its disk" in told
    assert list(data.iterdir()) == []
    assert run("tasks")[0] == 0


def test_clock_far_behind_the_newest_event_delays_the_start(begun, refused, data):
    open_case(data, datetime(2099, 1, 1, tzinfo=UTC))

    code, told = refused()

    assert code == DELAYED
    assert "hours behind the newest event" in told


@pytest.fixture
def put_back(monkeypatch):
    """Take back what `serve` says to processes that it becomes."""
    monkeypatch.setenv("ONETHING_HOST", "127.0.0.1")
    monkeypatch.setenv("ONETHING_PORT", "8000")


def test_port_that_is_taken_delays_the_start(put_back, refused):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        code, told = refused("serve", "--port", str(port))

    assert code == DELAYED
    assert f"127.0.0.1:{port} is in use" in told


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.host.invalid"])
def test_address_of_another_machine_is_refused(put_back, refused, host):
    code, told = refused("serve", "--host", host)

    assert code == REFUSED
    assert "cannot be listened on" in told


@pytest.mark.parametrize("words", [["serve"], ["worker"]])
def test_second_server_on_an_embedded_database_is_told_so(begun, refused, words):
    with sole_node(load()):
        code, told = refused(*words)

    assert code == DELAYED
    assert "Another server runs on" in told


def test_other_commands_write_beside_a_server(begun, run):
    with sole_node(load()), node():
        added = run(
            "user", "add", "op", "--name", "O", "--role", "operator", "--password", "Morgen-7734"
        )

    assert added[0] == 0


def test_database_that_is_not_there_is_waited_for_and_then_told(refused, monkeypatch):
    monkeypatch.setenv("ONETHING_DATABASE_URL", "postgresql://somebody:secret@127.0.0.1:9/x")
    monkeypatch.setenv("ONETHING_DATABASE_WAIT_S", "1")

    code, told = refused()

    assert code == UNAVAILABLE
    assert "127.0.0.1:9 is not reached" in told
    assert "secret" not in told


def fatal(state: str, message: str) -> bytes:
    """What a server says before it closes. Source: PostgreSQL, Message Formats, ErrorResponse."""
    parts = (("S", "FATAL"), ("C", state), ("M", message))
    fields = b"".join(f"{kind}{value}\0".encode() for kind, value in parts)
    return b"E" + (len(fields) + 5).to_bytes(4, "big") + fields + b"\0"


@contextmanager
def answering(said: bytes) -> Iterator[int]:
    """Listen where a database should be: say so much to everybody, and close."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    one, _ = server.accept()
                    with one, suppress(OSError):
                        if said:
                            one.recv(1024)
                            one.sendall(said)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@pytest.mark.parametrize(
    "said",
    [
        b"",  # a balancer whose database is gone takes connections and closes them
        fatal("57P03", "the database system is starting up"),
        fatal("57P03", "the database system is not yet accepting connections"),
        fatal("57P03", "the database system is in recovery mode"),
        fatal("08P01", "server login has been failing, try again later (server_login_retry)"),
    ],
)
def test_database_that_will_serve_later_never_keeps_a_site_down(refused, monkeypatch, said):
    monkeypatch.setenv("ONETHING_DATABASE_WAIT_S", "1")
    with answering(said) as port:
        url = f"postgresql://somebody@127.0.0.1:{port}/x?sslmode=disable"
        monkeypatch.setenv("ONETHING_DATABASE_URL", url)

        code, told = refused()

    assert code == UNAVAILABLE
    assert "does not serve yet" in told


def test_program_that_is_no_database_is_refused(refused, monkeypatch):
    monkeypatch.setenv("ONETHING_DATABASE_WAIT_S", "1")
    with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        monkeypatch.setenv("ONETHING_DATABASE_URL", f"postgresql://somebody@127.0.0.1:{port}/x")

        code, told = refused()

    assert code == REFUSED
    assert "check user, password and name in database_url" in told


@pytest.fixture
def asked(postgresql, monkeypatch):
    """Return the function that names a database on the server, by user and password."""
    monkeypatch.setenv("ONETHING_DATABASE_WAIT_S", "1")

    def name(user: str, database: str, password: str | None = None) -> None:
        url = make_url(postgresql).set(username=user, database=database, password=password)
        monkeypatch.setenv("ONETHING_DATABASE_URL", url.render_as_string(hide_password=False))

    return name


def sql(server: str, *statements: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        for one in statements:
            conn.execute(text(one))
    engine.dispose()


def test_start_that_another_node_holds_up_is_delayed(postgresql, run, monkeypatch):
    url = postgres.new_database(postgresql, "held_up")
    monkeypatch.setenv("ONETHING_DATABASE_URL", url)
    monkeypatch.setenv("ONETHING_LOCK_SECONDS", "1")
    assert run("tasks")[0] == 0
    engine = create_engine(url)
    with engine.begin() as other:
        other.execute(text("LOCK TABLE node IN ACCESS EXCLUSIVE MODE"))

        code, _, told = run("worker")
    engine.dispose()

    assert code == DELAYED
    assert told.count("\n") == 1
    assert "lock timeout" in told


def test_user_or_database_that_does_not_exist_is_refused(asked, refused):
    for user, database in (("nobody-of-us", "postgres"), ("postgres", "nothing")):
        asked(user, database)

        code, told = refused()

        assert code == REFUSED
        assert "does not exist; check user, password and name" in told


def test_wrong_password_is_refused_and_not_shown(postgresql, asked, refused):
    folder = Path(str(make_url(postgresql).query["host"]))
    rules = folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all locked scram-sha-256\n{before}")
    sql(postgresql, "CREATE ROLE locked LOGIN PASSWORD 'right'", "SELECT pg_reload_conf()")
    asked("locked", "postgres", "wrong-one")

    code, told = refused()
    rules.write_text(before)
    sql(postgresql, "DROP ROLE locked", "SELECT pg_reload_conf()")

    assert code == REFUSED
    assert "authentication failed" in told
    assert "wrong-one" not in told


def test_user_without_rights_is_refused(postgresql, asked, refused):
    postgres.new_database(postgresql, "rightless")
    sql(postgresql, "CREATE ROLE guest LOGIN")
    asked("guest", "rightless")

    code, told = refused()

    assert code == REFUSED
    assert "permission denied" in told
    assert "granted CREATE" in told


@pytest.fixture
def standby() -> Iterator[str]:
    """A server that follows another one, which is not there."""
    with postgres.server() as url:
        folder = Path(str(make_url(url).query["host"]))
        programs = postgres.programs()
        postgres.run(programs / "pg_ctl", "-w", "-D", folder / "data", "-m", "fast", "stop")
        (folder / "data" / "standby.signal").touch()
        given = {**postgres.OPTIONS, "unix_socket_directories": f"'{folder}'"}
        told = " ".join(f"-c {name}={value}" for name, value in given.items())
        words = ["-w", "-D", folder / "data", "-l", folder / "log", "-o", told, "start"]
        postgres.run(programs / "pg_ctl", *words)
        yield url


def test_standby_is_waited_for(standby, refused, monkeypatch):
    monkeypatch.setenv("ONETHING_DATABASE_URL", standby)
    monkeypatch.setenv("ONETHING_DATABASE_WAIT_S", "1")

    code, told = refused()

    assert code == UNAVAILABLE
    assert "is a standby" in told
