import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import onething.web

WEB = Path(onething.web.__file__).parent
TRANSLATIONS = WEB / "translations"
CHINESE = re.compile("[\u4e00-\u9fff]")


def _shown() -> set[str]:
    """Return every text that a page or template marks."""
    with (WEB / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "gettext": None, "later": None}
    found = extract_from_dir(WEB, methods, options, keywords)
    return {message for _, _, message, *_ in found}


def _catalogue(language: str):
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def test_every_text_of_the_pages_has_english_words():
    catalogue = _catalogue("en")

    missing = {text for text in _shown() if not (catalogue.get(text) and catalogue[text].string)}

    assert not missing


def test_english_words_are_kept_for_shown_texts_alone():
    shown = _shown()

    idle = {message.id for message in _catalogue("en") if message.id} - shown

    assert not idle


def test_english_words_hold_no_chinese():
    translated = [message.string for message in _catalogue("en") if message.id]

    assert not [text for text in translated if CHINESE.search(text)]


def test_english_words_hold_the_same_places():
    def places(text):
        return sorted(re.findall(r"%\(\w+\)s", text))

    uneven = [m.id for m in _catalogue("en") if m.id and places(m.id) != places(m.string)]

    assert not uneven


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_compiled_catalogue_is_the_written_one(language):
    written = {message.id: message.string for message in _catalogue(language) if message.id}

    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = {message.id: message.string for message in read_mo(file) if message.id}

    assert compiled == written


def test_a_service_speaks_its_own_english_in_the_pages_and_diagrams(browse):
    browser = browse("citizen")
    browser.post("/display", {"language": "en"})

    page = browser.get("/services/outing/apply")
    diagram = browser.get("/diagrams/outing/1/outing.bpmn?language=en")
    assert "sandbox" in diagram.headers["Content-Security-Policy"]

    assert "Into the hills" in page.text
    assert "Add to the outing" in diagram.text
