"""Documents are whole, Chinese, embedded, and the same every time."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from fontTools.cffLib import CFFFontSet
from pypdf import PdfReader

from onething.documents.drawing import draw
from unit.documents.qr import code_of, modules


def plain(text):
    # pypdf reads the two-byte codes of an embedded CMap byte by byte: the high ones are NUL
    return re.sub(r"[\s\x00]", "", text)


def text_of(content):
    return plain("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def test_the_text_of_the_pdf_is_the_text_of_the_template(found, data, given, env):
    drawn = draw(found["refusal"], data, given, env)

    text = text_of(drawn.content)
    assert "不予办理离婚登记通知单" in text
    assert "东民离不〔2026〕000001号" in text
    assert "阿卜杜拉·买买提、赵㐂：" in text
    assert "你们于2026年5月6日提出的离婚登记申请，经审查不予办理。" in text
    assert "理由：协议未载明债务处理。" in text
    assert "六十日内申请行政复议，或者六个月内提起行政诉讼。" in text
    assert "法律依据：《婚姻登记条例》第十九条。" in text
    assert "金额（元）100.50" in text
    assert "备注—" in text
    assert "2026年6月1日" in text
    assert drawn.check_code in text


def test_a_listing_has_one_line_for_each_entry(found, data, given, env):
    text = text_of(draw(found["slip"], data, given, env).content)

    assert "事项结果户口注销办结公积金未办" in text


def test_every_font_is_embedded(found, data, given, env):
    reader = PdfReader(BytesIO(draw(found["refusal"], data, given, env).content))

    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    below = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(descriptor.get_object()) for descriptor in below)


def test_the_same_input_gives_the_same_bytes(found, data, given, env):
    first = draw(found["refusal"], data, given, env)
    second = draw(found["refusal"], data, given, env)

    assert first == second


def test_another_word_gives_another_check_code(found, data, given, env):
    first = draw(found["refusal"], data, given, env)
    other = draw(found["refusal"], {**data, "reason": "身份不符"}, given, env)
    numbered = draw(found["refusal"], data, replace(given, number="X"), env)

    assert len({first.check_code, other.check_code, numbered.check_code}) == 3


def test_a_long_document_goes_on_over_pages(found, data, given, env):
    many = {**data, "outcomes": [{"name": f"事项{n}", "done": True} for n in range(100)]}

    reader = PdfReader(BytesIO(draw(found["slip"], many, given, env).content))

    assert len(reader.pages) > 3
    assert "第4页" in plain(reader.pages[3].extract_text())


def test_a_character_that_the_font_lacks_is_marked(found, data, given, env):
    text = text_of(draw(found["refusal"], {**data, "reason": "\U00020000"}, given, env).content)

    assert "理由：〓。" in text


@pytest.mark.parametrize("template", ["refusal", "slip", "certificate"])
def test_a_document_without_data_is_drawn_all_the_same(found, given, env, template):
    assert draw(found[template], {}, given, env).content.startswith(b"%PDF")


def test_a_certificate_is_signed_by_its_issuer(found, data, given, env):
    text = text_of(draw(found["certificate"], data, given, env).content)

    assert "东营区民政局婚姻登记处" in text
    assert "准予阿卜杜拉·买买提与赵㐂结婚登记。" in text


def test_the_only_instant_in_the_file_is_the_one_given(found, data, given, env):
    reader = PdfReader(BytesIO(draw(found["slip"], data, given, env).content))

    assert reader.metadata.creation_date.date() == date(2026, 6, 1)


def test_a_listing_without_entries_leaves_no_empty_table(found, data, given, env):
    text = text_of(draw(found["slip"], {**data, "outcomes": []}, given, env).content)

    assert "事项" not in text


def test_a_page_with_the_seal_alone_says_that_it_has_no_text(found, data, given, env):
    def pages(entries):
        many = [{"name": f"事项{n}", "done": True} for n in range(entries)]
        content = draw(found["slip"], {**data, "outcomes": many}, given, env).content
        return [plain(page.extract_text()) for page in PdfReader(BytesIO(content)).pages]

    drawn = [pages(entries) for entries in range(14, 24)]

    alone = [texts for texts in drawn if len(texts) > 1 and "事项" not in texts[-1]]
    assert len(drawn[0]) == 1
    assert len(drawn[-1]) > 1
    assert all("此页无正文" in texts[-1] for texts in alone)


def test_a_document_embeds_its_own_characters_and_no_others(found, data, given, env):
    def embedded(reason):
        content = draw(found["refusal"], {**data, "reason": reason}, given, env).content
        fonts = PdfReader(BytesIO(content)).pages[0]["/Resources"]["/Font"].values()
        below = next(iter(fonts)).get_object()["/DescendantFonts"][0].get_object()
        program = below["/FontDescriptor"].get_object()["/FontFile3"].get_data()
        fontset = CFFFontSet()
        fontset.decompile(BytesIO(program), None)
        return set(fontset.topDictIndex[0].charset)

    first = embedded("协议未载明")
    other = embedded("龘龖")
    again = embedded("协议未载明")

    assert len(other) < 150
    assert len(other - first) >= 2
    assert again == first


def test_the_qr_code_leads_to_the_page_that_checks_the_document(found, data, given, env):
    public = replace(given, verify_url="https://apply.example.org/verify")

    drawn = draw(found["refusal"], data, public, env)

    number = "%E4%B8%9C%E6%B0%91%E7%A6%BB%E4%B8%8D%E3%80%942026%E3%80%95000001%E5%8F%B7"
    address = f"https://apply.example.org/verify?number={number}&code={drawn.check_code}"
    assert modules(drawn.content) == code_of(address)


def test_the_qr_code_of_a_site_without_address_holds_number_and_check_code(found, data, given, env):
    drawn = draw(found["refusal"], data, given, env)

    assert modules(drawn.content) == code_of(f"{given.number} {drawn.check_code}")
