"""Templates of documents, as a service package's `texts/documents.toml` writes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from onething import feel
from onething.documents.texts import NO_WORDING, NOTHING, Text, compile_text
from onething.errors import ExpressionError, Finding, ModelRefused, NotFound
from onething.feel import Environment, Expression

Style = Literal["notice", "certificate"]
_STYLES = frozenset({"notice", "certificate"})


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the table of fields."""

    label: str
    value: Text


@dataclass(frozen=True, slots=True)
class Listing:
    """A table with one line for each entry of a list."""

    rows: Expression
    columns: tuple[Field, ...]

    def lines(
        self,
        data: Mapping[str, Any],
        env: Environment,
        language: str = "zh",
        wording: Mapping[str, str] = NO_WORDING,
    ) -> tuple[tuple[str, ...], ...]:
        """Return the cells of each line, set over the document's data."""
        found = feel.to_json(self.rows.evaluate(data, env))
        entries = found if isinstance(found, list) else []
        return tuple(
            tuple(
                column.value.set({**data, **_context(entry)}, env, language, wording)
                for column in self.columns
            )
            for entry in entries
        )


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of document."""

    id: str
    title: str
    prefix: str
    """Begins the number: `prefix〔year〕serial号`; empty: a notice, which has none."""
    style: Style
    issuer: Text
    """Stands at the head and signs; empty: taken from the seal."""
    seal: Text
    """Authority, a blank, the seal's own name: 东营市民政局 婚姻登记专用章."""
    paragraphs: tuple[Text, ...]
    fields: tuple[Field, ...]
    listing: Listing | None
    legal_basis: tuple[str, ...]
    remedy: Text
    """How to object; where the document refuses something."""
    title_en: str = ""
    paragraphs_en: tuple[Text, ...] = ()
    """What notices say to readers of English; the document itself is Chinese."""
    remedy_en: Text = NOTHING


def templates(
    files: Iterable[Mapping[str, Any]], name: str = "documents.toml"
) -> dict[str, Template]:
    """Read templates by id from parsed files; a later file's template replaces an earlier one.

    A file holds tables named by the id, or `[[documents]]` with an `id`. An entry without a
    `prefix` is a notice: it can be set but gets no number; its text may stand in `body`.

    Raises:
        ModelRefused: a template lacks its title, or holds what is not FEEL.
    """
    found: dict[str, Template] = {}
    findings: list[Finding] = []
    for file in files:
        for raw in _entries(file):
            try:
                found[str(raw["id"])] = _template(raw)
            except (KeyError, TypeError, AttributeError, ExpressionError) as error:
                message = f"the template is not whole: {error}"
                remedy = "give id, title, and FEEL in {=…}"
                ident = str(raw.get("id", ""))
                findings.append(Finding(name, ident, "document-template", message, remedy))
    if findings:
        raise ModelRefused(findings)
    return found


def template_of(found: Mapping[str, Template], template_id: str) -> Template:
    """Return one template.

    Raises:
        NotFound: the package has no such template.
    """
    if template_id not in found:
        raise NotFound(f"The package has no document template {template_id}")
    return found[template_id]


def _entries(file: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = file.get("documents")
    if isinstance(listed, list):
        return [entry for entry in listed if isinstance(entry, dict)]
    named = listed if isinstance(listed, dict) else file
    return [
        {"id": key, **entry}
        for key, entry in named.items()
        if isinstance(entry, dict) and "title" in entry
    ]


def _template(raw: Mapping[str, Any]) -> Template:
    style = raw.get("style", "notice")
    basis = raw.get("legal_basis", ())
    if style not in _STYLES:
        raise TypeError(f"the style {style} is none of {sorted(_STYLES)}")
    return Template(
        id=str(raw["id"]),
        title=str(raw["title"]),
        prefix=str(raw.get("prefix", "")),
        style=cast("Style", style),
        issuer=compile_text(str(raw.get("issuer", ""))),
        seal=compile_text(str(raw.get("seal", ""))),
        paragraphs=tuple(compile_text(str(text)) for text in raw.get("paragraphs") or _body(raw)),
        fields=_fields(raw.get("fields", ())),
        listing=_listing(raw.get("table")),
        legal_basis=(basis,) if isinstance(basis, str) else tuple(basis),
        remedy=compile_text(str(raw.get("remedy", ""))),
        title_en=str(raw.get("title_en", "")),
        paragraphs_en=tuple(
            compile_text(str(text)) for text in raw.get("paragraphs_en") or _body(raw, "body_en")
        ),
        remedy_en=compile_text(str(raw.get("remedy_en", ""))),
    )


def _body(raw: Mapping[str, Any], name: str = "body") -> list[str]:
    return [str(raw[name])] if raw.get(name) else []


def _fields(raw: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    return tuple(Field(str(one["label"]), compile_text(str(one["value"]))) for one in raw)


def _context(entry: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return entry if isinstance(entry, dict) else {"entry": entry}


def _listing(raw: Mapping[str, Any] | None) -> Listing | None:
    if not raw:
        return None
    return Listing(feel.compile(str(raw["rows"]).removeprefix("=")), _fields(raw["columns"]))
