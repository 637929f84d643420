"""All departments of a site: each reached in its own way, all called in the same one."""

import ssl
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import httpx

from onething.connectors import certificates, departments_file
from onething.connectors.authentication import Anonymous, Authentication, Signature, Token
from onething.connectors.contracts import Operation
from onething.connectors.departments_file import Department, Hook
from onething.connectors.drop import Drop
from onething.connectors.http import HttpConnector, Line
from onething.connectors.oauth import TokenSource


class Connector(Protocol):
    """A way to departments' systems."""

    def call(
        self,
        operation: Operation,
        inputs: Mapping[str, Any],
        idempotency_key: str,
        case_no: str,
        purpose: str = "",
    ) -> dict[str, Any]:
        """Call a department, as `HttpConnector.call` does."""


class Departments:
    """The departments that a file names, or all of them at one address."""

    def __init__(self, departments: Mapping[str, Department]) -> None:
        self._open = ExitStack()
        with self._open:
            lines = {
                code: self._line(one) for code, one in departments.items() if one.way == "http"
            }
            self._open = self._open.pop_all()
        self._http = HttpConnector({}, lines=lines)
        self.drops = {code: Drop(code, one.files) for code, one in departments.items() if one.files}
        """The folders of departments without an API."""
        self.hooks: dict[str, Hook] = {
            code: one.hook for code, one in departments.items() if one.hook is not None
        }
        """What departments may send by themselves."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._open.close()

    def call(
        self,
        operation: Operation,
        inputs: Mapping[str, Any],
        idempotency_key: str,
        case_no: str,
        purpose: str = "",
    ) -> dict[str, Any]:
        """Call a department in its way; raises as `HttpConnector.call` does."""
        way: Connector = self.drops.get(operation.department, self._http)
        return way.call(operation, inputs, idempotency_key, case_no, purpose)

    def _line(self, one: Department) -> Line:
        own = one.mtls
        shown = (own.certificate_file, own.key_file) if own else (None, None)
        is_usual = one.ca_file is None and own is None
        secured = _usual_context() if is_usual else certificates.context(one.ca_file, *shown)
        return Line(
            url=one.url,
            client=self._open.enter_context(httpx.Client(verify=secured)),
            authentication=_authentication(one, lambda: httpx.HTTPTransport(verify=secured)),
            timeout_s=one.timeout_s,
            answer_within=one.answer_within,
            certificate=certificates.read(own.certificate_file) if own else None,
        )


@cache
def _usual_context() -> ssl.SSLContext:
    """Read the machine's authorities once: they are many."""
    return certificates.context()


def open_departments(file: Path | None, url: str) -> Departments:
    """Return the departments of a site, to be closed by the caller.

    Args:
        file: The departments file, or None.
        url: Where all of them answer when there is no file.

    Raises:
        SettingsError: The file, or one that it names, is wrong.
    """
    everywhere = {"*": Department("*", url=url)}
    return Departments(departments_file.read(file) if file else everywhere)


def _authentication(
    one: Department, transport: Callable[[], httpx.BaseTransport]
) -> Authentication:
    if one.hmac is not None:
        agreed = one.hmac
        return Signature(
            agreed.secret, signed_answers=agreed.signed_answers, window_s=agreed.window_s
        )
    if one.oauth is not None:
        return Token(TokenSource(one.oauth, transport))
    return Anonymous()
