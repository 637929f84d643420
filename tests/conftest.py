"""What every test starts from."""

import pytest
import structlog


@pytest.fixture(autouse=True)
def plain_logs():
    """Take back what a command has configured: its stream is gone with its test."""
    yield
    structlog.reset_defaults()
