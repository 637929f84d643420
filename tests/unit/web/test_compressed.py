"""What a browser takes compressed, and what stays as it is."""

import gzip

ZIPPED = {"Accept-Encoding": "gzip, br"}


def test_pages_and_scripts_travel_compressed_to_whom_takes_it(app):
    client = app.test_client()

    page = client.get("/sign-in", headers=ZIPPED)
    plain = client.get("/sign-in")
    style = client.get("/static/site.css", headers=ZIPPED)

    assert page.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["Vary"]
    assert "</html>" in gzip.decompress(page.data).decode()
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert int(page.headers["Content-Length"]) == len(page.data) < len(plain.data)
    assert gzip.decompress(style.data) == client.get("/static/site.css").data


def test_the_same_page_is_not_always_as_long(app):
    client = app.test_client()

    lengths = {len(client.get("/lookup", headers=ZIPPED).data) for _ in range(12)}

    assert len(lengths) > 3


def test_what_a_browser_has_kept_is_still_known_to_be_the_same(app):
    client = app.test_client()
    first = client.get("/static/site.css", headers=ZIPPED)

    again = client.get(
        "/static/site.css", headers=ZIPPED | {"If-None-Match": first.headers["ETag"]}
    )

    assert first.headers["ETag"].startswith("W/")
    assert again.status_code == 304


def test_small_answers_and_redirects_stay_as_they_are(app):
    client = app.test_client()

    icon = client.get("/static/icon.svg", headers=ZIPPED)
    led = client.get("/my/cases", headers=ZIPPED)

    assert "Content-Encoding" not in icon.headers
    assert led.status_code == 302
    assert "Content-Encoding" not in led.headers
