"""The file that says how each department is reached, read strictly: a wrong key starts nothing."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from jsonschema import Draft202012Validator

from onething.connectors import certificates, secret_values, signatures
from onething.connectors.contracts import check, fields, types
from onething.connectors.http import ANSWER_WITHIN
from onething.connectors.oauth import Client
from onething.connectors.signatures import Algorithm, Secret
from onething.errors import ConnectorError, SettingsError

T = TypeVar("T")
Way = Literal["http", "file"]
Format = Literal["csv", "xlsx"]
_WAYS = ("http", "file")
_PROOFS = ("none", "hmac", "mtls", "oauth")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?(/.*)?")
_CODE = re.compile(r"\*|[a-z][a-z0-9_-]{0,39}")
_KEY_ID = re.compile(r"[A-Za-z0-9._:@-]{1,100}")


@dataclass(frozen=True, slots=True)
class Agreement:
    """A shared secret and how far apart the clocks may be."""

    secret: Secret
    window_s: int
    signed_answers: bool = False


@dataclass(frozen=True, slots=True)
class Certificate:
    """The own certificate and its key."""

    certificate_file: Path
    key_file: Path


@dataclass(frozen=True, slots=True)
class Folder:
    """The exchange folder of a department without an API."""

    folder: Path
    format: Format
    batch_s: int
    """Seconds between two files of calls."""
    batch_rows: int
    """Most calls in one file."""
    settle_s: int
    """So long a file of answers must lie unchanged before it is read."""
    keep_days: int
    """So long files that are done with are kept."""
    answer_within: timedelta
    """So long a call waits for its answer."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A message that a department may send, and what it carries."""

    name: str
    check: Draft202012Validator
    """The compiled schema of its payload."""


@dataclass(frozen=True, slots=True)
class Hook:
    """What a department may send by itself."""

    agreement: Agreement
    per_minute: int
    messages: Mapping[str, Declared]


@dataclass(frozen=True, slots=True)
class Department:
    """How one department is reached, and how it reports by itself."""

    code: str
    """As contracts name it; ``*`` stands for all that are not named."""
    way: Way = "http"
    url: str = ""
    proof: str = "none"
    timeout_s: float | None = None
    answer_within: timedelta = ANSWER_WITHIN
    ca_file: Path | None = None
    hmac: Agreement | None = None
    mtls: Certificate | None = None
    oauth: Client | None = None
    files: Folder | None = None
    hook: Hook | None = None


def read(path: Path) -> dict[str, Department]:
    """Read a departments file, secrets included.

    Raises:
        SettingsError: The file, a department or a key is wrong; all three are named.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        told = f"The departments file {path} cannot be read: {error.strerror}"
        raise SettingsError(told) from None
    except ValueError as error:
        raise SettingsError(f"The departments file {path} is not TOML: {error}") from None
    top = Table(path, "", raw)
    found = {code: _department(code, one) for code, one in top.table("departments").tables()}
    top.end()
    if not found:
        raise SettingsError(f"{path}: departments: none is named")
    return found


class Table:
    """One table of the file; remembers what was asked for, so that the rest is told as unknown."""

    def __init__(self, file: Path, where: str, data: Mapping[str, Any]) -> None:
        self.file = file
        self._where = where
        self._data = data
        self._asked: set[str] = set()

    def wrong(self, key: str, told: str) -> SettingsError:
        """Return the error that names file, department and key."""
        return SettingsError(f"{self.file}: {self._path(key)}: {told}")

    def has(self, key: str) -> bool:
        """Whether a key is given."""
        return key in self._data

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; one without default must be given."""
        value = self._value(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.wrong(key, "a text is needed")
        return value

    def word(self, key: str, words: Sequence[str], default: str | None = None) -> str:
        """Return one of some words."""
        value = self.text(key, default)
        if value not in words:
            raise self.wrong(key, f"one of {', '.join(words)} is needed, not {value!r}")
        return value

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        value = self._value(key, default)
        if type(value) is not int or not least <= value <= most:
            raise self.wrong(key, f"a whole number from {least} to {most} is needed")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false is needed")
        return value

    def path(self, key: str) -> Path:
        """Return a path; a relative one begins beside the file."""
        return self.file.parent / self.text(key)

    def table(self, key: str) -> "Table":
        """Return an inner table, empty where it is not given."""
        value = self._value(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "a table is needed")
        return Table(self.file, self._path(key), value)

    def rows(self, key: str) -> "list[Table]":
        """Return the tables of a list."""
        value = self._value(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(key, "a list of tables is needed")
        return [Table(self.file, f"{self._path(key)}.{at}", one) for at, one in enumerate(value)]

    def tables(self) -> "list[tuple[str, Table]]":
        """Return every inner table by its key."""
        return [(key, self.table(key)) for key in self._data]

    def raw(self, key: str) -> Any:  # noqa: ANN401 - any TOML value
        """Return a value as it stands."""
        return self._value(key, None)

    def tried(self, key: str, make: Callable[[], T]) -> T:
        """Return what is made of a key; name it where that goes wrong."""
        try:
            return make()
        except (SettingsError, ConnectorError) as error:
            raise self.wrong(key, error.message) from None

    def end(self) -> None:
        """Raise SettingsError for keys that nobody asked for."""
        for key in self._data:
            if key not in self._asked:
                raise self.wrong(key, "there is no such key here")

    def _value(self, key: str, default: Any) -> Any:  # noqa: ANN401 - any TOML value
        self._asked.add(key)
        return self._data.get(key, default)

    def _path(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key


def _department(code: str, table: Table) -> Department:
    if not _CODE.fullmatch(code):
        raise table.wrong("", "a department's code is small letters, or *")
    way = cast("Way", table.word("way", _WAYS, "http"))
    proof = table.word("authentication", _PROOFS, "none")
    timeout_s = table.whole("timeout_s", 0, 0, 300)
    within = timedelta(days=table.whole("answer_days", ANSWER_WITHIN.days, 1, 365))
    found = Department(
        code=code,
        way=way,
        url=_address(table, "url") if way == "http" else "",
        proof=proof,
        timeout_s=timeout_s or None,
        answer_within=within,
        ca_file=_authorities(table) if table.has("ca_file") else None,
        hmac=_agreement(table.table("hmac")) if proof == "hmac" else None,
        mtls=_certificate(table.table("mtls")) if proof == "mtls" else None,
        oauth=_client(table.table("oauth")) if proof == "oauth" else None,
        files=_folder(table.table("files"), within) if way == "file" else None,
        hook=_hook(table.table("hook")) if table.has("hook") else None,
    )
    _require_fitting(table, found)
    table.end()
    return found


def _require_fitting(table: Table, found: Department) -> None:
    """Refuse what cannot be meant: proof without a call, secrets over an open line."""
    if found.way == "file" and found.proof != "none":
        raise table.wrong("authentication", "files carry none")
    if found.code == "*" and (found.way == "file" or found.hook):
        raise table.wrong("way", "a folder or a hook belongs to one department, not to *")
    is_open = found.url.startswith("http:")
    if found.proof == "mtls" and is_open:
        raise table.wrong("url", "a certificate is shown over https alone")
    if found.proof == "oauth" and is_open and not _LOOPBACK.fullmatch(found.url):
        raise table.wrong("url", "a token travels over https alone")
    if found.ca_file is not None and is_open:
        raise table.wrong("ca_file", "the address is not https")


def _address(table: Table, key: str) -> str:
    url = table.text(key)
    if not _ADDRESS.fullmatch(url):
        raise table.wrong(key, f"an http or https address is needed, not {url!r}")
    return url


def _authorities(table: Table) -> Path:
    path = table.path("ca_file")
    table.tried("ca_file", lambda: certificates.context(path))
    return path


def _agreement(table: Table, *, is_hook: bool = False) -> Agreement:
    algorithm = cast("Algorithm", table.word("algorithm", signatures.ALGORITHMS, "sha256"))
    key_id = table.text("key_id")
    if not _KEY_ID.fullmatch(key_id):
        raise table.wrong("key_id", "letters, digits and . _ : @ - are allowed")
    secret = Secret(key_id, _secret(table), algorithm)
    window_s = table.whole("window_s", signatures.WINDOW_S, 10, 3600)
    signed = not is_hook and table.flag("signed_answers", default=False)
    if not is_hook:
        table.end()
    return Agreement(secret, window_s, signed)


def _secret(table: Table) -> bytes:
    if table.has("secret"):
        raise table.wrong("secret", "a secret stands in secret_file or secret_env, never here")
    if table.has("secret_file") == table.has("secret_env"):
        raise table.wrong("secret_file", "one of secret_file and secret_env is needed")
    if table.has("secret_file"):
        path = table.path("secret_file")
        return table.tried("secret_file", lambda: secret_values.from_file(path))
    name = table.text("secret_env")
    return table.tried("secret_env", lambda: secret_values.from_environment(name))


def _certificate(table: Table) -> Certificate:
    found = Certificate(table.path("certificate_file"), table.path("key_file"))
    table.tried("key_file", lambda: secret_values.require_private(found.key_file))
    table.tried("certificate_file", lambda: certificates.read(found.certificate_file))
    own = (None, found.certificate_file, found.key_file)
    table.tried("certificate_file", lambda: certificates.context(*own))
    table.end()
    return found


def _client(table: Table) -> Client:
    url = _address(table, "token_url")
    if url.startswith("http:") and not _LOOPBACK.fullmatch(url):
        raise table.wrong("token_url", "a secret travels over https alone")
    try:
        secret = _secret(table).decode()
    except UnicodeDecodeError:
        raise table.wrong("secret_file", "the secret is no text") from None
    found = Client(url, table.text("client_id"), secret, table.text("scope", ""))
    table.end()
    return found


def _folder(table: Table, answer_within: timedelta) -> Folder:
    found = Folder(
        folder=table.path("folder"),
        format=cast("Format", table.word("format", ("csv", "xlsx"), "csv")),
        batch_s=table.whole("batch_s", 3600, 0, 7 * 86_400),
        batch_rows=table.whole("batch_rows", 5_000, 1, 50_000),
        settle_s=table.whole("settle_s", 10, 0, 3600),
        keep_days=table.whole("keep_days", 30, 1, 3650),
        answer_within=answer_within,
    )
    table.end()
    return found


def _hook(table: Table) -> Hook:
    declared = [_message(one) for one in table.rows("messages")]
    found = Hook(
        agreement=_agreement(table, is_hook=True),
        per_minute=table.whole("per_minute", 600, 1, 100_000),
        messages={one.name: one for one in declared},
    )
    if len(found.messages) < len(declared):
        raise table.wrong("messages", "a message is declared twice")
    table.end()
    return found


def _message(table: Table) -> Declared:
    payload = table.raw("payload")
    if not isinstance(payload, dict):
        raise table.wrong("payload", "a table of fields is needed, as in operations")
    try:
        schema = fields(payload, types())
    except (KeyError, TypeError) as error:
        raise table.wrong("payload", f"{type(error).__name__}: {error}") from None
    found = Declared(table.text("name"), check(schema))
    table.end()
    return found
