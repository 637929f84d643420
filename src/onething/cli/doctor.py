"""The command that examines a site and says what to do."""

import click

from onething.cli.examination import examine
from onething.cli.finding import Finding, Level
from onething.cli.output import as_json, show
from onething.errors import SettingsError
from onething.settings import load

_COLUMNS = ("check", "level", "found", "remedy")


@click.command()
@as_json
def doctor(*, as_json: bool) -> int:
    """Examine settings, keys, disk, scanner, database, clock and departments; change nothing.

    Exit code 1 where a check failed; warnings leave it 0.
    """
    try:
        findings = examine(load())
    except SettingsError as error:
        findings = [Finding("settings", Level.FAIL, error.message, "mend the setting")]
    show([_row(one) for one in findings], in_json=as_json, columns=_COLUMNS)
    return int(any(one.level is Level.FAIL for one in findings))


def _row(finding: Finding) -> dict[str, str | None]:
    return {
        "check": finding.check,
        "level": finding.level.value,
        "found": finding.found,
        "remedy": finding.remedy or None,
    }


COMMANDS = (doctor,)
