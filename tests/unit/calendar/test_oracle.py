"""Every due day that the product counts is the one that counting on fingers gives."""

from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from onething.calendar import load_default
from onething.clocks.ledger import Entry, Ledger
from unit.calendar.oracle import clocks, last_day

CALENDAR = load_default()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def ledger(clock):
    """Write a drawn clock down: pauses of known length, or entered and ended one by one."""
    entries = []
    for index, (first, last) in enumerate(clock["pauses"]):
        if index % 2:
            entries.append(Entry(0, "pause", first, reason=f"hearing {index}"))
            after = last + timedelta(days=1)
            entries.append(Entry(0, "resume", after, reason=f"hearing {index}"))
        else:
            entries.append(Entry(0, "exclusion", first, last))
    if clock["extension"]:
        kind, count = clock["extension"]
        entries.append(Entry(0, "extension", clock["start"], limit=f"{kind}({count})"))
    limit = "+".join(f"{kind}({count})" for kind, count in clock["legs"])
    return Ledger(clock["start"], limit, tuple(entries))


def differences(seed, count):
    """Yield the clocks on which the product and the oracle do not agree."""
    for clock in clocks(seed, count):
        found = ledger(clock).due(CALENDAR)
        if (found.on, found.provisional) != last_day(clock):
            yield clock, found, last_day(clock)


def test_twenty_thousand_clocks_end_on_the_day_that_fingers_count():
    assert list(islice(differences("short", 20_000), 3)) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_a_million_clocks_end_on_the_day_that_fingers_count(seed):
    assert list(islice(differences(seed, 50_000), 3)) == []


def test_a_clock_of_working_or_natural_days_is_over_at_midnight_after_its_last_day():
    drawn = [one for one in clocks("midnight", 2_000) if ledger(one).parts[-1].kind != "PN"]

    late = [ledger(one).due_at(CALENDAR, SHANGHAI).astimezone(SHANGHAI) for one in drawn]

    assert late == [midnight_after(last_day(one)[0]) for one in drawn]


def midnight_after(day: date):
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def test_the_clocks_that_are_drawn_reach_what_is_hard():
    drawn = list(clocks("short", 20_000))
    ends = [last_day(one) for one in drawn]

    assert sum(provisional for _, provisional in ends) > 1_000
    assert sum(bool(one["extension"]) for one in drawn) > 5_000
    assert sum(len(one["pauses"]) > 1 for one in drawn) > 5_000
    assert (
        sum(on.year > one["start"].year for one, (on, _) in zip(drawn, ends, strict=True)) > 5_000
    )
