"""Large type on a phone: nothing is wider than the screen, nothing smaller than it may be.

Source: GB/T 37668-2019; Ministry of Industry, guide for elder-friendly websites (2021).
"""

import pytest

from e2e.pages import PHONE

LEAST_TEXT_PX = 18
LEAST_TARGET_PX = 44
SMALL_TEXTS = """
least => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim(), holder = walk.currentNode.parentElement;
    const size = parseFloat(getComputedStyle(holder).fontSize);
    if (text && size < least && holder.checkVisibility() && holder.getClientRects().length)
      found.push([size, holder.className, text.slice(0, 20)]);
  }
  return found;
}
"""
SMALL_TARGETS = """
least => [...document.querySelectorAll("form :is(button, a, select, input:not([type=hidden]))")]
  .filter(one => one.checkVisibility() && !one.matches(".hidden, [type=checkbox], [type=radio]"))
  .map(one => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.width && (box.height < least - .5 || box.width < least - .5))
  .map(([box, one]) => [box.width, box.height, one.outerHTML.slice(0, 120)])
"""
PAGES = {
    "citizen": [
        "/",
        "/services/after-death",
        "/services/after-death/guide?items=火化",
        "/services/after-death/apply",
        "/my/cases",
        "/my/cases/{case_no}",
        "/messages",
        "/my/appointments/new?office=dongying-marriage&service=marriage-status-change",
        "/account",
        "/lookup",
    ],
    "window": ["/tasks", "/tasks?q={case_no}"],
}


@pytest.mark.parametrize("user", PAGES)
def test_large_type_fits_a_phone_and_is_large(user, visitor, waiting_case):
    person = visitor(user, PHONE)
    person.visit("/account")
    person.leave_by(person.page.get_by_role("button", name="大字版"))

    wide, texts, targets = [], [], []
    for language in ("zh-CN", "en"):
        for path in PAGES[user]:
            assert person.go(path.format(case_no=waiting_case.case_no)) == 200
            page = person.page
            width = page.evaluate("document.documentElement.scrollWidth")
            wide += [(path, language, width)] if width > PHONE["width"] else []
            texts += [(path, *one) for one in page.evaluate(SMALL_TEXTS, LEAST_TEXT_PX)]
            targets += [(path, *one) for one in page.evaluate(SMALL_TARGETS, LEAST_TARGET_PX)]
        assert page.locator("html").get_attribute("lang") == language
        person.leave_by(page.locator("button[name=language]").first)

    assert (wide, texts, targets) == ([], [], [])
