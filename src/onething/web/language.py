"""Which language and type size a person reads."""

from flask import Flask, session
from flask_babel import Babel

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT = "zh"

babel = Babel()


def register(app: Flask) -> None:
    """Bind translations to the application."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    babel.init_app(app, locale_selector=language)


def language() -> str:
    """Return `zh` or `en`: Chinese until the person chooses."""
    chosen = session.get("language")
    return str(chosen) if chosen in LANGUAGES else DEFAULT


def is_large() -> bool:
    """Whether the person reads in large type."""
    return bool(session.get("large"))
