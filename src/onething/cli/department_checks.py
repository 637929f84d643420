"""What is examined of the ways to departments: address, certificates, secrets, folders."""

import os
import shutil
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from cryptography.x509 import Certificate

from onething.cli.finding import Finding, Level
from onething.connectors import Department, certificates, departments_file
from onething.connectors.departments_file import Folder
from onething.errors import OnethingError, SettingsError
from onething.settings import Settings

_WITHIN_S = 5.0
_AT_ONCE = 16
_SERVER_ERROR = 500
_SOON = timedelta(days=30)
_HTTPS = 443
_LEAST_BYTES = 100 * 1024**2


def examine_departments(settings: Settings) -> Iterator[Finding]:
    """Examine the one address of all departments, or each department of the file."""
    if settings.departments is None:
        yield _answers("departments", settings.departments_url, certificates.context())
        return
    try:
        found = departments_file.read(settings.departments)
    except SettingsError as error:
        remedy = "mend it: the site does not start with it"
        yield Finding("departments", Level.FAIL, error.message, remedy)
        return
    with ThreadPoolExecutor(_AT_ONCE) as several:
        for findings in several.map(lambda one: list(_department(one)), found.values()):
            yield from findings


def _department(one: Department) -> Iterator[Finding]:
    name = f"department {one.code}"
    if one.files is not None:
        yield _folder(name, one.files)
        return
    if one.mtls is not None:
        own = certificates.read(one.mtls.certificate_file)
        yield _lasts(f"{name}: own certificate", own, "ask for a new one and restart the site")
    url = httpx.URL(one.url)
    if url.scheme == "https":
        shown = certificates.served(url.host, url.port or _HTTPS, _WITHIN_S)
        if shown is not None:
            yield _lasts(f"{name}: its certificate", shown, "tell the department's operators")
    yield _line(name, one)


def _line(name: str, one: Department) -> Finding:
    own = (one.mtls.certificate_file, one.mtls.key_file) if one.mtls else (None, None)
    try:
        return _answers(name, one.url, certificates.context(one.ca_file, *own))
    except OnethingError as error:
        return Finding(name, Level.FAIL, error.message, "mend the departments file")


def _answers(name: str, url: str, secured: ssl.SSLContext) -> Finding:
    try:
        # The body is not read: it may have no end.
        with httpx.stream("GET", url, timeout=_WITHIN_S, verify=secured) as answer:
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fault = certificates.fault(error) or type(error).__name__
        remedy = "calls wait and become incidents; check the address and the network"
        return Finding(name, Level.WARN, f"{url}: {fault}", remedy)
    if status >= _SERVER_ERROR:
        return Finding(name, Level.WARN, f"{url} answers {status}", "tell its operators")
    return Finding(name, Level.OK, f"{url} answers")


def _lasts(name: str, certificate: Certificate, remedy: str) -> Finding:
    left = certificates.left(certificate, datetime.now(UTC))
    day = certificate.not_valid_after_utc.date()
    if left <= timedelta(0):
        return Finding(name, Level.FAIL, f"expired on {day}", remedy)
    if certificate.not_valid_before_utc > datetime.now(UTC):
        day = certificate.not_valid_before_utc.date()
        return Finding(name, Level.FAIL, f"not valid before {day}", remedy)
    found = f"{left.days} days left, until {day}"
    return Finding(name, Level.WARN if left < _SOON else Level.OK, found, remedy * (left < _SOON))


def _folder(name: str, terms: Folder) -> Finding:
    """Examine an exchange folder: there, writable, not full, nothing given back."""
    folder = terms.folder
    missing = [part for part in ("out", "in") if not os.access(folder / part, os.W_OK | os.X_OK)]
    if missing:
        told = f"{folder}: {' and '.join(missing)} cannot be written"
        return Finding(name, Level.FAIL, told, "mount the share, or make the folders once")
    free = shutil.disk_usage(folder).free
    if free < _LEAST_BYTES:
        told = f"{folder}: {free // 1024**2} MiB free"
        return Finding(name, Level.FAIL, told, "make room: calls wait and become incidents")
    given_back = len(_files(folder / "errors"))
    if given_back:
        told = f"{folder}: {given_back} files in errors"
        return Finding(name, Level.WARN, told, "have the rows mended and put into `in` again")
    return Finding(name, Level.OK, f"{folder}")


def _files(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if one.is_file()] if folder.is_dir() else []
