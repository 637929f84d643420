"""Drawing a document: template, data and number in, the bytes of a PDF out.

The same input always gives the same bytes: the only instant in the file is `now`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from onething.documents.page import BOTTOM_MM, LEFT_MM, RED, WIDTH_MM, Paper
from onething.documents.row import Drawn, Issue
from onething.documents.seal import RADIUS_MM, draw_seal
from onething.documents.templates import Listing, Template
from onething.documents.texts import BLANK, day
from onething.documents.typography import ended, typographic
from onething.feel import Environment

_LABEL_MM = 46.0
_QR_MM = 24.0
_SALUTATION_CHARS = 40
_LISTING_SIZE = 10.5
_SHORT_TITLE_CHARS = 5
_TIGHT = 0.8
"""Share of the line pitch that is left where a document would end on a page without text."""
_SEAL_NAME = "专用章"
_FOOT_MM = 2 * RADIUS_MM + 6


def draw(template: Template, data: Mapping[str, Any], issue: Issue, env: Environment) -> Drawn:
    """Draw a document.

    Args:
        template: what to write.
        data: the values that its FEEL sees.
        issue: number, day, case.
        env: the present instant, the only one in the file.
    """
    body = _Body.of(template, data, env)
    code = check_code(body, issue)
    footer = (
        f"文书编号 {issue.number}　校验码 {code}"
        + (f"　联办件 {issue.case_no}" if issue.case_no else ""),
        "本文书由政务服务一件事系统出具，可凭文书编号和校验码核验。",
    )
    paper = Paper(template.title, footer, env.now)
    if not _set(paper, body, issue, code):
        paper = Paper(template.title, footer, env.now, leading=_TIGHT)
        _set(paper, body, issue, code)
    return Drawn(bytes(paper.output()), code)


def _set(paper: Paper, body: "_Body", issue: Issue, code: str) -> bool:
    """Set a document; False: issuer and seal stand alone on the last page, as they may not.

    Source: GB/T 9704-2012 §7.3.5.5 (spacing is narrowed, so that text stands by the seal).
    """
    _head(paper, body, issue)
    _middle(paper, body)
    return _foot(paper, body, issue, code)


@dataclass(frozen=True, slots=True)
class _Body:
    """What a document says, set."""

    title: str
    style: str
    issuer: str
    authority: str
    """Set along the arc of the seal."""
    seal_name: str
    paragraphs: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legal_basis: str
    remedy: str

    @classmethod
    def of(cls, template: Template, data: Mapping[str, Any], env: Environment) -> "_Body":
        """Set a template over data."""
        authority, seal_name = _seal(template.seal.set(data, env))
        issuer = template.issuer.set(data, env).strip()
        if not authority.endswith(_SEAL_NAME):
            issuer = issuer or authority
        elif issuer:
            authority, seal_name = issuer, authority
        listing = template.listing
        rows = _rows(listing, data, env) if listing else ()
        return cls(
            title=template.title,
            style=template.style,
            issuer=issuer,
            authority=authority,
            seal_name=seal_name,
            paragraphs=tuple(
                ended(typographic(text))
                for text in (one.set(data, env).strip() for one in template.paragraphs)
                if text
            ),
            fields=tuple(
                (typographic(one.label), typographic(one.value.set(data, env)) or BLANK)
                for one in template.fields
            ),
            headings=tuple(typographic(column.label) for column in listing.columns)
            if rows and listing
            else (),
            rows=rows,
            legal_basis="、".join(_quoted(typographic(basis)) for basis in template.legal_basis),
            remedy=typographic(template.remedy.set(data, env)),
        )


def _seal(text: str) -> tuple[str, str]:
    """Take a seal's text apart: the authority, and the seal's own name behind a blank."""
    authority, _, name = text.strip().partition(" ")
    return authority, name


def _quoted(basis: str) -> str:
    """Put an act's name in book title marks, its article behind.

    Numbered papers (民发〔2020〕144号) and standards (DA/T 85-2019) have none.
    """
    if "\u3014" in basis or basis[:1].isascii():
        return basis
    act, _, article = basis.partition(" ")
    return f"{act if act.startswith('《') else f'《{act}》'}{article}"


def _rows(
    listing: Listing, data: Mapping[str, Any], env: Environment
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(typographic(cell) or BLANK for cell in line) for line in listing.lines(data, env)
    )


def check_code(body: object, issue: Issue) -> str:
    """Hash what a document says to 16 hexadecimal digits in groups of four."""
    digest = sha256(f"{body!r}{issue.number}{issue.issued_on}".encode()).hexdigest()[:16].upper()
    return "-".join(digest[place : place + 4] for place in range(0, 16, 4))


def _head(paper: Paper, body: _Body, issue: Issue) -> None:
    if body.style == "certificate":
        paper.set_draw_color(*RED)
        paper.set_line_width(1.2)
        paper.rect(14, 14, 182, 257)
        paper.set_line_width(0.3)
        paper.rect(16.5, 16.5, 177, 252)
        paper.set_draw_color(0)
        paper.set_y(38)
        paper.centred(_spaced(body.title), 28, 14, bold=True)
        paper.gap(2)
        paper.centred(issue.number, 12, 8)
        paper.gap(6)
        return
    if body.issuer:
        paper.set_text_color(*RED)
        paper.set_draw_color(*RED)
        paper.centred(body.issuer, paper.fitting(body.issuer, 26), 14, bold=True)
        paper.set_text_color(0)
    paper.set_draw_color(*RED)
    paper.gap(2)
    paper.centred(issue.number, 12, 7)
    paper.set_draw_color(*RED)
    paper.set_line_width(0.7)
    paper.line(LEFT_MM, paper.get_y() + 2, LEFT_MM + WIDTH_MM, paper.get_y() + 2)
    paper.set_draw_color(0)
    paper.gap(12)
    paper.centred(body.title, 20, 12, bold=True)
    paper.gap(6)


def _spaced(title: str) -> str:
    """Set a short title wide."""
    return "\u3000".join(title) if len(title) <= _SHORT_TITLE_CHARS else title


def _middle(paper: Paper, body: _Body) -> None:
    for number, text in enumerate(body.paragraphs):
        is_salutation = (
            number == 0 and text.endswith((":", "\uff1a")) and len(text) < _SALUTATION_CHARS
        )
        paper.paragraph(text, plain=is_salutation)
    if body.fields:
        paper.gap(4)
        for label, value in body.fields:
            paper.row([label, value], [_LABEL_MM, WIDTH_MM - _LABEL_MM])
    if body.headings:
        paper.gap(4)
        paper.grid(list(body.headings), body.rows, _LISTING_SIZE)
    paper.gap(4)
    if body.legal_basis:
        paper.paragraph(f"法律依据：{body.legal_basis}。", size=12, height=8)
    if body.remedy:
        paper.paragraph(body.remedy)


def _foot(paper: Paper, body: _Body, issue: Issue, code: str) -> bool:
    """Draw code, issuer, date and seal, kept together on one page; tell whether text is on it.

    A page without text says so: nobody can add any above the seal.
    """
    fits = paper.get_y() + _FOOT_MM <= paper.h - BOTTOM_MM
    if not fits:
        paper.add_page()
        paper.paragraph("（此页无正文）", plain=True)
    paper.gap(6)
    top = paper.get_y()
    paper.qr(issue.qr_text(code), LEFT_MM, top + 2, _QR_MM)
    paper.set_font("serif", size=8)
    paper.set_xy(LEFT_MM, top + _QR_MM + 3)
    paper.cell(_QR_MM, 4, "扫码核验", align="C")
    centre = LEFT_MM + WIDTH_MM - 42
    paper.set_font("serif", size=14)
    for number, line in enumerate((body.issuer, day(issue.issued_on))):
        paper.set_xy(centre - 45, top + 12 + number * 9)
        paper.cell(90, 9, line, align="C")
    if body.authority:
        draw_seal(paper, centre, top + RADIUS_MM, body.authority, body.seal_name)
    return fits
