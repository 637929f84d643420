"""What axe-core finds on a page: every violation, of whatever weight.

Source: WCAG 2.1 AA; GB/T 37668-2019.
"""

import re
from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.js").read_text(encoding="utf-8")
LOOK = """
axe.run(document, {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
}).then((found) => found.violations.map((one) => [one.impact, one.id, one.nodes[0].html]))
"""
WHOLE = "document.readyState === 'complete' && !document.querySelector('.htmx-request')"
"""A page that is loaded, and of which no part is being fetched."""
_seen: set[str] = set()


def barriers(page: Page) -> list[list[str]]:
    """Return what bars people from the page as it stands: weight, rule and first place."""
    page.wait_for_function(WHOLE)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(LOOK)


def require_open(page: Page) -> None:
    """Look at each page once that a test comes by; numbers and ids in an address do not count."""
    kind = re.sub(r"/[^/?]*\d[^/?]*", "/*", page.url.partition("?")[0])
    if kind not in _seen:
        _seen.add(kind)
        found = barriers(page)
        assert not found, f"{page.url} bars people: {found}"
