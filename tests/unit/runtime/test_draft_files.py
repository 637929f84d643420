"""Files of drafts: bounded, and erased with the draft where nothing else names them."""

from datetime import timedelta

import pytest

from onething import runtime
from onething.errors import TooLarge
from onething.runtime import DraftPage, KeptFile, Typed, Upload
from onething.runtime.applications import drafting
from onething.runtime.materials.take_file import KEPT_AFTER_TAKING
from unit.runtime.node import APPLICANT, OTHER, Node

PDF = b"%PDF-1.4\n%%EOF\n"
HOUR = timedelta(hours=1)


def take(node: Node, content: bytes = PDF) -> KeptFile:
    file = runtime.take_file(node.host, content, "a.pdf")
    return KeptFile("proof", file.name, file.sha256, file.type)


def save(node: Node, *files: KeptFile, actor=APPLICANT, version: int = 0) -> None:
    page = DraftPage("d1", version, "tab-1")
    runtime.save_draft(node.host, actor, "permit", page, Typed({"way": ["check"]}, files))


def later(node: Node, wait: timedelta = KEPT_AFTER_TAKING) -> int:
    """Let time pass and the worker look; return how many contents were erased."""
    node.world.clock.advance(wait)
    return runtime.erase_contents(node.host)


def test_what_nobody_sends_or_saves_is_erased_after_two_days(node: Node) -> None:
    file = take(node)

    assert later(node, KEPT_AFTER_TAKING - HOUR) == 0
    assert later(node, HOUR) == 1
    assert not node.host.store.holds(file.sha256)


def test_a_draft_keeps_its_files_and_takes_them_along(node: Node) -> None:
    file = take(node)
    save(node, file)

    assert later(node) == 0
    runtime.discard_drafts(node.host, APPLICANT, "permit")
    assert later(node, HOUR) == 1

    assert not node.host.store.holds(file.sha256)


def test_a_file_that_the_draft_gave_up_is_erased(node: Node) -> None:
    gone, stays = take(node), take(node, PDF + b"%")
    save(node, gone, stays)

    save(node, stays, version=1)

    assert later(node) == 1
    assert node.host.store.holds(stays.sha256)


def test_what_two_people_keep_stays_until_both_give_it_up(node: Node) -> None:
    file = take(node)
    for actor in (APPLICANT, OTHER):
        save(node, file, actor=actor)

    runtime.discard_drafts(node.host, APPLICANT, "permit")
    assert later(node) == 0
    runtime.discard_drafts(node.host, OTHER, "permit")

    assert later(node) == 1


def test_what_a_case_was_given_stays(node: Node) -> None:
    file = take(node)
    save(node, file)
    case_no = node.start(key="d1")
    runtime.add_material(node.host, APPLICANT, case_no, Upload("a.pdf", PDF))

    assert later(node, timedelta(days=40)) == 0
    assert node.host.store.holds(file.sha256)


def test_what_is_taken_again_waits_anew(node: Node) -> None:
    take(node)
    node.world.clock.advance(KEPT_AFTER_TAKING - HOUR)

    file = take(node)

    assert later(node, HOUR) == 0
    assert node.host.store.holds(file.sha256)


def test_a_draft_whose_content_is_gone_reads_without_it(node: Node) -> None:
    file = take(node)
    save(node, file)

    node.host.store.erase(file.sha256)

    row = runtime.find_draft(node.host, APPLICANT, "permit")
    assert runtime.read_draft(node.host, row).files == ()


def test_a_draft_keeps_no_more_than_its_files(node: Node, monkeypatch) -> None:
    many = [KeptFile("proof", "a.pdf", f"{one:064x}", "application/pdf") for one in range(41)]
    large = take(node)
    monkeypatch.setattr(drafting, "DRAFT_FILES_BYTES", 10)

    for files in (many, [large]):
        with pytest.raises(TooLarge):
            save(node, *files)
