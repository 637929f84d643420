"""Legal periods counted on fingers: one day after the other, from the words of the law.

Nothing here comes from the product: the years are read from their files once more, and a period
is a walk through a list of days. It is slow and has no cases of its own.

Source: 民法典 201–203; 行政许可法 42, 45, 82.
"""

import random
import tomllib
from datetime import date, timedelta
from importlib import resources

FIRST, LAST = date(2004, 1, 1), date(2052, 12, 31)
DAYS = [FIRST + timedelta(index) for index in range((LAST - FIRST).days + 1)]


def read_years():
    """Return the days of rest that the files name, the made-up days, and the years they cover."""
    rest, made_up, years = set(), set(), set()
    for file in resources.files("onething.calendar").joinpath("data").iterdir():
        if not file.name.startswith("CN-"):
            continue
        content = tomllib.loads(file.read_text("utf-8"))
        years.add(content["year"])
        for holiday in content["holidays"]:
            made_up.update(holiday["make_up"])
            rest.update(day for day in DAYS if holiday["first"] <= day <= holiday["last"])
    return rest, made_up, years


REST, MADE_UP, YEARS = read_years()
OFFICES_WORK = [day in MADE_UP or (day.isoweekday() <= 5 and day not in REST) for day in DAYS]
YEAR_IS_KNOWN = [day.year in YEARS for day in DAYS]


def finger(day):
    """Return the place of a day in the list of days."""
    return (day - FIRST).days


def walk(at, kind, count, off):
    """Walk one period from the day of its event; return its last day and the day asked last."""
    while count:
        at += 1
        count -= at not in off and (kind != "WD" or OFFICES_WORK[at])
    asked = at
    if kind == "PN":
        asked += 1
    if kind != "WD":
        while asked in off or not OFFICES_WORK[asked]:
            asked += 1
    return (at if kind == "PN" else asked), asked


def last_day(clock):
    """Return the last day of a clock and whether a year without notice had a say in it."""
    off = {at for first, last in clock["pauses"] for at in range(finger(first), finger(last) + 1)}
    at, guessed = finger(clock["start"]), False
    legs = [list(leg) for leg in clock["legs"]]
    if clock["extension"]:
        kind, count = clock["extension"]
        if legs[-1][0] == kind:
            legs[-1][1] += count
        else:
            legs.append([kind, count])
    if legs[0][1] == 0:
        while at in off:
            at += 1
    for kind, count in legs:
        at, asked = walk(at, kind, count, off)
        guessed = guessed or not YEAR_IS_KNOWN[asked]
    return DAYS[at], guessed


def some_days(dice):
    """Draw a length: short ones often, up to two years sometimes."""
    return dice.choice((dice.randint(0, 7), dice.randint(1, 60), dice.randint(1, 500)))


def some_start(dice):
    """Draw a first day: any, or one near a turn of the year or a long holiday."""
    year = dice.randint(2004, 2030)
    anywhere = date(year, 1, 1) + timedelta(dice.randrange(365))
    near_the_turn = date(year, 12, 10) + timedelta(dice.randrange(22))
    before_a_holiday = date(year, dice.choice((1, 4, 9)), 1) + timedelta(dice.randrange(30))
    return dice.choice((anywhere, near_the_turn, before_a_holiday))


def some_clock(dice):
    """Draw a clock: a first day, limits in a row, pauses in any order and perhaps an extension."""
    start = some_start(dice)
    pauses = []
    for _ in range(dice.choice((0, 0, 1, 1, 2, 4))):
        first = max(FIRST, start + timedelta(dice.randint(-10, 120)))
        pauses.append((first, first + timedelta(dice.choice((0, dice.randrange(40))))))
    kinds = ("WD", "ND", "PN")
    return {
        "start": start,
        "legs": [(dice.choice(kinds), some_days(dice)) for _ in range(dice.choice((1, 1, 1, 2)))],
        "pauses": pauses,
        "extension": dice.choice((None, None, (dice.choice(kinds), dice.randint(1, 60)))),
    }


def clocks(seed, count):
    """Yield as many clocks as asked for, always the same ones for a seed."""
    dice = random.Random(seed)  # noqa: S311 - draws cases, keeps no secret
    for _ in range(count):
        yield some_clock(dice)
