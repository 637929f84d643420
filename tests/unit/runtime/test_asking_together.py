"""Departments are asked at the same time; what does not come in time is left out."""

import threading

from onething.connectors import operations
from onething.errors import AnswerInvalid, DepartmentRefused
from onething.runtime.sharing.ask_together import ask_together

PERSON = {"idNo": "37050219680412991X", "name": "made up"}
GET, CHECK, WELFARE = "police.household.get", "civil.marriage.check", "civil.welfare.list"
PURPOSES = dict.fromkeys((GET, CHECK, WELFARE), "made for a test")


class Departments:
    """Departments that answer, refuse, or wait until they are let go."""

    def __init__(self, **answers) -> None:
        self.answers = answers
        self.let_go = threading.Event()
        self.sent: list[tuple] = []

    def call(self, operation, inputs, _key, case_no, purpose=""):
        self.sent.append((operation.id, inputs, case_no, purpose))
        answer = self.answers[operation.department]
        if answer == "hangs":
            self.let_go.wait(30)
            return {}
        if isinstance(answer, Exception):
            raise answer
        return answer


def ask(node, *names, wait_s=5.0):
    wanted = [operations()[name] for name in names]
    return ask_together(node.host, wanted, PERSON, PURPOSES, wait_s)


def test_only_what_an_operation_declares_is_sent_with_its_purpose(node):
    node.host.departments = Departments(police={"name": "x"})

    answers, reasons = ask(node, GET)

    assert (answers, reasons) == ({GET: {"name": "x"}}, {})
    assert node.host.departments.sent == [(GET, {"idNo": PERSON["idNo"]}, "", "made for a test")]


def test_one_that_hangs_holds_up_no_other_and_is_left_out(node):
    node.host.departments = Departments(police="hangs", civil={"status": "x"})

    answers, reasons = ask(node, GET, CHECK, wait_s=0.2)
    node.host.departments.let_go.set()

    assert (set(answers), reasons) == ({CHECK}, {GET: "late"})


def test_one_that_hangs_again_and_again_takes_its_own_threads_only(node):
    node.host.departments = Departments(police="hangs", civil={"status": "x"})

    while len(node.host.departments.sent) < 4:
        ask(node, GET, wait_s=0.05)
    answers, reasons = ask(node, GET, CHECK)
    node.host.departments.let_go.set()

    assert (set(answers), reasons) == ({CHECK}, {GET: "away"})


def test_refusals_and_broken_answers_have_their_reasons(node):
    node.host.departments = Departments(
        police=DepartmentRefused("NO_RECORD"), civil=AnswerInvalid("made for a test")
    )

    assert ask(node, GET, CHECK, WELFARE) == ({}, {GET: "none", CHECK: "away", WELFARE: "away"})


def test_node_without_departments_asks_nobody(node):
    node.host.departments = None

    assert ask(node, GET) == ({}, {GET: "away"})
