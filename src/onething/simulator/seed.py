"""The made-up people of Dongying that the simulator begins with."""

import tomllib
from decimal import Decimal
from importlib import resources

from onething.simulator.records import Records


def load_seed(records: Records) -> None:
    """Load ``seed.toml``: every person in it is invented, every number is of a test series."""
    text = (resources.files(__package__) / "seed.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text, parse_float=Decimal)
    with records.transaction():
        for kind, rows in data.items():
            records.load(kind, rows)
