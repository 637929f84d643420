from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from onething import history, instances, runtime
from onething.catalog import Catalog
from onething.db import metadata
from onething.history import Ed25519Signer, Ed25519Verifier, Report
from onething.runtime import Stage
from onething.settings import secret
from onething.simulator import Records, create_app
from onething.testing.world import World
from unit.runtime.node import CLERK, Node

MARCH = datetime(2024, 3, 18, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
AFTER = datetime(2026, 9, 28, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
PACKAGE = Path(__file__).parents[1] / "runtime" / "package"


class Site(Node):
    """A node with cases that ended long ago."""

    @property
    def folder(self) -> Path:
        return self.host.settings.archives

    @property
    def signer(self) -> Ed25519Signer:
        return Ed25519Signer(secret(self.host.settings, "checkpoint"))

    @property
    def verifier(self) -> Ed25519Verifier:
        return Ed25519Verifier(self.signer.public_key)

    def ended(self) -> str:
        """Open a case and let it end; return its number."""
        case_no = self.start()
        runtime.complete(self.host, CLERK, self.task(case_no).id, {"check": {"finding": "属实"}})
        return case_no

    def archive(self, **options) -> list[Stage]:
        """Archive what ended two years ago and longer; return the stages."""
        stages: list[Stage] = []
        before = self.host.clock() - timedelta(days=730)
        runtime.archive_cases(
            self.host, self.signer, self.verifier, self.folder, before, stages.append, **options
        )
        return stages

    def known(self, conn):
        return ((one.instance_id, one.sequence, one.hash) for one in instances.every(conn))

    def verify(self, folder: Path | None = None) -> Report:
        return history.verify(
            self.host.database,
            self.host.settings.checkpoints,
            self.verifier,
            self.host.keys,
            lambda conn: (
                (one.instance_id, one.sequence, one.hash) for one in instances.every(conn)
            ),
            folder or self.folder,
        )

    def rows(self, table: str, case_no: str) -> list[dict]:
        found = metadata.tables[table]
        instance_id = self.instance(case_no)
        with self.host.database.read() as conn:
            query = select(found).where(found.c.instance_id == instance_id)
            return [dict(row) for row in conn.execute(query).mappings()]


@pytest.fixture
def site() -> Iterator[Site]:
    with World(MARCH, create_app, Records) as world:
        world.deploy(Catalog([PACKAGE]).package("permit"))
        yield Site(world)


@pytest.fixture
def old(site) -> list[str]:
    """Three cases that ended in March and April 2024, told two and a half years later."""
    found = [site.ended(), site.ended()]
    site.world.clock.advance(timedelta(days=30))
    found.append(site.ended())
    site.world.clock.move_to(AFTER)
    return found
