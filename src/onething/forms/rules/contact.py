"""Rules on names, addresses and telephone numbers. Source: report §1.10."""

import re

from onething.forms.json_value import Json
from onething.forms.rules.verdict import Surroundings, Verdict, refused

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_LETTER = "A-Za-z\u00c0-\u024f\u0400-\u04ff"
_NAME = re.compile(f"[{_HAN}{_LETTER}][{_HAN}{_LETTER}· .'-]{{1,49}}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[0-9]{2,3}-?[1-9][0-9]{6,7}(?:-[0-9]{1,6})?")
_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_ORGANISATION_LIMIT = 100
_ADDRESS_LIMIT = 100
_SHORTEST = 2


def name(value: Json, _: Surroundings) -> Verdict:
    """Check a person's name; rare characters stay as they are (GB 18030-2022 level 3)."""
    text = str(value).strip()
    return Verdict(text) if _NAME.fullmatch(text) else refused(text, "name")


def org_name(value: Json, _: Surroundings) -> Verdict:
    """Check the name of an organisation: 2 to 100 characters."""
    return _between(value, _ORGANISATION_LIMIT, "org_name")


def address(value: Json, _: Surroundings) -> Verdict:
    """Check the detail of an address: 2 to 100 characters."""
    return _between(value, _ADDRESS_LIMIT, "address")


def phone(value: Json, _: Surroundings) -> Verdict:
    """Check a mobile number of the mainland."""
    digits = re.sub(r"[\s-]", "", str(value))
    return Verdict(digits) if _MOBILE.fullmatch(digits) else refused(digits, "phone")


def telephone(value: Json, _: Surroundings) -> Verdict:
    """Check a mobile or landline number."""
    text = re.sub(r"\s", "", str(value))
    fits = _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text)
    return Verdict(text) if fits else refused(text, "telephone")


def email(value: Json, _: Surroundings) -> Verdict:
    """Check the shape of an e-mail address."""
    text = str(value).strip()
    return Verdict(text) if _EMAIL.fullmatch(text) else refused(text, "text.email")


def _between(value: Json, limit: int, message_id: str) -> Verdict:
    text = str(value).strip()
    return Verdict(text) if _SHORTEST <= len(text) <= limit else refused(text, message_id)
