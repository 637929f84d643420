"""Credit codes, telephones, cards, divisions, names and amounts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn as stdnum_luhn
from stdnum.cn import uscc as stdnum_uscc

from onething.forms import RULES, Surroundings, Verdict, name_of_division, offered
from onething.forms.rules.money import luhn
from onething.forms.rules.organisation import check_character, organisation_check

AROUND = Surroundings(date(2026, 6, 1))


def problem(rule, value):
    verdict = RULES[rule](value, AROUND)
    return verdict.problem.id if verdict.problem else None


def test_t10_a_credit_code_is_checked_by_alphabet_and_check_character():
    assert problem("uscc", "91110000600037341L") is None
    assert problem("uscc", "91110000600037342L") == "uscc.check"
    assert problem("uscc", "91110000600037341I") == "uscc.form"
    assert problem("uscc", "9111000060003734IL") == "uscc.form"


def test_the_inner_organisation_code_has_its_own_check_character():
    body = "91110000600037342"
    code = body + check_character(body)

    assert stdnum_uscc.is_valid(code)
    assert problem("uscc", code) == "uscc.organisation"
    assert organisation_check("60003734") == "1"


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_check_characters_of_credit_codes_agree_with_stdnum(body):
    assert check_character(body) == stdnum_uscc.calc_check_digit(body)


@pytest.mark.parametrize("number", ["13812341234", "199 0000 1111", "138-1234-1234"])
def test_mobile_numbers_are_accepted(number):
    assert problem("phone", number) is None


@pytest.mark.parametrize("number", ["12812341234", "1381234123", "138123412345", "1381234123a"])
def test_what_is_no_mobile_number_is_refused(number):
    assert problem("phone", number) == "phone"


def test_landlines_are_telephones():
    assert problem("telephone", "0546-8331234") is None
    assert problem("telephone", "8331234") == "telephone"


def test_bank_cards_keep_luhn():
    assert problem("bank_card", "6222 0210 0111 6245 702") is None
    assert problem("bank_card", "6222021001116245701") == "bank_card.check"
    assert problem("bank_card", "12345") == "bank_card.form"


@given(st.from_regex(r"\d{16,19}", fullmatch=True))
def test_luhn_agrees_with_stdnum(digits):
    ascii_digits = "".join(str(int(digit)) for digit in digits)

    assert luhn(ascii_digits) == stdnum_luhn.is_valid(ascii_digits)


def test_known_divisions_pass_and_unknown_ones_warn():
    assert RULES["division"]("370502", AROUND).warning is None
    assert RULES["division"]("370502001002", AROUND).warning is None
    assert RULES["division"]("370599", AROUND).warning.id == "division.unknown"
    assert RULES["division"]("990000", AROUND).warning.id == "division.unknown"
    assert problem("division", "3705") == "division"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("东营区", "370502"),
        ("东营市东营区", "370502"),
        ("山东省 东营市 东营区", "370502"),
        ("Dongying District", "370502"),
        ("dongying district, Dongying City, Shandong", "370502"),
        ("北京市 (110105)", "110105"),
        ("济南市市中区", "370103"),
        ("江苏省", "320000"),
    ],
)
def test_a_place_is_chosen_by_its_name(text, code):
    assert RULES["division"](text, AROUND) == Verdict(code)


@pytest.mark.parametrize("text", ["市中区", "区", "济阳县", "Lanshan District", "", "3705021"])
def test_a_name_of_several_places_or_of_none_is_refused(text):
    assert problem("division", text) == "division"


def test_a_division_is_written_as_names():
    assert name_of_division("370502") == "山东省东营市东营区"
    assert name_of_division("370502", "en") == "Dongying District, Dongying City, Shandong"
    assert name_of_division("110105") == "北京市 (110105)"
    assert name_of_division("370521") == "山东省东营市垦利县 (370521)"
    assert name_of_division("990000") == "990000"


def test_every_division_is_found_by_the_name_it_is_written_with():
    for language in ("zh", "en"):
        for code in offered():
            assert RULES["division"](name_of_division(code, language), AROUND).value == code


@pytest.mark.parametrize("name", ["张三", "阿卜杜拉·买买提", "𬍡㐂", "Anne-Marie O'Neil", "王〇"])
def test_names_of_people_keep_rare_characters(name):
    assert RULES["name"](name, AROUND).value == name
    assert problem("name", name) is None


@pytest.mark.parametrize("name", ["张", "张3", "张\u200b三", "<b>张三</b>", "张" * 51])
def test_what_is_no_name_is_refused(name):
    assert problem("name", name) == "name"


def test_amounts_are_whole_cents_and_not_negative():
    assert problem("amount", Decimal("12.34")) is None
    assert problem("amount", 0) is None
    assert problem("amount", Decimal("12.345")) == "amount"
    assert problem("amount", -1) == "amount"
    assert problem("amount", Decimal(10) ** 14) == "amount"
