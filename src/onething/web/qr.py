"""QR codes as pictures inside a page: nothing is fetched for them."""

import segno


def qr_image(text: str) -> str:
    """Return the data address of an SVG picture of a text."""
    made = segno.make(text, error="m", micro=False)
    return str(made.svg_data_uri(scale=4, border=2, light="#fff"))
