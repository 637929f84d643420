"""身后事: a village officer applies once for a family, and every department does its part."""

from e2e.journey import begin


def test_a_village_officer_leads_a_family_through_every_department(site, people):
    journey = begin(site, people, "after-death", "village-officer-files-for-the-family")

    journey.play(until="rate-service")

    village = people("village")
    village.visit(f"/my/cases/{journey.case_no}")
    closing_slip = village.page.get_by_role("link", name="结算单")
    assert village.download(closing_slip.first).startswith(b"%PDF-")
