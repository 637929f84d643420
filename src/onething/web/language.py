"""Which language and type size a person reads."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, session
from flask_babel import Babel, refresh

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


def chosen() -> dict[str, Any]:
    """Return what the person has chosen, for carrying it into another session."""
    return {name: session[name] for name in ("language", "large", "split") if name in session}


def choose_again(before: Mapping[str, Any]) -> None:
    """Show pages as it was chosen before, where nothing is chosen in this session."""
    session.update({name: value for name, value in before.items() if name not in session})
    refresh()
