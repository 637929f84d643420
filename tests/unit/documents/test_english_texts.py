from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from onething.calendar import load_default
from onething.documents import templates
from onething.documents.texts import compile_text
from onething.engine import Context

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
ENV = Context(now=NOW, zone=ZoneInfo("Asia/Shanghai"), calendar=load_default()).environment()


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        ("2026-06-01", "2026年6月1日", "1 June 2026"),
        ("2026-06-01T09:05:00Z", "2026年6月1日17时05分", "1 June 2026, 17:05"),
        ("WD(5)", "5个工作日", "5 working days"),
        ("ND(30)", "30日", "30 days"),
        ("P30D", "30日", "30 days"),
        (True, "是", "yes"),
        (["甲", "乙"], "甲、乙", "甲, 乙"),
        (None, "", ""),
        ("王芳", "王芳", "王芳"),
    ],
)
def test_a_value_is_written_as_its_language_does(value, chinese, english):
    text = compile_text("{=value}")

    assert text.set({"value": value}, ENV) == chinese
    assert text.set({"value": value}, ENV, "en") == english


@pytest.mark.parametrize(
    ("value", "english"),
    [("未查到存款", "no deposits"), (["未查到存款", "王芳"], "no deposits, 王芳"), (5, "5")],
)
def test_a_value_that_the_service_has_words_for_is_said_in_them(value, english):
    text = compile_text("Reason: {=value}.")

    said = text.set({"value": value}, ENV, "en", {"未查到存款": "no deposits"})

    assert said == f"Reason: {english}."


def test_a_template_has_its_english_beside_it():
    raw = {"title": "通知", "title_en": "Notice", "body": "甲", "body_en": "A", "remedy_en": "B"}
    (found,) = templates([{"n": raw}]).values()

    assert (found.title_en, len(found.paragraphs_en), bool(found.remedy_en)) == ("Notice", 1, True)
