"""Templates are read whole or refused; texts are set as Chinese documents write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.documents import template_of, templates
from onething.documents.texts import compile_text
from onething.documents.typesetting import lines, longest_piece
from onething.documents.typography import ended, typographic
from onething.errors import ExpressionSyntaxError, ModelRefused, NotFound


def test_a_later_file_replaces_a_template():
    shared = {"slip": {"title": "甲", "prefix": "A"}}
    own = {"documents": [{"id": "slip", "title": "乙", "prefix": "B"}]}

    assert templates([shared, own])["slip"].title == "乙"


def test_a_notice_has_a_text_and_no_number(found, env):
    notice = found["reminder"]

    assert notice.prefix == ""
    assert notice.paragraphs[0].set({"appliedOn": "2026-05-06"}, env) == "请于2026年5月6日到场。"


def test_a_table_has_a_line_for_each_entry(found, env):
    outcomes = [{"name": "户口", "done": True}, {"name": "医保", "done": False}]

    told = found["slip"].listing.lines({"outcomes": outcomes}, env)

    assert told == (("户口", "办结"), ("医保", "未办"))


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


def test_a_short_text_of_a_table_is_one_word():
    piece = longest_piece(len, 4)

    assert [piece(text) for text in ("申请人", "不予办理", "不动产继承登记")] == [3, 4, 1]


def test_time_limits_are_written_in_words(env):
    text = compile_text("{=a}|{=b}|{=c}|{=d}")
    data = {"a": "WD(5)", "b": "ND30", "c": "PN(60)", "d": "P15D"}

    assert text.set(data, env) == "5个工作日|30日|60日|15日"


def test_a_date_within_a_sentence_is_written_in_words():
    assert typographic("自2026-06-01起停发") == "自2026年6月1日起停发"
    assert typographic("证号J370500-2026-06-01") == "证号J370500-2026-06-01"


def test_an_act_cited_with_its_article_gets_its_title_marks():
    assert typographic("依据:民法典 第一千零八十条") == "依据：《民法典》第一千零八十条"
    assert typographic("《民法典》第五条") == "《民法典》第五条"


def test_a_paragraph_that_ends_in_a_word_is_closed():
    assert [ended(text) for text in ("理由", "理由。", "甲：", "")] == [
        "理由。",
        "理由。",
        "甲：",
        "",
    ]
