"""身后事: a village officer applies once for a family, and every department does its part."""

from e2e.journey import begin


def test_a_village_officer_leads_a_family_through_every_department(site, people):
    # Given a death at home, and a village officer with the family's mandate
    journey = begin(site, people, "after-death", "village-officer-files-for-the-family")

    # When every department has done its part
    journey.play()

    # Then the family holds the closing slip, and the case is closed for everybody
    village = journey.wait_for("全部办成")
    slip = village.page.get_by_role("link", name="结算单").first
    assert village.download(slip).startswith(b"%PDF-")
    assert [one.refused for one in map(people, ("village", "police", "health"))] == [[], [], []]
