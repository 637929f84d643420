import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from onething import history
from onething.history import AccessLog, Reading

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def reading(case_no="case-a", **more) -> Reading:
    values = {
        "at": NOW,
        "actor": "wang",
        "page": "task",
        "purpose": "死亡注销户口",
        "case_no": case_no,
        "fields": ("dead.name", "dead.idNo"),
    }
    return Reading(**{**values, **more})


@pytest.fixture
def log(archive) -> AccessLog:
    return AccessLog(archive.database)


def kept(archive, **more):
    with archive.database.read() as conn:
        return list(history.readings(conn, **more))


def test_a_reading_is_on_disk_after_flushing(archive, log):
    log.record(reading(post="police.household@370502"))
    log.flush()

    ((number, one),) = kept(archive)

    assert number == 1
    assert (one.actor, one.post, one.case_no) == ("wang", "police.household@370502", "case-a")
    assert one.fields == ("dead.idNo", "dead.name")


def test_a_refused_reading_is_kept_too(archive, log):
    log.record(reading(is_allowed=False))
    log.flush()

    assert [one.is_allowed for _, one in kept(archive)] == [False]


def test_readings_are_found_by_case_newest_first(archive, log):
    for case_no in ("case-a", "case-b", "case-a"):
        log.record(reading(case_no))
    log.flush()

    assert [number for number, _ in kept(archive, case_no="case-a")] == [3, 1]
    assert [number for number, _ in kept(archive, before=3)] == [2, 1]


def test_many_threads_log_every_reading_in_one_chain(archive, log):
    def work():
        for _ in range(25):
            log.record(reading())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    log.flush()

    report = archive.verify()
    assert report.is_clean, report.faults
    assert report.readings == 100


def test_a_reading_that_could_not_be_written_is_written_later(archive, log):
    archive.tamper("ALTER TABLE access_log RENAME TO hidden")
    log.record(reading())
    with pytest.raises(DBAPIError):
        log.flush()
    archive.tamper("ALTER TABLE hidden RENAME TO access_log")

    log.flush()

    assert len(kept(archive)) == 1


def test_flushing_nothing_is_no_write(log):
    log.flush()


@pytest.mark.parametrize(
    ("statement", "kind", "place"),
    [
        ("UPDATE access_log SET actor = 'li' WHERE number = 2", "edited row", 2),
        ("UPDATE access_log SET is_allowed = false WHERE number = 3", "edited row", 3),
        ("DELETE FROM access_log WHERE number = 2", "deleted row", 2),
        ("DELETE FROM access_log WHERE number = 4", "deleted row", 4),
        ("DELETE FROM access_log", "deleted row", 1),
    ],
)
def test_verify_covers_the_log_of_readings(archive, log, statement, kind, place):
    for _ in range(4):
        log.record(reading())
    log.flush()
    archive.checkpoint()
    assert archive.verify().is_clean

    archive.tamper(statement)

    first = archive.verify().first
    assert (first.kind, first.chain, first.place) == (kind, "access_log", place)
