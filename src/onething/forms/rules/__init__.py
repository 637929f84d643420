"""Named rules that values of forms keep: identity numbers, codes, cards, amounts.

A rule takes a value and what stands around it and answers with the value as it is stored,
a problem, and warnings. Source: report §1.10 and §19.3.
"""

from collections.abc import Mapping

from onething.forms.rules.contact import address, email, name, org_name, phone, telephone
from onething.forms.rules.division import division
from onething.forms.rules.identity import (
    certificate_no,
    disability_no,
    foreign_permit,
    id_number,
    passport,
    residence_permit,
)
from onething.forms.rules.identity_number import Identity, from_15_digits, identity_of
from onething.forms.rules.money import amount, bank_card
from onething.forms.rules.organisation import uscc
from onething.forms.rules.verdict import Rule, Surroundings, Verdict

RULES: Mapping[str, Rule] = {
    "address": address,
    "amount": amount,
    "bank_card": bank_card,
    "certificate_no": certificate_no,
    "disability_no": disability_no,
    "division": division,
    "email": email,
    "foreign_permit": foreign_permit,
    "id_number": id_number,
    "name": name,
    "org_name": org_name,
    "passport": passport,
    "phone": phone,
    "residence_permit": residence_permit,
    "telephone": telephone,
    "uscc": uscc,
}
"""Every rule by the name that `forms/_elements.toml` uses."""

__all__ = [
    "RULES",
    "Identity",
    "Rule",
    "Surroundings",
    "Verdict",
    "from_15_digits",
    "identity_of",
]
