"""The Flask application of the pages."""

from flask import Flask
from flask_wtf import CSRFProtect

from onething.runtime import Host
from onething.settings import secret
from onething.web import compressed, errors, fresh, language, limits, security, session, shown
from onething.web.views import BLUEPRINTS


def create_app(host: Host) -> Flask:
    """Return the application of one node's pages."""
    app = Flask(__name__)
    settings = host.settings
    app.config.update(
        SECRET_KEY=secret(settings, "secret"),
        MAX_CONTENT_LENGTH=settings.body_limit_bytes,
        PERMANENT_SESSION_LIFETIME=settings.session_minutes * 60,
        SESSION_COOKIE_NAME="onething",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies and not settings.demo,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["host"] = host
    CSRFProtect(app)
    limits.register(app, host)
    session.register(app, host)
    language.register(app)
    security.register(app)
    shown.register(app, host)
    compressed.register(app)
    fresh.register(app)
    errors.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
