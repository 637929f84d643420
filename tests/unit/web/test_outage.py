"""A database that does not answer: a page that reads nothing, and says what to check."""

import sqlite3
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import OperationalError


@pytest.mark.parametrize("path", ["/", "/no-such-page"])
def test_page_without_database_says_so_to_who_was_signed_in(browse, host, monkeypatch, path):
    browser = browse("reader")

    @contextmanager
    def fail():
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
        raise OperationalError("SELECT 1", {}, error)
        yield

    monkeypatch.setattr(host.database, "read", fail)

    page = browser.get(path)

    assert page.status_code == 503
    assert "系统暂时无法读写数据" in page.text
    assert page.headers["Retry-After"] == "10"
