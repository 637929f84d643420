"""The one typeface of documents, read once a process and embedded by the glyphs in use.

fpdf2 reads a whole font for each document and cuts it down as a whole: with 31,058 glyphs that
is nearly all the time a document takes. Here the font is read once; a document gets a small
font of its own with the glyphs it uses, whose outlines are kept from document to document.
"""

from copy import copy
from functools import cache
from io import BytesIO
from threading import Lock
from typing import cast

import pylopdf_fonts_zh_cn as fonts
from fontTools.cffLib import FDSelect
from fontTools.misc.psCharStrings import T2CharString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, getTableClass
from fpdf import FPDF
from fpdf.fonts import SubsetMap, TTFFont

FAMILY = "serif"
_NOTDEF = ".notdef"
_EMBEDDED = ("CFF ", "head", "maxp")
"""What a bare CFF program in a PDF needs of a font, and what fontTools needs to cut it."""
_reading = Lock()
"""The font's file is read glyph by glyph; threads take turns."""


class _Cut(getTableClass("CFF ")):  # type: ignore[misc]  # untyped in fontTools
    """Outlines of the glyphs in use and no others: fpdf2's cutting leaves them as they are.

    fontTools would run, read and write every outline anew to find that nothing is to be cut.
    """

    def prune_pre_subset(self, _font: TTFont, _options: Options) -> bool:
        """Keep the table."""
        return True

    def closure_glyphs(self, _subsetter: Subsetter) -> None:
        """Add no glyph: outlines name no others."""

    def subset_glyphs(self, _subsetter: Subsetter) -> bool:
        """Keep the table."""
        return True

    def prune_post_subset(self, _font: TTFont, _options: Options) -> bool:
        """Keep the table."""
        return True


class Serif(TTFFont):
    """The typeface in one document: shares what never changes, owns what is in use."""

    def __init__(self, number: int) -> None:
        read = _read()
        # fpdf2's own list of what two copies of a font may share, see TTFFont.__deepcopy__
        for name in (
            "type", "ttffile", "fontkey", "scale", "name", "up", "ut", "sp", "ss", "emphasis",
            "is_compressed", "is_cff", "is_cid_keyed", "is_symbol", "cff_ros", "cw", "cmap",
            "glyph_ids", "collection_font_number", "color_font", "palette_index", "_hbfont",
        ):  # fmt: skip
            setattr(self, name, getattr(read, name))
        self.i = number
        self.desc = copy(read.desc)
        self.missing_glyphs = []
        self.biggest_size_pt = 0.0
        self.subset = SubsetMap(self)
        self._small: TTFont | None = None

    @property
    def ttfont(self) -> TTFont:
        """The font of the glyphs in use; asked for when the document is put out."""
        if self._small is None:
            self._small = _small(set(self.subset.get_all_glyph_names()))
        return self._small

    @property
    def characters(self) -> frozenset[int]:
        """Code points that the typeface can draw."""
        return _characters()


def put_into(paper: FPDF) -> Serif:
    """Make the typeface known to a document under `FAMILY`."""
    serif = Serif(len(paper.fonts) + 1)
    paper.fonts[FAMILY] = serif
    return serif


@cache
def _read() -> TTFFont:
    """Read the whole font, once."""
    paper = FPDF()
    paper.add_font(FAMILY, fname=str(fonts.serif_path()))
    return cast("TTFFont", paper.fonts[FAMILY])


@cache
def _characters() -> frozenset[int]:
    return frozenset(_read().cmap)


@cache
def _shell() -> bytes:
    """Cut the font down to its empty glyph, once: what every small font begins with."""
    font = TTFont(str(fonts.serif_path()), recalcTimestamp=False, lazy=True)
    options = Options(notdef_outline=True, hinting=False, desubroutinize=True)
    options.drop_tables += [tag for tag in font.keys() if tag not in _EMBEDDED]  # noqa: SIM118 - a TTFont iterates otherwise
    subsetter = Subsetter(options)
    subsetter.populate(glyphs=[_NOTDEF])
    subsetter.subset(font)
    for tag in set(font.keys()) - {"GlyphOrder", *_EMBEDDED}:
        del font[tag]
    shell = BytesIO()
    font.save(shell)
    return shell.getvalue()


@cache
def _outline(glyph: str) -> bytes:
    """Return a glyph's program without subroutines and hints, which name other parts of the font.

    At most one entry for each glyph of the font, some 200 bytes each.
    """
    with _reading:
        glyphs = _read().ttfont.getGlyphSet()
        pen = T2CharStringPen(None, glyphs)
        glyphs[glyph].draw(pen)
    program = pen.getCharString()
    program.compile()
    return cast("bytes", program.bytecode)


def _small(names: set[str]) -> TTFont:
    """Make a font of some glyphs; the same glyphs give the same font."""
    font = TTFont(BytesIO(_shell()), recalcBBoxes=False, recalcTimestamp=False)
    order = [_NOTDEF, *sorted(names - {_NOTDEF})]
    font.setGlyphOrder(order)
    cut = _Cut("CFF ")
    cut.cff = font["CFF "].cff
    font["CFF "] = cut
    top = cut.cff.topDictIndex[0]
    top.charset = order
    top.FDSelect = _all_in_first(len(order))
    programs = top.CharStrings
    programs.charStringsIndex.items = [
        T2CharString(_outline(name), private=top.FDArray[0].Private, globalSubrs=top.GlobalSubrs)
        for name in order
    ]
    programs.charStrings = {name: number for number, name in enumerate(order)}
    programs.fdSelect = top.FDSelect
    font["maxp"].numGlyphs = len(order)
    return font


def _all_in_first(glyphs: int) -> FDSelect:
    select = FDSelect()
    select.format = 3
    select.gidArray = [0] * glyphs
    return select
