"""Which language and type size a person reads."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, session
from flask_babel import Babel, refresh

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT = "zh"

babel = Babel()
_BOTH = re.compile(r"(?P<zh>.*[\u4e00-\u9fff].*) \((?P<en>[ -~]+)\)", re.DOTALL)


def register(app: Flask) -> None:
    """Bind translations to the application."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    babel.init_app(app, locale_selector=language)


def language() -> str:
    """Return `zh` or `en`: Chinese until the person chooses."""
    chosen = session.get("language")
    return str(chosen) if chosen in LANGUAGES else DEFAULT


def own_words(text: str) -> str:
    """Return the reader's part of a message `中文 (English)`; all of any other."""
    both = _BOTH.fullmatch(text)
    if both is None:
        return text
    return both["en"][:1].upper() + both["en"][1:] if language() == "en" else both["zh"]


def readable(text: str) -> str:
    """Return the reader's part of a message; nothing of an English one for who reads Chinese."""
    told = own_words(text)
    can_be_read = language() != "zh" or any(letter > "\u2fff" for letter in told)
    return told if can_be_read else ""


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
