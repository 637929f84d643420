"""A photo as a phone takes it."""

from io import BytesIO

from PIL import Image


def photo() -> bytes:
    """Return a JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "A phone", {1: "N", 2: (37.0, 26.0, 1.0)}
    out = BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()
