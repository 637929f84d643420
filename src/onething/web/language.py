"""Which language and type size a person reads."""

from flask import Flask, current_app, request, session
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
    """Return `zh` or `en`: what was chosen, else what the browser prefers."""
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    preferred = request.accept_languages.best_match(list(LANGUAGES)) if request else None
    return "en" if preferred == "en" and not current_app.config["TESTING"] else DEFAULT


def is_large() -> bool:
    """Whether the person reads in large type."""
    return bool(session.get("large"))
