"""Tokens of OAuth 2 client credentials: one a process, renewed before it ends.

Source: RFC 6749 §4.4.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client

from onething.connectors.bounded import Bounded
from onething.errors import AnswerInvalid, ConnectorError, DepartmentUnavailable

_EARLY_S = 30
"""So long before its end a token is renewed, or after nine tenths of its life."""
_SHORTEST_S = 1
_LONGEST_S = 86_400
_UNSAID_S = 300
"""So long a token holds whose endpoint does not say how long."""
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,8192}")
_PASSING = ("temporarily_unavailable", "server_error")


@dataclass(frozen=True, slots=True)
class Client:
    """What a department's token endpoint knows of this site."""

    token_url: str
    client_id: str
    secret: str = field(repr=False)
    scope: str = ""


class TokenSource:
    """Fetches a token when there is none that holds; safe for several threads.

    ``transport`` makes the way to the endpoint, anew for each fetch.
    """

    def __init__(
        self,
        client: Client,
        transport: Callable[[], httpx.BaseTransport],
        *,
        timeout_s: float = 10.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._transport = transport
        self._timeout_s = timeout_s
        self._monotonic = monotonic
        self._token = ""
        self._until = 0.0
        self._lock = threading.Lock()

    def token(self) -> str:
        """Return a token that holds.

        Raises:
            DepartmentUnavailable: The endpoint does not answer.
            AnswerInvalid: It answers no token.
            ConnectorError: It does not know this site.
        """
        with self._lock:
            if self._monotonic() >= self._until:
                self._fetch()
            return self._token

    def renewed(self, refused: str) -> str:
        """Return another token than one that was refused; one thread alone fetches it."""
        with self._lock:
            if self._token == refused:
                self._fetch()
            return self._token

    def _fetch(self) -> None:
        told = self._ask()
        token = told.get("access_token")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise AnswerInvalid(f"{self._client.token_url} answered no token")
        if str(told.get("token_type", "")).lower() != "bearer":
            raise AnswerInvalid(f"{self._client.token_url} answered no bearer token")
        life_s = min(max(_seconds(told.get("expires_in")), _SHORTEST_S), _LONGEST_S)
        self._token = token
        self._until = self._monotonic() + life_s - min(_EARLY_S, life_s / 10)

    def _ask(self) -> dict[str, Any]:
        url = self._client.token_url
        transport = Bounded(self._transport(), url, self._timeout_s)
        try:
            with httpx.Client(transport=transport, timeout=self._timeout_s) as session:
                told = OAuth2Client(session, scope=self._client.scope or None).fetch_token(
                    url, grant_type="client_credentials", auth=self._basic()
                )
        except httpx.HTTPStatusError as error:
            raise _unavailable(f"{url} answered {error.response.status_code}") from error
        except httpx.HTTPError as error:
            raise _unavailable(f"{url}: {type(error).__name__}: {error}") from error
        except DepartmentUnavailable as error:
            raise _unavailable(error.message) from error
        except AuthlibBaseError as error:
            if error.error in _PASSING:
                raise _unavailable(f"{url} answered {error.error}") from error
            raise ConnectorError(f"{url} gives no token: {error.error}") from error
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise AnswerInvalid(f"{url} answered no token") from error
        if not isinstance(told, dict):
            raise AnswerInvalid(f"{url} answered no token")
        return dict(told)

    def _basic(self) -> httpx.BasicAuth:
        """Name and secret as RFC 6749 §2.3.1 writes them."""
        return httpx.BasicAuth(quote_plus(self._client.client_id), quote_plus(self._client.secret))


def _unavailable(told: str) -> DepartmentUnavailable:
    """The department itself was not asked yet."""
    return DepartmentUnavailable(told, may_have_acted=False)


def _seconds(said: object) -> float:
    try:
        return float(str(said)) if said is not None else _UNSAID_S
    except ValueError:
        return _UNSAID_S
