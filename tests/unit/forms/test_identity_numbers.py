"""Identity numbers: T01 to T09 and T12 of the domain report, and what python-stdnum says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from onething.forms import RULES, Surroundings, identity_of
from onething.forms.rules.identity_number import check_character, from_15_digits

TODAY = date(2026, 6, 1)


def problem(rule, value, **around):
    verdict = RULES[rule](value, Surroundings(TODAY, **around))
    return verdict.problem.id if verdict.problem else None


@pytest.mark.parametrize("written", ["11010519491231002X", "11010519491231002x"])
def test_t01_a_number_with_either_x_is_valid_and_stored_with_the_upper_one(written):
    verdict = RULES["id_number"](written, Surroundings(TODAY))

    assert verdict.problem is None
    assert verdict.value == "11010519491231002X"


def test_t01_a_number_tells_sex_and_birth_of_its_holder():
    identity = identity_of("11010519491231002x", TODAY)

    assert (identity.sex, identity.birth) == ("女", date(1949, 12, 31))


def test_t02_a_wrong_check_digit_is_refused():
    assert problem("id_number", "370502199003071230") == "id_number.check"
    assert problem("id_number", "37050219900307123X") is None


def test_t03_a_date_that_does_not_exist_is_refused():
    assert problem("id_number", "370502202302290015") == "id_number.date"


def test_t04_a_birth_in_the_future_is_refused_though_stdnum_takes_it():
    assert problem("id_number", "370502209912310011") == "id_number.future"
    assert ric.is_valid("370502209912310011")


def test_a_birth_today_is_accepted():
    body = "37050220260601001"

    assert problem("id_number", body + check_character(body)) is None


def test_t06_the_code_of_a_former_county_is_accepted_without_a_warning():
    verdict = RULES["id_number"]("370521198808150028", Surroundings(TODAY))

    assert (verdict.problem, verdict.warning) == (None, None)


def test_an_unknown_division_is_a_warning_only():
    body = "37059919900307123"

    verdict = RULES["id_number"](body + check_character(body), Surroundings(TODAY))

    assert verdict.problem is None
    assert verdict.warning.id == "id_number.region"


def test_t07_a_residence_permit_is_valid_as_such_and_refused_as_identity_card():
    assert problem("id_number", "830000199003071230", id_type="550") is None
    assert problem("residence_permit", "830000199003071230") is None
    assert problem("id_number", "830000199003071230", id_type="111") == "id_number.permit"
    assert problem("residence_permit", "37050219900307123X") == "residence_permit"


def test_foreign_permanent_residents_have_an_old_and_a_new_number():
    body = "93784019900307123"

    assert problem("foreign_permit", "USA370012345678") is None
    assert problem("foreign_permit", body + check_character(body)) is None
    assert problem("id_number", body + check_character(body), id_type="553") is None
    assert problem("foreign_permit", "37050219900307123X") == "foreign_permit"


def test_t09_a_15_digit_number_is_refused_and_can_be_converted_for_history():
    assert problem("id_number", "110105491231002") == "id_number.15"
    assert from_15_digits("110105491231002") == "11010519491231002X"
    assert from_15_digits("11010549123100") is None


@pytest.mark.parametrize(
    "value", ["", "abc", "3705021990030712３X", "37050219900307123Y", "1" * 40]
)
def test_what_is_no_number_is_refused(value):
    assert problem("id_number", value) == "id_number.form"


def test_other_documents_are_checked_by_their_kind():
    assert problem("id_number", "e12345678", id_type="414") is None
    assert problem("id_number", "H1234567890", id_type="516") is None
    assert problem("id_number", "12345678", id_type="511") is None
    assert problem("id_number", "H12", id_type="516") == "hk_permit"
    assert problem("id_number", "x!", id_type="414") == "passport"
    assert problem("id_number", "无", id_type="000") is None


def test_t12_a_disability_card_belongs_to_its_holder():
    number = "37050219900307123X41"

    assert problem("disability_no", number, id_number="37050219900307123X") is None
    assert problem("disability_no", number, id_number="11010519491231002X") == (
        "disability_no.holder"
    )
    assert problem("disability_no", number + "B1") is None
    assert problem("disability_no", "37050219900307123X91") == "disability_no"
    assert problem("disability_no", "37050219900307123041") == "disability_no"


@given(
    st.from_regex(
        r"3705(02|03|22|23)19[5-9]\d(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])\d{3}", fullmatch=True
    )
)
def test_check_characters_agree_with_stdnum(body):
    assert check_character(body) == ric.calc_check_digit(body + "0")


@given(st.text(max_size=20))
def test_no_text_breaks_a_rule(text):
    for rule in RULES.values():
        rule(text, Surroundings(TODAY))
