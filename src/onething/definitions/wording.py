"""What a package's Chinese texts are called in English: one wording for one text.

Names of diagrams, lanes, tables, forms and legal sources stand in the files in Chinese, where
every tool shows them. Their English stands beside them: in the manifest (`name_en`), with the
document templates (`title_en`) and, for all else, under `[wording]` of `texts/en.toml`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from onething.definitions.service import Service

TABLE = "wording"
"""The table of a texts file that gives wordings by Chinese text."""


def of_manifests(services: Iterable[Service]) -> dict[str, str]:
    """Return the English that manifests give, by the Chinese text."""
    return dict(pair for service in services for pair in _of_manifest(service) if all(pair))


def of_templates(files: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the English titles of document templates, by the Chinese title."""
    templates = (one for file in files for one in file.values() if isinstance(one, dict))
    pairs = ((str(one.get("title", "")), str(one.get("title_en", ""))) for one in templates)
    return dict(pair for pair in pairs if all(pair))


def of_texts(texts: Mapping[str, Any]) -> dict[str, str]:
    """Return the wordings of a texts file, by the Chinese text; what is no text is left out."""
    table = texts.get(TABLE)
    given = table if isinstance(table, dict) else {}
    return {text: said for text, said in given.items() if isinstance(said, str)}


def _of_manifest(service: Service) -> Iterator[tuple[str, str]]:
    yield service.name, service.name_en
    yield service.summary, service.summary_en
    for item in service.items:
        yield item.name, item.name_en
        yield from ((one.name, one.name_en) for one in item.materials)
    yield from ((one.name, one.name_en) for one in service.documents)
