"""How often an address may try to sign in."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from onething.settings import Settings

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


def register(app: Flask, settings: Settings) -> None:
    """Bind the limiter to the application."""
    app.config["SIGN_IN_LIMIT"] = f"{settings.sign_in_per_minute} per minute"
    limiter.init_app(app)
