"""Archived cases leave the database, and everything that proves them stays provable."""

import pytest
from sqlalchemy import delete, insert, text
from sqlalchemy.exc import DBAPIError

from onething import runtime
from onething.db import metadata
from onething.errors import CaseArchived, Conflict, HistoryBroken, NotFound
from onething.history import archives
from onething.identity import SYSTEM
from onething.runtime.operating.archive_cases import _sole, leaving_tables
from onething.runtime.turn import Turn
from unit.runtime.node import APPLICANT, CLERK


def flip(path, at: int = -20) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


def test_the_plan_tells_cases_and_bytes_by_month_and_changes_nothing(site, old):
    plan = runtime.foresee(site.host, site.host.clock())

    assert [(one.month, one.cases) for one in plan] == [("2024-03", 2), ("2024-04", 1)]
    assert all(one.size_bytes > 1_000 for one in plan)
    assert not site.folder.exists()
    assert len(site.events(old[0])) >= 2


def test_rows_leave_month_by_month_and_the_case_is_still_told_of(site, old):
    stages = site.archive()

    written = [one.month for one in stages if one.name == "recorded"]
    assert written == ["2024-03", "2024-04"]
    assert sorted(one.name for one in site.folder.glob("*.zst")) == [
        "2024-03-00001.jsonl.zst",
        "2024-04-00002.jsonl.zst",
    ]
    for case_no in old:
        assert [one.name for one in leaving_tables() if site.rows(one.name, case_no)] == []
        view = runtime.view_case(site.host, APPLICANT, case_no, "tracker")
        assert view.case.state == "ARCHIVED"
        assert view.items or not site.rows("item", case_no)


def test_cases_that_are_open_young_or_have_work_left_stay(site, old):
    running, young = site.start(idNo="370502198504129829"), site.ended()

    site.archive()

    assert site.events(running)
    assert site.events(young)
    assert runtime.replay(site.host, young).is_clean


def test_cases_that_a_subscription_was_not_told_of_stay_until_it_is_removed(site, old):
    url = "https://receiver.example.org/hook"
    made = runtime.subscribe(site.host, SYSTEM, url, after=0)

    assert site.archive() == []

    runtime.unsubscribe(site.host, SYSTEM, made.id)
    site.archive()
    assert not any(site.events(case_no) for case_no in old)


@pytest.mark.parametrize("state", ["queued", "relayed", "awaiting", "suspended"])
def test_cases_whose_calls_are_under_way_stay(site, old, state):
    row = {
        "instance_id": site.case(old[0]).instance_id,
        "effect_key": "9-9",
        "kind": "message",
        "operation": "told",
        "payload": b"",
        "state": state,
        "attempts": 0,
        "retries": 0,
        "round": 0,
        "department": "",
        "due_at": site.host.clock(),
        "created_at": site.host.clock(),
    }
    site.host.database.write(lambda conn: conn.execute(insert(metadata.tables["outbox"]), row))

    site.archive()

    assert site.events(old[0])
    assert not site.events(old[1])


def test_chains_and_checkpoints_hold_with_the_files(site, old):
    site.archive()

    report = site.verify()

    assert report.faults == []
    assert (report.archived, report.elsewhere, report.unproven) == (3, 0, 0)
    assert report.values == report.events >= 6


def test_chains_and_checkpoints_hold_by_their_heads_where_the_files_are_elsewhere(
    site, old, tmp_path
):
    site.archive()

    report = site.verify(tmp_path)

    assert report.faults == []
    assert (report.archived, report.elsewhere) == (0, 3)


def test_a_changed_file_is_named(site, old):
    site.archive()
    flip(site.folder / "2024-03-00001.jsonl.zst")

    report = site.verify()

    assert [one.kind for one in report.faults] == ["archive"]
    assert "2024-03-00001" in report.faults[0].chain


def test_another_head_in_the_database_is_named(site, old):
    site.archive()
    site.host.database.write(lambda conn: conn.execute(text("UPDATE archived SET sequence = 1")))

    report = site.verify()

    assert {one.kind for one in report.faults} >= {"archive", "deleted row"}


def test_a_restored_case_is_as_it_was_and_replays(site, old):
    before = {one.name: site.rows(one.name, old[0]) for one in leaving_tables()}
    state = site.case(old[0]).state
    site.archive()

    events = runtime.restore_archived(site.host, site.verifier, site.folder, old[0])

    assert {one.name: site.rows(one.name, old[0]) for one in leaving_tables()} == before
    assert events == len(before["event"])
    assert site.case(old[0]).state == state
    assert runtime.replay(site.host, old[0]).is_clean
    assert site.verify().faults == []


def test_a_restored_case_stays_for_a_while_and_is_archived_again(site, old):
    site.archive()
    runtime.restore_archived(site.host, site.verifier, site.folder, old[0])

    assert site.archive() == []
    site.world.clock.move_to(site.host.clock().replace(month=12))
    site.archive()

    assert site.rows("event", old[0]) == []
    assert site.verify().faults == []
    runtime.restore_archived(site.host, site.verifier, site.folder, old[0])
    assert runtime.replay(site.host, old[0]).is_clean


def test_a_case_that_is_not_archived_or_whose_file_is_gone_is_not_restored(site, old, tmp_path):
    with pytest.raises(NotFound, match="not archived"):
        runtime.restore_archived(site.host, site.verifier, site.folder, old[0])
    site.archive()

    with pytest.raises(NotFound, match="bring it there first"):
        runtime.restore_archived(site.host, site.verifier, tmp_path, old[0])


def test_nothing_is_restored_from_a_changed_file(site, old):
    site.archive()
    flip(site.folder / "2024-03-00001.jsonl.zst")

    with pytest.raises(HistoryBroken):
        runtime.restore_archived(site.host, site.verifier, site.folder, old[0])
    assert site.rows("event", old[0]) == []


def test_commands_on_an_archived_case_say_that_it_must_be_restored(site, old):
    site.archive()

    def command(conn):
        return Turn.on(site.host, conn, CLERK, instance_id).state

    instance_id = site.instance(old[0])
    with pytest.raises(CaseArchived):
        site.host.database.write(command)
    with pytest.raises(CaseArchived):
        runtime.retrace(site.host, APPLICANT, old[0])


def test_replay_leaves_archived_cases_out(site, old):
    site.archive()

    verdicts = list(runtime.replay_all(site.host))

    assert all(one.is_archived and one.is_clean for one in verdicts)


def test_the_database_refuses_to_let_events_go_that_are_not_archived(site, old):
    event = metadata.tables["event"]

    with pytest.raises(DBAPIError, match="append-only"):
        site.host.database.write(lambda conn: conn.execute(delete(event)))

    assert len(site.events(old[0])) >= 2


def test_nothing_leaves_where_the_file_does_not_read_back(site, old, monkeypatch):
    write = archives.write

    def damaged(path, *rest):
        told = write(path, *rest)
        flip(path)
        return told

    monkeypatch.setattr(archives, "write", damaged)
    with pytest.raises(HistoryBroken):
        site.archive()

    assert len(site.events(old[0])) >= 2
    monkeypatch.undo()
    site.archive()
    assert site.verify().faults == []


def test_only_one_archiving_runs_at_a_time(site, old):
    with _sole(site.folder), pytest.raises(Conflict, match="Another archiving"):
        site.archive()


def test_new_cases_go_on_behind_archived_ones(site, old):
    site.archive()

    case_no = site.start()
    runtime.complete(site.host, CLERK, site.task(case_no).id, {"check": {"finding": "属实"}})
    site.archive()

    assert runtime.replay(site.host, case_no).is_clean
    report = site.verify()
    assert (report.faults, report.unproven) == ([], 0)
