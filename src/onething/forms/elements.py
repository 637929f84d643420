"""The data dictionary (数据元): what every field of every form means.

Source: report §1.3, §22; the file's own head tells its shape.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

from onething.errors import Finding, ModelRefused
from onething.forms.json_value import Json
from onething.forms.rules import RULES

Classification = Literal["general", "personal", "sensitive", "child"]
"""How a value is protected: general, personal (个人信息保护法 art. 4), sensitive (art. 28),
child (any data of a minor in a protected procedure)."""

CLASSIFICATIONS = frozenset({"general", "personal", "sensitive", "child"})
_PLAIN = {"string", "text", "integer", "decimal", "boolean", "date", "datetime", "month"}
TYPES = frozenset({*_PLAIN, "code", "codes", "division", "file", "list"})


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list."""

    value: str
    """What is stored."""
    zh: str
    en: str
    standard: str = ""
    """The number that the national standard gives the entry."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list of values, such as the ethnic groups."""

    id: str
    name: str
    name_en: str
    source: str
    codes: tuple[Code, ...]

    def label(self, value: str, language: str = "zh") -> str:
        """Give the label of a value, or the value itself where the list has none."""
        for code in self.codes:
            if code.value == value:
                return code.en if language == "en" else code.zh
        return value


@dataclass(frozen=True, slots=True)
class Element:
    """One data element: what a value means, wherever it is asked."""

    id: str
    name: str
    name_en: str
    type: str
    classification: Classification
    rule: str = ""
    """Name of a rule of `onething.forms.rules`, or an empty text."""
    codes: CodeList | None = None
    share: str = ""
    """Department operation that can supply the value, or an empty text."""
    office: str = ""
    """Of an appointment: id of the element that names its office, or an empty text."""
    share_field: str = ""
    """Field of the operation's answer that is the value; empty: nothing is prefilled from it."""
    share_of: str = ""
    """`applicant`: the value tells of whoever applies; empty: of the person it stands with."""
    own_name: bool = False
    """Whether it names whoever does the task: their name stands there until it is changed."""


@dataclass(frozen=True, slots=True)
class Elements:
    """The whole dictionary."""

    elements: Mapping[str, Element] = field(default_factory=dict)
    codes: Mapping[str, CodeList] = field(default_factory=dict)

    def get(self, element_id: str) -> Element | None:
        """Give an element by id, such as `person.id_number`."""
        return self.elements.get(element_id)


def load_elements(source: Path | bytes) -> Elements:
    """Read the dictionary from its file, or from the file's bytes.

    Raises:
        ModelRefused: an entry names a type, rule, code list or class that does not exist.
    """
    if isinstance(source, bytes):
        return _loaded(source, "_elements.toml")
    return _loaded(source.read_bytes(), source.name)


@lru_cache(maxsize=16)
def _loaded(data: bytes, name: str) -> Elements:
    """Read a dictionary once: the deployments of a site mostly share it."""
    raw = tomllib.loads(data.decode("utf-8"))
    codes = {key: _code_list(key, entry) for key, entry in raw.get("codes", {}).items()}
    elements: dict[str, Element] = {}
    findings: list[Finding] = []
    for group, entries in raw.get("elements", {}).items():
        for key, entry in entries.items():
            element_id = f"{group}.{key}"
            findings += _faults(name, element_id, entry, codes)
            elements[element_id] = _element(element_id, entry, codes)
    findings += _lost_offices(name, elements)
    if findings:
        raise ModelRefused(findings)
    return Elements(elements, codes)


def _lost_offices(file: str, elements: Mapping[str, Element]) -> list[Finding]:
    """Name the appointments whose office no element names."""
    return [
        Finding(
            file=file,
            element=one.id,
            rule="element-office",
            message=f"office “{one.office}” does not exist",
            remedy="name the element that holds the office's name, of a datetime only",
        )
        for one in elements.values()
        if one.office and (one.office not in elements or one.type != "datetime")
    ]


def _code_list(key: str, entry: Mapping[str, Json]) -> CodeList:
    codes = tuple(
        Code(
            value=row["value"],
            zh=row.get("zh", row["value"]),
            en=row["en"],
            standard=row.get("code", ""),
        )
        for row in entry["values"]
    )
    return CodeList(key, entry["name"], entry["name_en"], entry.get("source", ""), codes)


def _element(element_id: str, entry: Mapping[str, Json], codes: Mapping[str, CodeList]) -> Element:
    return Element(
        id=element_id,
        name=entry["name"],
        name_en=entry["name_en"],
        type=entry["type"],
        classification=cast("Classification", entry["classification"]),
        rule=entry.get("rule", ""),
        codes=codes.get(entry.get("codes", "")),
        share=entry.get("share", ""),
        office=entry.get("office", ""),
        share_field=entry.get("share_field", ""),
        share_of=entry.get("share_of", ""),
        own_name=entry.get("own_name", False),
    )


def _faults(
    file: str, element_id: str, entry: Mapping[str, Json], codes: Mapping[str, CodeList]
) -> list[Finding]:
    known = {
        "type": TYPES,
        "classification": CLASSIFICATIONS,
        "rule": RULES.keys() | {""},
        "codes": codes.keys() | {""},
        "share_of": {"", "applicant"},
    }
    return [
        Finding(
            file=file,
            element=element_id,
            rule=f"element-{attribute}",
            message=f"{attribute} “{entry.get(attribute, '')}” does not exist",
            remedy=f"use one of {', '.join(sorted(filter(None, allowed)))}",
        )
        for attribute, allowed in known.items()
        if entry.get(attribute, "") not in allowed
    ]
