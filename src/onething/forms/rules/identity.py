"""Rules on the numbers of identity documents and certificates.

Source: report §1.10, GA/T 2000.156 for the kinds of document.
"""

import re

from onething.forms.json_value import Json
from onething.forms.messages import Message
from onething.forms.rules.division import is_known
from onething.forms.rules.identity_number import fault, identity_of, normal
from onething.forms.rules.verdict import Rule, Surroundings, Verdict, refused

PERMIT_PREFIXES = ("810000", "820000", "830000")
"""First digits of the residence permits of Hong Kong, Macao and Taiwan residents."""

_OLD_NUMBER = re.compile(r"[0-9]{15}")
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")
_PASSPORT = re.compile(r"[A-Z0-9]{5,20}")
_HK_PERMIT = re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?")
_TW_PERMIT = re.compile(r"[0-9]{8}(?:[0-9]{2})?")
_OTHER = re.compile(r"[0-9A-Z\u4e00-\u9fff()()〔〕.-]{3,30}")
_CERTIFICATE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff()()〔〕[\]/._-]{4,30}")
_DISABILITY = re.compile(r"([0-9]{17}[0-9X])([1-7])([1-4])(?:B[1-9]|[0-9]{2})?")


def id_number(value: Json, around: Surroundings) -> Verdict:
    """Check the number of an identity document by its kind; without a kind, 居民身份证."""
    rule = _BY_TYPE.get(around.id_type or "111", _other_document)
    return rule(value, around)


def resident_id(value: Json, around: Surroundings) -> Verdict:
    """Check a 公民身份号码. Source: GB 11643-1999."""
    number = normal(str(value))
    if _OLD_NUMBER.fullmatch(number):
        return refused(number, "id_number.15")
    if number.startswith(PERMIT_PREFIXES):
        return refused(number, "id_number.permit")
    return _numbered(number, around)


def residence_permit(value: Json, around: Surroundings) -> Verdict:
    """Check a 港澳台居民居住证 number: an identity number of the regions 81, 82, 83."""
    number = normal(str(value))
    if not number.startswith(PERMIT_PREFIXES):
        return refused(number, "residence_permit")
    return _numbered(number, around)


def foreign_permit(value: Json, around: Surroundings) -> Verdict:
    """Check a 外国人永久居留身份证 number: 15 characters of old, 18 from 9 of the new card."""
    number = normal(str(value))
    if _OLD_FOREIGN.fullmatch(number):
        return Verdict(number)
    if not number.startswith("9"):
        return refused(number, "foreign_permit")
    problem = fault(number, around.today)
    return refused(number, f"id_number.{problem}") if problem else Verdict(number)


def passport(value: Json, _: Surroundings) -> Verdict:
    """Check the number of a passport of any country."""
    return _matched(value, _PASSPORT, "passport")


def certificate_no(value: Json, _: Surroundings) -> Verdict:
    """Check the number of a certificate, such as that of a marriage."""
    number = str(value).strip()
    return Verdict(number) if _CERTIFICATE.fullmatch(number) else refused(number, "certificate_no")


def disability_no(value: Json, around: Surroundings) -> Verdict:
    """Check a 残疾人证 number against its own parts and its holder.

    Source: 中华人民共和国残疾人证管理办法: identity number, category, grade, and two
    characters after a re-issue.
    """
    number = normal(str(value))
    match = _DISABILITY.fullmatch(number)
    if match is None or fault(match[1], around.today):
        return refused(number, "disability_no")
    if around.id_number and match[1] != normal(around.id_number):
        return refused(number, "disability_no.holder")
    return Verdict(number)


def _numbered(number: str, around: Surroundings) -> Verdict:
    problem = fault(number, around.today)
    if problem:
        return refused(number, f"id_number.{problem}")
    region = number[:6]
    if number.startswith(PERMIT_PREFIXES) or is_known(region):
        return Verdict(number)
    return Verdict(number, warning=Message("id_number.region", {"code": region}))


def _hk_permit(value: Json, _: Surroundings) -> Verdict:
    return _matched(value, _HK_PERMIT, "hk_permit")


def _tw_permit(value: Json, _: Surroundings) -> Verdict:
    return _matched(value, _TW_PERMIT, "tw_permit")


def _other_document(value: Json, _: Surroundings) -> Verdict:
    return _matched(value, _OTHER, "other_document")


def _no_document(value: Json, around: Surroundings) -> Verdict:
    return Verdict(value) if value == "无" else _other_document(value, around)


def _matched(value: Json, form: re.Pattern[str], message_id: str) -> Verdict:
    number = normal(str(value))
    return Verdict(number) if form.fullmatch(number) else refused(number, message_id)


def holder_of(value: Json, around: Surroundings) -> tuple[str, str] | None:
    """Read sex and ISO date of birth from a number of 18 characters; None where it has none."""
    if (around.id_type or "111") not in {"111", "112", "550", "553"}:
        return None
    identity = identity_of(str(value), around.today)
    return (identity.sex, identity.birth.isoformat()) if identity else None


_BY_TYPE: dict[str, Rule] = {
    "000": _no_document,
    "111": resident_id,
    "112": resident_id,
    "414": passport,
    "511": _tw_permit,
    "516": _hk_permit,
    "550": residence_permit,
    "553": foreign_permit,
}
