"""身后事: a village officer applies once for a family, and every department does its part."""


def test_a_village_officer_leads_a_family_through_every_department(begin, people):
    # Given a death at home, and a village officer with the family's mandate
    journey = begin("after-death", "village-officer-files-for-the-family")

    # When every department has done its part
    journey.play()

    # Then the family holds the closing slip, and the case is closed for everybody
    village = journey.wait_for("全部办成")
    slip = village.page.get_by_role("link", name="结算单").first
    assert village.download(slip).startswith(b"%PDF-")
    assert [people(user).refused for user in ("village", "police", "health")] == [[], [], []]
