"""Stamped copies of pictures: turned the right way up, no larger than a screen needs, marked.

The copy is drawn anew from the pixels: nothing else of the file is in it.
"""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from threading import Lock

import pylopdf_fonts_zh_cn as fonts
from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from onething.documents.stamp import Stamp
from onething.errors import NotStampable

SIDES_PX = {"thumbnail": 240, "page": 1_800, "download": 3_600}
"""Longest side of a copy."""
MOST_PIXELS = 60_000_000
_ADVICE = "图片打不开，不能显示；请重新提交 (the picture cannot be opened: give it again)"
_turn = Lock()
"""A photo of 60 megapixels takes 180 MB while it is drawn: one at a time in a process."""
_DARK, _PALE = (60, 60, 60, 120), (255, 255, 255, 170)
_CLOSE = 0.75
"""Rows of the mark stand closer than its tilted tile is high: its corners are empty."""
_ANGLE = 28
_QUALITY = 85


def stamped_image(content: bytes, stamp: Stamp, size: str) -> bytes:
    """Draw a stamped copy as JPEG.

    Args:
        content: A JPEG or PNG.
        stamp: The mark.
        size: One of SIDES_PX.

    Raises:
        NotStampable: It cannot be opened, or is too large.
    """
    with _turn:
        try:
            picture = _opened(content, SIDES_PX[size])
        except (OSError, ValueError, SyntaxError, UnidentifiedImageError, MemoryError) as error:
            raise NotStampable(_ADVICE) from error
        lines = stamp.lines[:1] if size == "thumbnail" else stamp.lines
        picture.paste(mark := _mark(picture.size, lines), mask=mark)
        out = BytesIO()
        picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _opened(content: bytes, side: int) -> Image.Image:
    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as found:
        if found.width * found.height > MOST_PIXELS:
            raise ValueError(found.size)
        found.draft("RGB", (side, side))
        found.load()
        picture = ImageOps.exif_transpose(found)
        picture.thumbnail((side, side))
        whole = Image.new("RGB", picture.size, "white")
        if picture.mode in ("RGBA", "LA", "PA", "P"):
            picture = picture.convert("RGBA")
            whole.paste(picture, mask=picture)
            return whole
        return picture.convert("RGB")


def _mark(size: tuple[int, int], lines: Sequence[str]) -> Image.Image:
    """Draw the lines over and over, so that no part of the picture is without them."""
    font = _font(max(11, min(max(size) // 46, 42)))
    tile = _tile(lines, font)
    drawn = tile.getchannel("A").point(lambda alpha: 255 if alpha else 0)
    mark = Image.new("RGBA", size)
    for row, y in enumerate(range(0, size[1], int(tile.height * _CLOSE))):
        for x in range(-(row % 2) * tile.width // 2, size[0], tile.width):
            mark.paste(tile, (x, y), mask=drawn)
    return mark


def _tile(lines: Sequence[str], font: ImageFont.FreeTypeFont) -> Image.Image:
    text = "\n".join(lines)
    room = font.size
    left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox(
        (0, 0), text, font=font
    )
    flat = Image.new("RGBA", (int(right - left + 2 * room), int(bottom - top + 2 * room)))
    ImageDraw.Draw(flat).multiline_text(
        (room - left, room - top),
        text,
        font=font,
        fill=_DARK,
        align="center",
        stroke_width=1,
        stroke_fill=_PALE,
    )
    return flat.rotate(_ANGLE, resample=Image.Resampling.BICUBIC, expand=True)


@lru_cache(maxsize=40)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.serif_path()), size)
