"""婚姻状况变更 while the police system is down: nobody is blocked, people do it by hand."""

import pytest

GROOM, BRIDE = "370502199605189913", "370521199711029904"

APPLICATION = {
    "kind": "结婚",
    "linked.fund": True,
    "a.maritalDeclared": "未婚",
    "b.maritalDeclared": "未婚",
    "kinshipDeclaration": True,
    "voluntary": True,
    "delivery.mode": "ecert",
    "commitment.truthful": True,
    "registry": "东营区民政局婚姻登记处",
    "registryDivision": "370502",
    "slot": "2026-12-01T10:00",
    "a.name": "陈志远",
    "a.idNo": GROOM,
    "a.hukouDivision": "370502",
    "a.phone": "13805460001",
    "b.name": "林晓彤",
    "b.idNo": BRIDE,
    "b.hukouDivision": "370505",
    "b.phone": "13805460002",
}
IDENTITY = {
    "attendance.aPresent": True,
    "attendance.bPresent": True,
    "attendance.identityA": "consistent",
    "attendance.identityB": "consistent",
    "attendance.originalsSeen": True,
    "attendance.officer": "王敏",
}
DECLARATION = {
    "declaration.voluntaryA": True,
    "declaration.voluntaryB": True,
    "declaration.kinship": "无血亲关系",
    "declaration.fingerprintA": True,
    "declaration.fingerprintB": True,
    "declaration.photoTaken": True,
    "declaration.interview": "分别询问，双方均表示完全自愿，无禁止结婚的亲属关系。",
    "declaration.officer": "王敏",
}
REVIEW = {"review.decision": "approve", "review.fee": "0", "review.officer": "李静"}
BY_HAND = {
    "household.outcome": "done",
    "household.pagePrinted": "next",
    "household.statusBefore": "未婚",
    "household.officer": "孙强",
    "household.receiptNo": "HK-0001",
    "household.updatedOn": "2026-12-01",
}


@pytest.fixture
def police_down(demonstration):
    """Let the household register fail for the length of the test."""
    demonstration.fail("police", "down", "police.household.update_marital_status")
    yield
    demonstration.mend("police")


def test_a_couple_marries_while_the_household_register_is_down(demonstration, person, police_down):
    # Given a couple's application that the registry has granted
    citizen = person("citizen")
    case_no = citizen.apply("marriage-status-change", APPLICATION)
    registrar = person("registry")
    registrar.complete(case_no, "到场核验身份", IDENTITY)
    registrar.complete(case_no, "询问并签署声明书", DECLARATION)
    registrar.complete(case_no, "审查并决定", REVIEW)
    citizen.tracks(case_no, "派出所")

    # When the register has not answered for hours, and a police officer changes it by hand
    demonstration.advance(hours=6)
    officer = person("police")
    officer.complete(case_no, "户口变更确认", BY_HAND)
    officer.complete(case_no, "户口变更确认", BY_HAND)

    # Then the applicant holds the certificate and the whole case is granted
    citizen.tracks(case_no, "全部办成")
    with citizen.page.expect_download() as download:
        citizen.page.get_by_role("link", name="结婚证").first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert demonstration.records("marriages", aIdNo=GROOM)[0]["bIdNo"] == BRIDE
