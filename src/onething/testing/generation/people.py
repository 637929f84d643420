"""Made-up people in the place of a scenario's: valid numbers of the test series, made-up names."""

import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from onething.forms.rules.identity_number import check_character
from onething.runtime.cases.opening import masked

FAMILY_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN_NAMES = "安宁和平新春远山清河广田长林晓月嘉禾文竹青松"
_NUMBER = re.compile(r"\d{6}(19|20)\d{9}[\dX]", re.ASCII)
_TEST_SERIES = 980
"""Order numbers 980 to 999 of a day are given to nobody; the simulator's people have them too."""
_ORDERS = 5
_DAYS = 28
_MONTHS = 12
PLACES = 2
"""So many processes may make people up and never meet."""


def made_up_name(random: Random) -> str:
    """Return a name of two or three characters."""
    given = random.sample(GIVEN_NAMES, random.choice((1, 2)))
    return random.choice(FAMILY_NAMES) + "".join(given)


def made_up_title(service: str, random: Random) -> str:
    """Return the title of a case as its list shows it."""
    return f"{service} · {masked(made_up_name(random))}"


def recast(value: Any, random: Random, place: int = 0) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value in which every person is another one, the same one throughout.

    Division, sex and year of birth stay, so that most scenarios end as they did. People made up
    at one place are never those of another.
    """
    cast: dict[str, str] = {}
    for one in _people(value):
        _cast(one, cast, random, place)
    return _replaced(value, cast)


def _people(value: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        if isinstance(value.get("idNo"), str) and _NUMBER.fullmatch(value["idNo"]):
            yield value
        for part in value.values():
            yield from _people(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _people(part)


def _cast(one: Mapping[str, Any], cast: dict[str, str], random: Random, place: int) -> None:
    old = one["idNo"]
    if old not in cast:
        cast[old] = _number(old, random, place)
    name = one.get("name")
    if isinstance(name, str) and name and name not in cast:
        cast[name] = made_up_name(random)
    if isinstance(one.get("birth"), str):
        cast[one["birth"]] = f"{cast[old][6:10]}-{cast[old][10:12]}-{cast[old][12:14]}"


def _number(old: str, random: Random, place: int) -> str:
    order = _TEST_SERIES + 2 * (PLACES * random.randrange(_ORDERS) + place) + int(old[16]) % 2
    month, day = random.randint(1, _MONTHS), random.randint(1, _DAYS)
    first_17 = f"{old[:10]}{month:02d}{day:02d}{order}"
    return first_17 + check_character(first_17)


def _replaced(value: Any, cast: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return cast.get(value, value)
    if isinstance(value, Mapping):
        return {name: _replaced(part, cast) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(part, cast) for part in value]
    return value
