"""A walk-in at the counter: the card is read once, the receipt lets the family look up."""

from e2e.journey import application, of_another, set_out

HALL = "/offices/service-hall/window"


def test_a_citizen_at_the_counter_goes_home_with_a_receipt(site, people, visitor):
    # Given a clerk at the counter and a citizen with a card and no account
    journey = set_out(site, people, "after-death", "front-desk-does-not-accept")
    data = journey.moved(of_another(application(journey.scenario), 2))
    handler = data["handler"]
    clerk = visitor("window")
    clerk.visit(HALL)
    clerk.page.get_by_label("身后事").check()

    # When the reader types the card's line and Enter, as a reader does
    clerk.page.locator("#card").focus()
    clerk.page.keyboard.type(f"{handler['name']},男,汉,1970年03月03日,样例路,{handler['idNo']}\n")
    clerk.page.locator('[name="handler.idNo"]').wait_for()

    # Then the number stands in the form and is not asked for again
    assert clerk.page.locator('[name="handler.idNo"]').input_value() == handler["idNo"]
    assert clerk.page.locator('[name="handler.name"]').input_value() == handler["name"]
    clerk.fill(data)
    clerk.press("下一步：群众核对")
    assert not clerk.mistakes, clerk.mistakes
    clerk.page.get_by_label("申请人已当面核对").check()
    clerk.press("开立办件")
    assert clerk.page.locator("h1").inner_text() == journey.names["check-application"]

    # And the receipt bears number and query code, with which the family looks up without account
    clerk.visit(HALL)
    clerk.follow("打印回执")
    case_no, query_code = clerk.case_no, clerk.query_code
    family = visitor()
    family.visit("/lookup")
    family.page.get_by_label("办件编号").fill(case_no)
    family.page.get_by_label("查询码").fill(query_code)
    family.press("查询")
    assert family.reads("身后事")
    assert not family.reads(handler["idNo"])
    assert clerk.refused == family.refused == []
