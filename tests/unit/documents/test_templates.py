"""Templates are read whole or refused; texts are set as Chinese documents write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.documents import template_of, templates
from onething.documents.texts import compile_text
from onething.documents.typesetting import lines
from onething.documents.typography import typographic
from onething.errors import ExpressionSyntaxError, ModelRefused, NotFound


def test_a_later_file_replaces_a_template():
    shared = {"slip": {"title": "甲", "prefix": "A"}}
    own = {"documents": [{"id": "slip", "title": "乙", "prefix": "B"}]}

    assert templates([shared, own])["slip"].title == "乙"


def test_a_notice_has_a_text_and_no_number(found, env):
    notice = found["reminder"]

    assert notice.prefix == ""
    assert notice.paragraphs[0].set({"appliedOn": "2026-05-06"}, env) == "请于2026年5月6日到场。"


@pytest.mark.parametrize(
    "broken",
    [
        {"title": "x", "paragraphs": ["{=1 +}"]},
        {"title": "x", "paragraphs": ["{=name"]},
        {"title": "x", "style": "neon"},
        {"title": "x", "fields": [{"label": "x"}]},
        {"title": "x", "table": {"columns": []}},
    ],
)
def test_a_broken_template_is_refused_by_name(broken):
    with pytest.raises(ModelRefused) as error:
        templates([{"bad": broken}])

    assert error.value.findings[0].element == "bad"


def test_an_unknown_template_is_not_found(found):
    with pytest.raises(NotFound):
        template_of(found, "nothing")


def test_placeholders_may_hold_braces_and_quotes(env):
    text = compile_text('甲{={a: 1}.a}乙{="}"}丙')

    assert text.set({}, env) == "甲1乙}丙"


def test_a_placeholder_without_end_is_refused():
    with pytest.raises(ExpressionSyntaxError):
        compile_text('甲{="}"')


def test_values_are_written_as_documents_do(env):
    text = compile_text("{=on}|{=at}|{=yes}|{=all}|{=none}")
    data = {
        "on": "2026-06-01",
        "at": "2026-06-01T01:05:00+00:00",
        "yes": True,
        "all": ["火化", "银行"],
        "none": None,
    }

    assert text.set(data, env) == "2026年6月1日|2026年6月1日9时05分|是|火化、银行|"


def test_punctuation_in_chinese_is_wide_and_in_numbers_narrow():
    assert typographic("金额(元):1,000.50,共 3 (a, b)") == "金额（元）：1,000.50，共 3 (a, b)"


@given(st.text(alphabet="东营市，。（）《》ab 12", max_size=60), st.integers(2, 12))
def test_breaking_loses_no_character(text, width):
    broken = lines(text, width, len)

    assert "".join(broken).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= width + 20 for line in broken)


def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark():
    broken = lines("一二三四，五六七（八九十）一二三", 4, len)

    assert not any(line.startswith(("，", "）")) for line in broken)
    assert not any(line.endswith("（") for line in broken)
