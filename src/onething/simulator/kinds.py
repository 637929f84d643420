"""The kinds of record that the departments keep, and what one record of a kind holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FieldType = Literal["text", "whole", "money", "flag", "texts"]
"""Text, int, Decimal, bool, list of texts."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: its key and its fields, named as departments exchange them."""

    key: tuple[str, ...]
    fields: Mapping[str, FieldType]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Value of a field that a record does not name; None where nothing stands here."""


def _fields(texts: str, **others: FieldType) -> dict[str, FieldType]:
    """Name text fields in one line and give the type of the others."""
    fields: dict[str, FieldType] = dict.fromkeys(texts.split(), "text")
    return {**fields, **others}


KINDS: Mapping[str, Kind] = {
    # 公安
    "people": Kind(
        ("idNo",),
        _fields(
            "idNo name sex birth ethnic division address householdNo relation maritalStatus"
            " spouseIdNo diedOn cancelledOn",
            alive="flag",
        ),
        {
            "ethnic": "汉族",
            "address": "",
            "relation": "户主",
            "maritalStatus": "未婚",
            "alive": True,
        },
    ),
    "households": Kind(("householdNo",), _fields("householdNo division address headIdNo")),
    "offences": Kind(("idNo", "kind", "on"), _fields("idNo kind on", harmful="flag")),
    "found_reports": Kind(
        ("reportNo",), _fields("reportNo foundOn foundAt", dnaMatch="flag"), {"dnaMatch": False}
    ),
    "clearances": Kind(("idNo",), _fields("idNo documentNo")),
    "licences": Kind(("idNo",), _fields("idNo licenceNo class cancelledOn"), {"class": "C1"}),
    "vehicles": Kind(("plate",), _fields("plate idNo")),
    # 民政
    "marriages": Kind(
        ("certificateNo",),
        _fields("certificateNo aIdNo bIdNo kind registeredOn registry endedOn endCertificateNo"),
        {"kind": "结婚", "registry": ""},
    ),
    "adoptions": Kind(
        ("certificateNo",),
        _fields(
            "certificateNo adopteeIdNo adopteeName registeredOn dissolvedOn dissolutionNo",
            adopters="texts",
        ),
    ),
    "children": Kind(
        ("entryNo",),
        _fields("entryNo name idNo sex birth institution enteredOn kind"),
        {"kind": "查找不到生父母的未成年人"},
    ),
    "cremations": Kind(("idNo",), _fields("idNo bookingNo home slot cremationNo crematedAt")),
    "welfare": Kind(("idNo", "kind"), _fields("idNo kind stoppedFrom", monthly="money")),
    # 卫生健康
    "deaths": Kind(
        ("certificateNo",),
        _fields("certificateNo idNo name diedAt place class cause issuer issuedAt", revoked="flag"),
        {"class": "正常", "issuer": "12370500494000000X", "revoked": False},
    ),
    "births": Kind(
        ("certificateNo",),
        _fields("certificateNo idNo name sex birth motherIdNo fatherIdNo hospital"),
        {"hospital": "东营市人民医院"},
    ),
    "birth_registrations": Kind(
        ("receiptNo",), _fields("receiptNo motherIdNo fatherIdNo", childOrder="whole")
    ),
    "child_health": Kind(("idNo",), _fields("idNo division")),
    # 人社、医保、公积金
    "pensions": Kind(
        ("idNo",),
        _fields(
            "idNo kind pensionStart lastPaidMonth stoppedFrom maritalStatus",
            insured="flag",
            retired="flag",
            contributionYears="money",
            monthlyPension="money",
            accountBalance="money",
            overpaid="money",
            reclaimed="money",
        ),
        {
            "insured": True,
            "retired": False,
            "kind": "企业职工",
            "contributionYears": 0,
            "monthlyPension": 0,
            "accountBalance": 0,
            "overpaid": 0,
            "reclaimed": 0,
        },
    ),
    "social_cards": Kind(("idNo",), _fields("idNo cardNo name")),
    "medical": Kind(
        ("idNo",),
        _fields("idNo name stoppedFrom maritalStatus", insured="flag", balance="money"),
        {"insured": True, "balance": 0},
    ),
    "funds": Kind(("idNo",), _fields("idNo maritalStatus", balance="money"), {"balance": 0}),
    # 银行、自然资源、残联、退役军人、法院、教育、公证
    "deposits": Kind(
        ("idNo", "bank"), _fields("idNo bank", total="money", special="money"), {"special": 0}
    ),
    "estates": Kind(("no",), _fields("no idNo address registrationNo registeredOn", heirs="texts")),
    "disabilities": Kind(
        ("idNo",), _fields("idNo certNo cancelledOn", category="whole", grade="whole")
    ),
    "veterans": Kind(("idNo",), _fields("idNo cardNo cancelledOn")),
    "judgments": Kind(("documentNo",), _fields("documentNo kind effectiveOn", parties="texts")),
    "students": Kind(("idNo",), _fields("idNo name birth division receiptNo")),
    "notary_bookings": Kind(("deadIdNo",), _fields("deadIdNo bookingNo", heirs="texts")),
    # What the messages' and the mail's department were given to send.
    "sent_messages": Kind(
        ("messageNo",),
        _fields("messageNo channel to subject text language sentAt"),
        {"subject": ""},
    ),
    # Money paid, by any department.
    "payments": Kind(
        ("paymentNo",), _fields("paymentNo operation idNo payeeIdNo bank", amount="money")
    ),
}
"""Every kind by its name in addresses, seeds and scenarios."""
