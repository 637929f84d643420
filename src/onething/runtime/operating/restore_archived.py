"""Bring an archived case back from its file."""

from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from onething import cases, history
from onething.db import metadata
from onething.errors import HistoryBroken, NotFound
from onething.history import Verifier, archives
from onething.history.archives import Archived
from onething.history.models import archive, archived
from onething.runtime.host import Host
from onething.runtime.operating.archive_cases import leaving_tables


def restore_archived(host: Host, verifier: Verifier, folder: Path, case_no: str) -> int:
    """Bring the rows of an archived case back; return how many events it has.

    Raises:
        NotFound: No such case, it is not archived, or its file is not in the folder.
        HistoryBroken: The file is not what its manifest says, or not what was archived.
    """
    with host.database.read() as conn:
        case = cases.get(conn, case_no)
        number = history.archive_of(conn, case.instance_id)
        if number is None:
            raise NotFound(f"The case {case_no} is not archived")
        row = conn.execute(select(archive).where(archive.c.number == number)).one()
    path = folder / row.file
    if not path.exists():
        raise NotFound(f"{row.file} is not in {folder}: bring it there first")
    manifest = archives.read_manifest(row.manifest.encode(), verifier)
    found = [one for one in archives.check(path, manifest) if one.instance_id == case.instance_id]
    if len(found) != 1:
        raise HistoryBroken(f"{row.file} does not hold {case_no}")
    host.database.write(lambda conn: _bring_back(host, conn, found[0], number))
    return len(found[0].rows.get("event", ()))


def _bring_back(host: Host, conn: Connection, one: Archived, number: int) -> None:
    is_its = (archived.c.instance_id == one.instance_id) & (archived.c.archive == number)
    query = select(archived.c.sequence, archived.c.hash, archived.c.restored_at).where(is_its)
    row = conn.execute(query.with_for_update()).one()
    if row.restored_at is not None:
        return
    if (row.sequence, row.hash) != one.head:
        raise HistoryBroken(f"The file holds another history of {one.instance_id}")
    conn.execute(update(archived).where(is_its).values(restored_at=host.clock()))
    for table in leaving_tables():
        if one.rows.get(table.name):
            conn.execute(insert(table), one.rows[table.name])
    for name, column in (("case", "state"), ("instance", "status")):
        table = metadata.tables[name]
        was = {column: one.rows[name][0][column]}
        conn.execute(update(table).where(table.c.instance_id == one.instance_id).values(**was))
