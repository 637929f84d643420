"""A picture is kept with its pixels and without what a phone writes into it."""

from io import BytesIO

import pytest
from PIL import Image, ImageOps

from onething.errors import UnsupportedMaterial
from onething.materials import inspect

PLACE = b"GPSHERE"


def photo(kind="JPEG", way=6, **options):
    picture = Image.effect_noise((64, 48), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = way, "A phone", {1: "N", 2: (37.0, 26.0, 1.0)}
    exif[0x010E] = PLACE.decode()
    out = BytesIO()
    picture.save(out, kind, exif=exif, **options)
    return out.getvalue()


def opened(content):
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("way", [1, 3, 6, 8])
def test_the_place_is_taken_out_and_the_way_up_stays(kind, way):
    given = photo(kind, way)

    kept = inspect(given, "photo", 1_000_000).content

    assert PLACE in given
    assert PLACE not in kept
    assert b"A phone" not in kept
    assert dict(opened(kept).getexif()).keys() <= {0x0112}
    shown = ImageOps.exif_transpose(opened(kept))
    assert shown.tobytes() == ImageOps.exif_transpose(opened(given)).tobytes()


def test_pixels_and_colours_of_a_progressive_photo_are_kept_bit_for_bit():
    given = photo(quality=70, progressive=True, icc_profile=b"a profile", comment=b"GPSHERE too")

    kept = inspect(given, "photo.jpg", 1_000_000).content

    assert opened(kept).info["icc_profile"] == b"a profile"
    assert opened(kept).tobytes() == opened(given).tobytes()
    assert PLACE not in kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_cleaning_twice_changes_nothing(kind):
    kept = inspect(photo(kind), "photo", 1_000_000)

    assert inspect(kept.content, "photo", 1_000_000) == kept


def test_what_hides_behind_a_photo_is_cut_off():
    polyglot = photo() + b"PK\x03\x04<script>alert(1)</script>"

    assert b"script" not in inspect(polyglot, "photo.jpg", 1_000_000).content


def test_what_hides_in_chunks_of_a_png_is_taken_out():
    out = BytesIO()
    info = __import__("PIL.PngImagePlugin", fromlist=["PngInfo"]).PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>", zip=False)
    Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=info)

    assert b"script" not in inspect(out.getvalue(), "a.png", 1_000_000).content


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_that_was_cut_off_is_refused(kind):
    given = photo(kind)

    with pytest.raises(UnsupportedMaterial):
        inspect(given[: len(given) // 2], "photo", 1_000_000)


def test_a_photo_of_a_newer_phone_is_refused_with_advice():
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64

    with pytest.raises(UnsupportedMaterial, match=r"兼容性最佳.*Most Compatible"):
        inspect(heic, "IMG_0001.HEIC", 1_000_000)


def test_a_picture_with_a_directory_that_points_nowhere_is_kept_without_it():
    broken = photo().replace(b"MM\x00*\x00\x00\x00\x08", b"MM\x00*\xff\xff\xff\xff")

    assert dict(opened(inspect(broken, "photo.jpg", 1_000_000).content).getexif()) == {}
