"""婚姻状况变更 while the police cannot be reached: nobody is blocked, officers do it by hand."""

UPDATE = "police.household.update_marital_status"


def test_a_couple_is_registered_while_the_police_system_is_down(begin, site, people):
    # Given a couple that has married, and departments whose systems are down
    journey = begin("marriage-status-change", "every-linked-system-down")
    journey.play(until="change-household-by-hand")

    # When officers do by hand what their systems do not do
    journey.play()

    # Then the police had been asked more than once, and the tracker shows the case as done
    citizen = journey.wait_for("全部办成")
    assert len(site.received(journey.case_no, UPDATE)) > 1
    assert citizen.download(citizen.page.get_by_role("link", name="结婚证").first)[:5] == b"%PDF-"

    # And the registry's head may begin a correction of the closed case
    head = people("registry-head")
    correction = f"/cases/{journey.case_no}/follow"
    assert head.visit(correction) == 200
    assert head.page.url.endswith(correction)
