"""Playing whole services: results, failures and coverage in sequence flows."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from onething.catalog import Catalog
from onething.definitions import Package
from onething.testing.player import Played, play
from onething.testing.scenario import Scenario, read
from onething.testing.world import Records, SimulatorApp

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Flow = tuple[str, str]
"""Process id and flow id."""


@dataclass(slots=True)
class Report:
    """What playing scenarios showed."""

    played: list[Played] = field(default_factory=list)
    flows: dict[str, set[Flow]] = field(default_factory=dict)
    """Every sequence flow that the played packages draw, by service."""

    @property
    def is_green(self) -> bool:
        """Whether every scenario came as expected."""
        return all(one.is_green for one in self.played)

    def taken(self) -> set[Flow]:
        """Return the flows that some scenario took."""
        return {flow for one in self.played for flow in one.flows}

    def uncovered(self, service: str) -> list[str]:
        """Return the service's flows that no scenario took, as `process/flow`."""
        missing = self.flows.get(service, set()) - self.taken()
        return sorted(f"{process}/{flow}" for process, flow in missing)

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "scenarios": [
                {
                    "service": one.scenario.service,
                    "name": one.scenario.name,
                    "title": one.scenario.title,
                    "rule": one.scenario.rule,
                    "failures": [str(failure) for failure in one.failures],
                }
                for one in self.played
            ],
            "coverage": {
                service: {
                    "flows": len(flows),
                    "taken": len(flows & self.taken()),
                    "uncovered": self.uncovered(service),
                }
                for service, flows in self.flows.items()
            },
        }

    def text(self) -> str:
        """Return the report for people."""
        lines = []
        for one in self.played:
            mark = "ok  " if one.is_green else "FAIL"
            lines.append(f"{mark} {one.scenario.service}/{one.scenario.name}  {one.scenario.title}")
            lines += [f"       {failure}" for failure in one.failures]
        failed = sum(not one.is_green for one in self.played)
        lines.append(f"{len(self.played)} scenarios, {failed} failed")
        for service, flows in self.flows.items():
            taken = len(flows & self.taken())
            lines.append(f"{service}: {taken} of {len(flows)} sequence flows taken")
            lines += [f"       not taken: {flow}" for flow in self.uncovered(service)[:40]]
        return "\n".join(lines)


class Player:
    """Plays the scenarios of services found on disk."""

    def __init__(self, catalog: Catalog, simulator: SimulatorApp, records: Records) -> None:
        self._catalog = catalog
        self._simulator = simulator
        self._records = records

    def scenarios(self, services: Sequence[str] = ()) -> list[Scenario]:
        """Read the scenarios of services, of all when none is named."""
        return [
            read(path)
            for code in services or self._catalog.codes()
            for path in sorted((self._catalog.folder(code) / "scenarios").glob("*.toml"))
        ]

    def play(self, scenario: Scenario, package: Package | None = None) -> Played:
        """Play one scenario, on another package than the one on disk where one is given."""
        packages = [package or self._catalog.package(scenario.service)]
        return play(scenario, packages, self._simulator, self._records)

    def play_all(self, services: Sequence[str] = (), processes: int = 1) -> Report:
        """Play every scenario of services and measure what they cover."""
        chosen = list(services) or self._catalog.codes()
        report = Report(flows={code: flows(self._catalog.package(code)) for code in chosen})
        scenarios = self.scenarios(chosen)
        if processes > 1:
            with ProcessPoolExecutor(processes) as pool:
                report.played = list(pool.map(self.play, scenarios))
        else:
            report.played = [self.play(one) for one in scenarios]
        return report


def flows(package: Package, folders: Iterable[str] | None = None) -> set[Flow]:
    """Return every sequence flow of a package's own diagrams.

    Args:
        package: The package.
        folders: Folders under `bpmn/` whose diagrams count; the service's own when None.
    """
    wanted = tuple(f"bpmn/{folder}/" for folder in folders or [package.code])
    found: set[Flow] = set()
    for path, data in package.ending(".bpmn").items():
        if path.startswith(wanted):
            found |= set(_flows_of(data))
    return found


def _flows_of(data: bytes) -> Iterable[Flow]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for process in etree.fromstring(data, parser).iter(f"{_BPMN}process"):
        for flow in process.iter(f"{_BPMN}sequenceFlow"):
            yield str(process.get("id")), str(flow.get("id"))
