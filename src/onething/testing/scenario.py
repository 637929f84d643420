"""Scenarios: plain files that say what is given, what people do and what must come of it."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from onething.errors import Finding, ModelRefused

_ROW = re.compile(r"\[\d+\]")
_STEPS = ("apply", "complete", "message", "withdraw", "after", "until", "claim", "retry")
_STEP_KEYS = frozenset((*_STEPS, "as", "data", "key", "service", "case", "inputs"))
_EXPECT_KEYS = frozenset(
    (
        "at_step",
        "open",
        "case",
        "item",
        "documents",
        "not_documents",
        "notices",
        "sent",
        "not_sent",
        "error",
        "variables",
        "incidents",
        "due",
        "clocks",
    )
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario as its file says it."""

    path: Path
    title: str
    rule: str
    service: str
    now: datetime
    given: Sequence[Mapping[str, Any]] = ()
    steps: Sequence[Mapping[str, Any]] = ()
    expect: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def refused(self) -> Mapping[str, Mapping[str, Any]]:
        """The paths of the fields whose refusal is expected, each with the step refused.

        Rows of a list share the path of their column: `heirs.idNo` for `heirs[0].idNo`.
        """
        errors = [one["error"] for one in self.expect if "error" in one]
        return {
            _ROW.sub("", field): self.steps[int(error["step"]) - 1]
            for error in errors
            for field in error.get("fields", ())
        }


def read(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        ModelRefused: The file is no scenario; the finding names what is wrong.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refused(path, "scenario-syntax", str(error)) from error
    missing = [name for name in ("title", "rule", "now", "step", "expect") if not raw.get(name)]
    if missing:
        raise _refused(path, "scenario-parts", f"{', '.join(missing)} missing")
    if not isinstance(raw["now"], datetime) or raw["now"].tzinfo is None:
        raise _refused(path, "scenario-now", "now is a date and time with its offset")
    for at, step in enumerate(raw["step"], 1):
        _check_step(path, at, step)
    for one in raw["expect"]:
        unknown = set(one) - _EXPECT_KEYS
        if unknown:
            raise _refused(path, "scenario-expect", f"unknown expectation {sorted(unknown)}")
    return Scenario(
        path=path,
        title=raw["title"],
        rule=raw["rule"],
        service=raw.get("service", path.parent.parent.name),
        now=raw["now"],
        given=tuple(one for given in raw.get("given", ()) for one in _given(path, given)),
        steps=tuple(raw["step"]),
        expect=tuple(raw["expect"]),
    )


def _given(path: Path, given: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what is given: itself, or each record of the file that it names beside the scenario."""
    if "file" not in given:
        yield given
        return
    try:
        text = (path.parent / str(given["file"])).read_text(encoding="utf-8")
        kinds = tomllib.loads(text, parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _refused(path, "scenario-given", f"{given['file']}: {error}") from error
    for kind, rows in kinds.items():
        yield from ({"record": kind, **row} for row in rows)


def _check_step(path: Path, at: int, step: Mapping[str, Any]) -> None:
    kinds = [name for name in _STEPS if name in step]
    if len(kinds) != 1:
        raise _refused(path, "scenario-step", f"step {at} is one of {', '.join(_STEPS)}")
    unknown = set(step) - _STEP_KEYS
    if unknown:
        raise _refused(path, "scenario-step", f"step {at}: unknown {sorted(unknown)}")


def _refused(path: Path, rule: str, message: str) -> ModelRefused:
    remedy = "See docs/authoring/scenarios.md."
    return ModelRefused([Finding(path.name, "", rule, message, remedy)])
