"""收养登记: supplement, assessment and sixty days of public notice come before the certificate."""

import pytest

MISSING = {
    "check": {
        "identityChecked": True,
        "identityResult": "consistent",
        "materialsComplete": False,
        "materialsValid": True,
        "decision": "supplement",
        "missing": [{"name": "捡拾报案证明", "problem": "未提交原件", "requirement": "提交原件"}],
        "reason": "缺少捡拾报案证明原件",
    }
}
SUPPLEMENT = {"supplement": {"note": "已补交报案证明原件"}}


@pytest.fixture(scope="module")
def foundling(site, people):
    """The adoption of a foundling, applied for and sent back once for a supplement."""
    from e2e.journey import set_out

    journey = set_out(site, people, "adoption-registration", "foundling-to-archive")
    journey.play(until="check-application")
    journey.complete("window", "check-application", MISSING)
    journey.complete("citizen", "provide-supplement", SUPPLEMENT)
    return journey


def test_a_foundling_is_adopted_after_supplement_notice_and_assessment(foundling, people):
    # When the supplement is accepted, the notice has hung and the assessors have agreed
    foundling.play(until="close-notice")
    citizen = foundling.wait_for("收养登记")
    before = citizen.page.get_by_role("link", name="收养登记证").count()
    foundling.play()

    # Then there is a certificate now, where there was none, and every part is done
    citizen = foundling.wait_for("全部办成")
    certificate = citizen.page.get_by_role("link", name="收养登记证").first
    assert before == 0
    assert citizen.download(certificate).startswith(b"%PDF-")
