# ruff: noqa: INP001 - a script, not a package
"""Collect the texts that the pages show into the English catalogue, and compile it.

A text is Chinese and is its own key. English words that stand already are kept, words of texts
that are gone are dropped, and the texts that still need words are printed (exit code 1).
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parent.parent / "src" / "onething" / "web"
ENGLISH = WEB / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "gettext": None, "later": None}
DAY_OF_NO_MEANING = datetime(2000, 1, 1, tzinfo=UTC)
"""The same texts give the same bytes."""
HEADER = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def shown() -> set[str]:
    """Return every text that a module or template of the pages marks."""
    with (WEB / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(WEB, methods, options, KEYWORDS)
    return {str(message) for _, _, message, *_ in found if message}


def merged(known: Catalog) -> Catalog:
    """Return a catalogue of the shown texts with the words known for them."""
    catalogue = Catalog(locale="en")
    for text in sorted(shown()):
        words = known.get(text)
        catalogue.add(text, words.string if words else "")
    return catalogue


def write(catalogue: Catalog) -> None:
    """Write the catalogue as text, without dates that would change by themselves, and compiled."""
    body = BytesIO()
    write_po(body, catalogue, omit_header=True, width=100)
    ENGLISH.write_text(HEADER + body.getvalue().decode("utf-8").lstrip(), encoding="utf-8")
    with ENGLISH.open("rb") as text, ENGLISH.with_suffix(".mo").open("wb") as compiled:
        readable = read_po(text, locale="en")
        readable.creation_date = readable.revision_date = DAY_OF_NO_MEANING
        write_mo(compiled, readable)


def main() -> int:
    """Bring the English catalogue up to date; return 1 where words are missing."""
    with ENGLISH.open("rb") as file:
        catalogue = merged(read_po(file, locale="en"))
    write(catalogue)
    missing = [str(one.id) for one in catalogue if one.id and not one.string]
    sys.stdout.writelines(f"{text}\n" for text in missing)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
