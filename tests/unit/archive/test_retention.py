"""Values whose time is over are erased; histories, numbers and proofs stay."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError

from onething import runtime
from onething.db import metadata
from onething.errors import SettingsError
from onething.history import Reading
from onething.history.models import access_log, access_log_cut, erasure
from onething.identity import SYSTEM
from onething.settings import Settings, load
from unit.runtime.node import APPLICANT


@pytest.fixture
def kept_two_years(site, old):
    site.host.settings = replace(site.host.settings, retention_years="permit=2,letter=never")
    return old


def readings(site) -> int:
    with site.host.database.read() as conn:
        return conn.execute(select(func.count()).select_from(access_log)).scalar_one()


def read_in(site, months: int, count: int) -> None:
    """Log readings so many months ago."""
    at = site.host.clock() - timedelta(days=31 * months)
    for _ in range(count):
        site.host.access_log.record(Reading(at, "clerk", "case", "work"))
        site.host.access_log.flush()


def test_without_a_period_nothing_is_ever_erased(site, old):
    assert runtime.overdue(site.host) == []
    assert runtime.erase_overdue(site.host, SYSTEM) == 0


def test_the_dry_run_counts_and_changes_nothing(site, kept_two_years):
    (found,) = runtime.overdue(site.host)

    assert (found.service, found.years, found.cases) == ("permit", 2, 3)
    assert site.events(kept_two_years[0])[0].personal is not None


def test_values_are_gone_and_the_chain_still_proves_itself(site, kept_two_years):
    young = site.ended()

    erased = runtime.erase_overdue(site.host, SYSTEM)

    assert erased == 3
    assert {one.personal for one in site.events(kept_two_years[0])} == {None}
    report = site.verify()
    assert (report.faults, report.erased) == ([], 3)
    assert runtime.replay(site.host, kept_two_years[0]).is_erased
    assert runtime.replay(site.host, young).events > 0


def test_who_erased_and_why_is_recorded_and_the_case_names_nobody(site, kept_two_years):
    runtime.erase_overdue(site.host, SYSTEM)

    with site.host.database.read() as conn:
        rows = conn.execute(select(erasure)).mappings().all()
    assert {(row["actor"], row["reason"]) for row in rows} == {
        (SYSTEM.user, "permit: 2 years after the end")
    }
    case = site.case(kept_two_years[0])
    assert (case.title, case.submitted_by) == (case.name, "-")
    assert APPLICANT.user not in (case.title, case.submitted_by)


def test_values_in_an_archive_file_are_erased_with_the_key(site, kept_two_years):
    site.archive()

    erased = runtime.erase_overdue(site.host, SYSTEM)
    runtime.restore_archived(site.host, site.verifier, site.folder, kept_two_years[0])

    assert erased == 3
    assert {one.personal for one in site.events(kept_two_years[0])} == {None}
    assert site.verify().faults == []


def test_a_second_run_finds_nothing(site, kept_two_years):
    runtime.erase_overdue(site.host, SYSTEM)

    assert runtime.erase_overdue(site.host, SYSTEM) == 0


def test_contents_go_unless_another_case_holds_them(site, kept_two_years):
    own, shared = site.host.store.put(b"own"), site.host.store.put(b"shared")
    young = site.ended()

    def command(conn):
        for case_no, name in ((kept_two_years[0], own), (kept_two_years[0], shared)):
            conn.execute(metadata.tables["material"].insert(), material(case_no, name))
        conn.execute(metadata.tables["material"].insert(), material(young, shared))

    def material(case_no, name):
        return {
            "instance_id": site.instance(case_no),
            "id": name[:8],
            "sha256": name,
            "size_bytes": 3,
            "type": "text/plain",
            "trust": "C",
            "source": "upload",
            "given_by": "zhang",
            "at": site.host.clock(),
            "state": "given",
        }

    site.host.database.write(command)
    runtime.erase_overdue(site.host, SYSTEM)

    assert (site.host.store.holds(own), site.host.store.holds(shared)) == (False, True)


def test_old_readings_go_and_the_rest_of_their_chain_is_proved(site):
    read_in(site, 50, 4)
    read_in(site, 1, 2)
    site.archive()

    dropped = runtime.drop_old_readings(site.host, SYSTEM)

    assert (dropped, readings(site)) == (4, 2)
    assert site.verify().faults == []
    read_in(site, 0, 1)
    assert site.verify().faults == []
    assert runtime.drop_old_readings(site.host, SYSTEM) == 0


def test_the_newest_reading_stays_however_old(site):
    read_in(site, 50, 3)

    assert runtime.drop_old_readings(site.host, SYSTEM) == 2
    assert readings(site) == 1
    read_in(site, 0, 1)
    assert site.verify().faults == []


def test_a_forged_cut_is_found(site):
    read_in(site, 50, 3)
    row = {"number": 2, "hash": b"x" * 32, "until": site.host.clock(), "at": site.host.clock()}

    def forge(conn):
        conn.execute(access_log_cut.insert(), {**row, "actor": "mallory"})
        conn.execute(delete(access_log).where(access_log.c.number <= 2))

    site.host.database.write(forge)

    assert [one.chain for one in site.verify().faults] == ["access_log"]


def test_the_database_refuses_to_let_young_readings_go(site):
    read_in(site, 50, 3)
    runtime.drop_old_readings(site.host, SYSTEM)

    with pytest.raises(DBAPIError, match="append-only"):
        site.host.database.write(lambda conn: conn.execute(delete(access_log)))


@pytest.mark.parametrize("text", ["after-death", "after-death=soon", "after-death=0", "=3"])
def test_a_period_that_is_none_is_refused(text):
    with pytest.raises(SettingsError, match="retention_years"):
        load({"ONETHING_RETENTION_YEARS": text})


def test_periods_are_read_by_service():
    settings = Settings(retention_years=" after-death = 30, adoption-registration=never ")

    assert settings.retention == {"after-death": 30}
