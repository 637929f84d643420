"""Everything a site may set: environment before file before default.

Each field is read from the environment as `ONETHING_` and its name in capitals, or from a
TOML file under its own name. The command line's `--settings` or `ONETHING_SETTINGS` names
the file.
"""

import contextlib
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onething import disk
from onething.errors import SettingsError

Network = IPv4Network | IPv6Network
PREFIX = "ONETHING_"
KEYS = ("secret", "master", "checkpoint", "contents")
"""Names of the secrets that a site keeps in `data_dir`."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_SENDER = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,189}", re.ASCII)
_CHANNELS = ("email", "sms")
_SECURITY = ("starttls", "tls", "none")
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one site; every field has a default that works on one machine."""

    data_dir: Path = Path("data")
    """Folder of the embedded database, keys, materials and checkpoints."""
    database_url: str = ""
    """SQLAlchemy URL of the database; empty means SQLite in `data_dir`."""
    database_connections: int = 20
    """Connections to PostgreSQL that one process holds at most."""
    database_pooled: bool = False
    """The database is reached through PgBouncer, by transaction: nothing is kept between two."""
    statement_seconds: int = 300
    """Seconds after which PostgreSQL ends a statement; 0 never. Not where `database_pooled`."""
    lock_seconds: int = 10
    """Seconds that a statement waits for a lock; 0 without end. Not where `database_pooled`."""
    idle_seconds: int = 300
    """Seconds that an open transaction may ask nothing; 0 never ends it. As `lock_seconds`."""
    database_wait_s: int = 30
    """Seconds that a start waits for a database server that is not there yet."""
    services: tuple[Path, ...] = ()
    """More folders with service packages, each holding `bpmn` and `forms`; `:` between them."""
    timezone: str = "Asia/Shanghai"
    """The legal time zone: legal days, `today()` and dates without zone are in it."""
    host: str = "127.0.0.1"
    """Address that `serve` listens on."""
    port: int = 8000
    """Port that `serve` listens on."""
    public_url: str = ""
    """Where people reach the site, such as `https://apply.example.org`; QR codes lead there."""
    server: str = "waitress"
    """`waitress`, one process with the worker inside; or `gunicorn`, processes beside workers."""
    processes: int = 2
    """Processes of a `gunicorn` server."""
    threads: int = 8
    """Threads of each process that answer requests."""
    trusted_proxies: str = ""
    """Addresses or networks of the balancers whose `X-Forwarded-*` is believed; `,` between."""
    leave_seconds: int = 0
    """Seconds that a stopping server still serves while `/readyz` already sends balancers away."""
    demo: bool = False
    """Demo data and accounts with known passwords; refused on any address but loopback."""
    departments_url: str = "http://127.0.0.1:8100"
    """Where the departments' systems answer; the simulator's own address by default."""
    departments_file: str = ""
    """TOML file that says how each department is reached; empty takes `departments_url` for all."""
    hash_name: str = "sha256"
    """Hash of new histories: `sha256` or `sm3`."""
    checkpoint_file: str = ""
    """File the signed checkpoints go to, best on another disk; empty means in `data_dir`."""
    checkpoint_seconds: int = 60
    """Seconds between two checkpoints."""
    snapshot_every: int = 64
    """Events between two stored states of an instance."""
    state_cache_size: int = 5_000
    """States of busy instances kept in memory."""
    automatic_steps: int = 20_000
    """Automatic steps that one command may take before the instance stops with an incident."""
    call_depth: int = 60
    """Sub-processes and calls inside one another before the instance stops with an incident."""
    body_limit_bytes: int = 25 * 1024 * 1024
    """Largest request body."""
    material_limit_bytes: int = 20 * 1024 * 1024
    """Largest single material."""
    scanner: str = ""
    """Virus scanner that materials pass: `clamd:/path`, `clamd:host:port` or `command:PROGRAM`."""
    scanner_wait_s: int = 30
    """Seconds that the scanner may take for one file; without an answer the file is refused."""
    session_minutes: int = 30
    """Minutes without a request after which a person signs in again; 1200 in elder mode."""
    draft_days: int = 30
    """Days that a form which was begun and not sent is kept after its last saving."""
    undo_seconds: int = 10
    """Seconds for which a clerk may undo what was just done at the desk; 0 completes at once."""
    invitation_days: int = 30
    """Days that an application waits for the other party's agreement: an assumption, not law."""
    secure_cookies: bool = True
    """Cookies travel over TLS only; switched off by `demo` alone."""
    lockout_failures: int = 5
    """Wrong passwords in a row that lock an account."""
    lockout_minutes: int = 15
    """Minutes that a locked account stays locked."""
    sign_in_per_minute: int = 10
    """Sign-in attempts that one address may make in a minute."""
    password_length: int = 10
    """Fewest characters of a password."""
    token_days: int = 365
    """Days after which an API token expires."""
    access_log_months: int = 36
    """Months that the log of readings is kept online; the law asks for six."""
    node_name: str = ""
    """Name of this process among those of the site, the same after each restart."""
    beat_seconds: int = 5
    """Seconds between two signs of life of a process; after four missed ones it counts as dead."""
    archive_dir: str = ""
    """Folder the archive files go to, best on another disk; empty means `archive` in `data_dir`."""
    archive_after_months: int = 24
    """Whole months after which ended cases are archived: an assumption, not law."""
    hold_pauses_clocks: bool = False
    """Whether the clocks of decisions pause while a case is on hold: an assumption, not law."""
    retention_years: str = ""
    """Years after which the values of a service's ended cases are erased, such as
    `after-death=30,adoption-registration=never`; services that are not named keep theirs."""
    job_attempts: int = 5
    """Calls of a department that fail before a person must act."""
    retry_wait_s: int = 10
    """Seconds before a failed call is tried again; each further wait is twice as long."""
    retry_cap_s: int = 3_600
    """Longest wait before a failed call is tried again, in seconds."""
    job_threads: int = 8
    """Jobs that one worker performs at a time."""
    breaker_failures: int = 10
    """Calls in a row that find a department unavailable and make all its calls wait."""
    breaker_wait_s: int = 30
    """Seconds until a waiting department is tried with one call; each failure doubles them."""
    patience_s: int = 600
    """Seconds after which calls that wait for a department go the model's other way, if any."""
    workflow_hours: int = 24
    """Hours that the record of a performed job stays in the tables of the job engine."""
    expression_chars: int = 100_000
    """Longest text of one FEEL expression, in characters."""
    expression_nesting: int = 100
    """Deepest nesting of a FEEL expression."""
    expression_rounds: int = 250_000
    """Rounds of loops, filters and functions that one FEEL evaluation may take."""
    expression_ms: int = 5_000
    """Milliseconds that one FEEL evaluation may take."""
    webhook_networks: str = ""
    """Networks that webhooks may go to though they are not public: `10.0.0.0/8,192.168.7.0/24`."""
    webhook_http: bool = False
    """Webhooks may go over http without TLS; without it https alone."""
    webhook_timeout_s: int = 10
    """Seconds that a receiver of webhooks may take to answer."""
    webhook_pause_hours: int = 24
    """Hours without an answer after which a subscription is paused."""
    message_channels: str = ""
    """Ways besides the notice centre by which people may be told: `email`, `sms` or `email,sms`."""
    smtp_host: str = ""
    """Mail server; empty hands e-mails to the department `mail`, as `departments_file` says."""
    smtp_port: int = 587
    """Port of the mail server: 587 for `starttls`, 465 for `tls`."""
    smtp_security: str = "starttls"
    """`starttls`, `tls` from the first byte, or `none` to a server on this machine."""
    smtp_user: str = ""
    """Account at the mail server; empty signs in to none."""
    smtp_password_file: str = ""
    """File with that account's password, readable by its owner alone."""
    smtp_sender: str = ""
    """Address that e-mails come from."""
    smtp_ca_file: str = ""
    """PEM file of the authorities that the mail server's certificate is checked against; empty
    takes the machine's."""
    smtp_timeout_s: int = 20
    """Seconds that handing in one e-mail may take."""
    message_bounces: int = 3
    """Refusals in a row after which an address is used no more."""
    reminder_hours: int = 24
    """Hours before the end of an applicant's task at which they are reminded; 0 never."""
    traces_url: str = ""
    """OTLP/HTTP endpoint for traces, such as `http://collector:4318/v1/traces`; empty: none."""
    traces_percent: int = 100
    """How many traces of a hundred are sent."""
    traces_accept: bool = False
    """Go on with the trace that a caller's `traceparent` names; anybody may send one."""
    clock_file: str = ""
    """File with the seconds that a demonstration's clock is ahead; refused without `demo`."""
    log_level: str = "INFO"
    """Least severity that is logged: DEBUG, INFO, WARNING or ERROR."""
    metrics_token: str = field(default="", repr=False)
    """Bearer token, 16 characters or more, by which `/metrics` is read; empty closes the page."""

    @property
    def url(self) -> str:
        """The database's URL, the default worked out."""
        return self.database_url or f"sqlite:///{self.embedded}"

    @property
    def embedded(self) -> Path:
        """The file of the embedded database."""
        return self.data_dir / "onething.db"

    @property
    def checkpoints(self) -> Path:
        """The checkpoint file, the default worked out."""
        return Path(self.checkpoint_file or self.data_dir / "checkpoints.jsonl")

    @property
    def departments(self) -> Path | None:
        """The departments file, or None where there is none."""
        return Path(self.departments_file) if self.departments_file else None

    @property
    def proxies(self) -> tuple[Network, ...]:
        """The networks of the trusted proxies."""
        named = (one.strip() for one in self.trusted_proxies.split(","))
        return tuple(ip_network(one) for one in named if one)

    @property
    def archives(self) -> Path:
        """The folder of archive files, the default worked out."""
        return Path(self.archive_dir or self.data_dir / "archive")

    @property
    def retention(self) -> dict[str, int]:
        """Years by service after which values are erased; those that keep them are left out.

        Raises:
            SettingsError: The text is none of that form.
        """
        found: dict[str, int] = {}
        for part in filter(None, (one.strip() for one in self.retention_years.split(","))):
            service, equals, years = (one.strip() for one in part.partition("="))
            if not (service and equals) or not (years == "never" or years.isdecimal()):
                raise SettingsError(f"retention_years: not service=years: {part!r}")
            if years != "never":
                found[service] = _whole("retention_years", years, "retention_years")
        if any(not years for years in found.values()):
            raise SettingsError("retention_years: at least 1 year, or never")
        return found

    @property
    def channels(self) -> tuple[str, ...]:
        """The ways besides the notice centre; a demonstration has both, to its simulator."""
        named = [one.strip() for one in self.message_channels.split(",") if one.strip()]
        return tuple(named) or (_CHANNELS if self.demo else ())

    @property
    def site_url(self) -> str:
        """Where people reach the site; empty where it has no public address."""
        if not self.public_url and not self.demo:
            return ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def verify_url(self) -> str:
        """The page that checks documents; empty where the site has no public address."""
        return f"{self.site_url}/verify" if self.site_url else ""

    @property
    def receivers(self) -> tuple[str, ...]:
        """The networks that webhooks may go to besides the public ones."""
        return tuple(one.strip() for one in self.webhook_networks.split(",") if one.strip())

    @property
    def zone(self) -> ZoneInfo:
        """The legal time zone."""
        return ZoneInfo(self.timezone)


def load(env: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the settings of this site.

    Args:
        env: Environment variables; those of the process when None.
        file: A TOML file; the one that ONETHING_SETTINGS names when None.

    Raises:
        SettingsError: A setting is unknown, cannot be read or makes no sense.
    """
    env = os.environ if env is None else env
    named = env.get(f"{PREFIX}SETTINGS")
    path = file or (Path(named) if named else None)
    values = _from_file(path) if path is not None else {}
    values |= _from_environment(env)
    settings = Settings(**values)
    _check(settings)
    return settings


def secret(settings: Settings, name: str) -> bytes:
    """Return a secret of 32 random bytes kept in `data_dir`; draw it when it is missing.

    The file is readable by its owner alone. Lost secrets cannot be made again: back them up
    apart from the database.

    Args:
        settings: Where the data folder is.
        name: `secret` for sessions, `master` for case keys, `checkpoint` for signatures,
            `contents` for materials and documents.

    Raises:
        SettingsError: Others can read the file, or it does not hold 32 bytes.
    """
    path = settings.data_dir / f"{name}.key"
    if not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        _draw_secret(path)
    return _read_secret(path)


def _draw_secret(path: Path) -> None:
    """Write a new secret whole, or leave the one that another process was faster with."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(_SECRET_BYTES).encode() + b"\n")
        disk.flush(file)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


_SECRET_BYTES = 32
_OTHERS = 0o077


def _read_secret(path: Path) -> bytes:
    if path.stat().st_mode & _OTHERS:
        raise SettingsError(f"{path} is readable by others: chmod 600 {path}")
    try:
        data = bytes.fromhex(path.read_text("ascii"))
    except ValueError:
        raise SettingsError(f"{path} does not hold a key in hexadecimal digits") from None
    if len(data) != _SECRET_BYTES:
        raise SettingsError(f"{path} holds {len(data)} bytes, not {_SECRET_BYTES}")
    return data


def _from_file(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not TOML: {error}") from None
    unknown = raw.keys() - _TYPES.keys()
    if unknown:
        raise SettingsError(f"{path}: no such setting: {', '.join(sorted(unknown))}")
    return {name: _value(name, value, str(path)) for name, value in raw.items()}


def _from_environment(env: Mapping[str, str]) -> dict[str, Any]:
    unknown = [
        name
        for name in sorted(env)
        if name.startswith(PREFIX)
        and name.removeprefix(PREFIX).lower() not in _TYPES
        and name not in _NOT_SETTINGS
    ]
    if unknown:
        raise SettingsError(f"The environment: no such setting: {', '.join(unknown)}")
    return {
        name: _value(name, env[variable], variable)
        for name in _TYPES
        if (variable := PREFIX + name.upper()) in env
    }


def _value(name: str, value: object, where: str) -> Any:  # noqa: ANN401 - as the field asks
    """Bring a text or TOML value into the field's type."""
    wanted = _TYPES[name]
    if wanted is bool:
        return _truth(name, value, where)
    if wanted is int:
        return _whole(name, value, where)
    if wanted is Path:
        return Path(_text(name, value, where))
    if wanted is str:
        return _text(name, value, where)
    parts = value if isinstance(value, list) else _text(name, value, where).split(os.pathsep)
    return tuple(Path(str(part)) for part in parts if part)


def _text(name: str, value: object, where: str) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise SettingsError(f"{where}: {name} is a text, not {value!r}")
    return value


def _truth(name: str, value: object, where: str) -> bool:
    text = str(value).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise SettingsError(f"{where}: {name} is true or false, not {value!r}")


def _whole(name: str, value: object, where: str) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise SettingsError(f"{where}: {name} is a whole number, not {value!r}") from None
    if number < 0:
        raise SettingsError(f"{where}: {name} is not negative: {number}")
    return number


def _check(settings: Settings) -> None:
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(f"timezone: no such zone: {settings.timezone}") from None
    if settings.hash_name not in ("sha256", "sm3"):
        raise SettingsError(f"hash_name is sha256 or sm3, not {settings.hash_name}")
    if settings.demo and settings.host not in _LOOPBACK:
        raise SettingsError(f"demo is served to this machine alone, not on {settings.host}")
    if settings.undo_seconds > _LONGEST_UNDO_S:
        raise SettingsError(f"undo_seconds is at most {_LONGEST_UNDO_S}")
    if settings.clock_file and not settings.demo:
        raise SettingsError("clock_file moves the clock of a demonstration alone")
    if settings.public_url and not _ADDRESS.fullmatch(settings.public_url):
        raise SettingsError(f"public_url is an http or https address, not {settings.public_url}")
    _check_server(settings)
    if 0 < len(settings.metrics_token) < _TOKEN_CHARS:
        raise SettingsError(f"metrics_token has at least {_TOKEN_CHARS} characters")
    _check_networks(settings)
    _check_messages(settings)
    _check_sizes(settings)
    _check_traces(settings)
    _ = settings.retention
    for name in _AT_LEAST_ONE:
        if getattr(settings, name) < 1:
            raise SettingsError(f"{name} is at least 1")


def _check_sizes(settings: Settings) -> None:
    if not 0 < settings.port <= _LAST_PORT:
        raise SettingsError(f"port is 1 to {_LAST_PORT}, not {settings.port}")
    if settings.log_level.upper() not in _LEVELS:
        raise SettingsError(f"log_level is one of {', '.join(_LEVELS)}, not {settings.log_level}")
    if settings.material_limit_bytes > settings.body_limit_bytes:
        raise SettingsError("material_limit_bytes is more than body_limit_bytes lets through")


def _check_traces(settings: Settings) -> None:
    if settings.traces_url and not _ADDRESS.fullmatch(settings.traces_url):
        raise SettingsError(f"traces_url is an http or https address, not {settings.traces_url}")
    if settings.traces_percent > _ALL:
        raise SettingsError("traces_percent is at most 100")


def _check_server(settings: Settings) -> None:
    if settings.server not in ("waitress", "gunicorn"):
        raise SettingsError(f"server is waitress or gunicorn, not {settings.server}")
    if settings.server == "gunicorn" and settings.url.startswith("sqlite"):
        raise SettingsError("gunicorn needs PostgreSQL: an embedded database has one process")
    try:
        _ = settings.proxies
    except ValueError as error:
        raise SettingsError(f"trusted_proxies: {error}") from None


def _check_messages(settings: Settings) -> None:
    unknown = [one for one in settings.channels if one not in _CHANNELS]
    if unknown:
        raise SettingsError(f"message_channels are email and sms, not {', '.join(unknown)}")
    if settings.channels and not settings.site_url:
        raise SettingsError("message_channels need public_url: messages say where to sign in")
    if not settings.smtp_host:
        return
    if settings.smtp_security not in _SECURITY:
        raise SettingsError(f"smtp_security is one of {', '.join(_SECURITY)}")
    if settings.smtp_security == "none" and settings.smtp_host not in _LOOPBACK:
        raise SettingsError("smtp_security is none to a mail server on this machine alone")
    if not _SENDER.fullmatch(settings.smtp_sender):
        raise SettingsError(f"smtp_sender is an e-mail address, not {settings.smtp_sender!r}")
    if not 0 < settings.smtp_port <= _LAST_PORT:
        raise SettingsError(f"smtp_port is 1 to {_LAST_PORT}, not {settings.smtp_port}")


def _check_networks(settings: Settings) -> None:
    for network in settings.receivers:
        try:
            ip_network(network)
        except ValueError:
            told = f"webhook_networks holds networks such as 10.0.0.0/8, not {network}"
            raise SettingsError(told) from None


_TYPES: dict[str, Any] = {one.name: get_type_hints(Settings)[one.name] for one in fields(Settings)}
_TOKEN_CHARS = 16
_LONGEST_UNDO_S = 60
_ALL = 100
_LAST_PORT = 65_535
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_NOT_SETTINGS = frozenset(PREFIX + one for one in ("SETTINGS", "TEST_SERVER", "FAULTS_SEED"))
"""Names in the environment that begin like a setting and are none."""
_AT_LEAST_ONE = (
    "database_connections",
    "processes",
    "threads",
    "checkpoint_seconds",
    "snapshot_every",
    "automatic_steps",
    "call_depth",
    "lockout_failures",
    "session_minutes",
    "draft_days",
    "scanner_wait_s",
    "invitation_days",
    "beat_seconds",
    "job_attempts",
    "webhook_timeout_s",
    "webhook_pause_hours",
    "job_threads",
    "smtp_timeout_s",
    "message_bounces",
    "breaker_failures",
    "breaker_wait_s",
    "expression_chars",
    "expression_nesting",
    "expression_rounds",
    "expression_ms",
)
