"""Texts of the product's own, as lines in a notice centre keep them."""

from typing import Any


def said(
    title: str, title_en: str, body: tuple[str, ...] = (), body_en: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return a text in both languages as it is kept."""
    blank: dict[str, Any] = {"remedy": "", "fields": []}
    english = {"title": title_en, "body": list(body_en), **blank}
    return {"title": title, "body": list(body), "legal_basis": [], **blank, "en": english}
