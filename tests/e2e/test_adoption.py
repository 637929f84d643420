"""收养登记: supplement, assessment and sixty days of public notice come before the certificate."""

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


def test_a_foundling_is_adopted_after_supplement_notice_and_assessment(begin):
    # Given an application for a foundling that was sent back once for a supplement
    journey = begin("adoption-registration", "foundling-to-archive")
    journey.play(until="check-application")
    journey.complete("window", "check-application", MISSING)
    journey.answer("provide-supplement", SUPPLEMENT)

    # When it is accepted, the notice has hung its days and the assessors have agreed
    journey.play(until="close-notice")
    citizen = journey.wait_for("收养登记")
    certificate = citizen.page.get_by_role("link", name="收养登记证")
    certificates_during_notice = certificate.count()
    journey.play()

    # Then there is a certificate where there was none, and every part is done
    journey.wait_for("全部办成")
    assert certificates_during_notice == 0
    assert citizen.download(certificate.first).startswith(b"%PDF-")
